import { describe, expect, it } from "vitest";
import { mailOf } from "../../../src/adapters/notify/mail.ts";
import { slackMessage } from "../../../src/adapters/notify/slack-message.ts";
import type { Notice } from "../../../src/watchdog/model/notice.ts";
import { DigestTally } from "../../../src/watchdog/notify/digest.ts";
import { digestNotice } from "../../../src/watchdog/notify/digest-notice.ts";
import { gathered } from "../../../src/watchdog/notify/gather.ts";
import { noticeOf } from "../../../src/watchdog/notify/notice-of.ts";
import { tamperingNotice } from "../../../src/watchdog/notify/tampering-notice.ts";
import * as entries from "../../support/notices/notice-entries.ts";

const { nameOf, PLACE, held, warned } = entries;
const notice = (entry: Parameters<typeof noticeOf>[0]): Notice => noticeOf(entry, nameOf, PLACE);

function digest(): Notice {
  const tally = new DigestTally();
  const { stopped, unconfirmed, spent, paused, pushed } = entries;
  for (const entry of [pushed, warned(80), held(1), held(2), stopped, unconfirmed, spent, paused])
    tally.note({ ...entry, ...(entry === unconfirmed && { intentId: "another" }) });
  const from = new Date("2026-11-24T07:00:00.000Z");
  return digestNotice(tally.digest(from, new Date("2026-11-25T07:00:00.000Z")), nameOf, PLACE);
}

/** Each message as people get it is kept as a file: a change of a word shows in a review. */
const MESSAGES: Readonly<Record<string, readonly Notice[]>> = {
  stopped: [notice(entries.stopped)],
  unconfirmed: [notice(entries.unconfirmed)],
  warned: [notice(warned(80))],
  held: [notice(held(1))],
  spent: [notice(entries.spent)],
  paused: [notice(entries.paused)],
  resumed: [notice(entries.resumed)],
  pushed: [notice(entries.pushed)],
  "fell-back": [notice(entries.fellBack)],
  granted: [notice(entries.granted)],
  ending: [notice(entries.ending)],
  undone: [notice(entries.undone)],
  tampered: [tamperingNotice(entries.TAMPERING, PLACE)],
  digest: [digest()],
  bundle: [notice(warned(80)), notice(held(1)), notice(held(2))],
  crowd: [...gathered([notice(warned(80)), ...[1, 2, 3, 4].map((each) => notice(held(each)))], PLACE)],
};

const kept = (file: string): string => `../../notices/${file}`;

describe.each(Object.entries(MESSAGES))("a notice: %s", (name, notices) => {
  it("is this mail", async () => {
    const { subject, text } = mailOf(notices);
    await expect(`Subject: ${subject}\n\n${text}\n`).toMatchFileSnapshot(kept(`${name}.mail.txt`));
  });

  it("is this message in Slack", async () => {
    const message = JSON.stringify(slackMessage(notices), null, 2);
    await expect(`${message}\n`).toMatchFileSnapshot(kept(`${name}.slack.json`));
  });

  it("is this detail of an event, and body of a webhook", async () => {
    if (notices.length > 1) return;
    await expect(`${JSON.stringify(notices[0], null, 2)}\n`).toMatchFileSnapshot(kept(`${name}.event.json`));
  });
});

describe("mailOf()", () => {
  it("has a subject that Amazon SNS takes, whatever a name is made of", () => {
    const odd = { ...notice(entries.stopped), title: `STOPPED: Ünïcode\n${"x".repeat(200)}` };
    const { subject } = mailOf([odd]);
    expect(subject).toMatch(/^[ -~]{1,99}$/);
    expect(subject).toMatch(/^\[acme\] STOPPED: \?n\?code\?x+$/);
  });

  it("shows ten of many in full, some more with a line each, and counts the rest", () => {
    const { subject, text } = mailOf(Array.from({ length: 80 }, (_none, index) => notice(held(index))));
    expect(subject).toBe("[acme] 80 notices: 80 HELD");
    expect(text.match(/^To exempt /gm)).toHaveLength(10);
    expect(text.match(/^HELD: Actor Zk3mT9bQwE5rUy1oP, run held/gm)).toHaveLength(60);
    expect(text).toContain("and 20 more, which are in the audit");
  });
});

describe("slackMessage()", () => {
  const textsIn = (message: ReturnType<typeof slackMessage>): readonly string[] =>
    message.blocks.flatMap((block) => ("text" in block ? block.text.text : []));

  it("calls nobody and links nowhere, whatever a text says", () => {
    const bad = { ...notice(entries.stopped), text: "<!channel> <https://evil.example|here> & `rm`" };
    const message = slackMessage([bad]);
    expect(textsIn(message).join("\n")).toContain(
      "&lt;!channel&gt; &lt;https://evil.example|here&gt; &amp; `rm`",
    );
    for (const block of message.blocks) if ("text" in block) expect(block.text.verbatim).toBe(true);
  });

  it("stays within what Slack takes: 50 blocks, 3,000 characters each, however much there is", () => {
    const much = Array.from({ length: 200 }, (_none, index) => {
      const base = notice(held(index));
      return {
        ...base,
        title: "&".repeat(5_000),
        text: "<".repeat(5_000),
        facts: [...base.facts, ...base.facts].map((fact) => ({ ...fact, value: ">".repeat(4_000) })),
      };
    });
    const message = slackMessage(much);
    expect(message.blocks.length).toBeLessThanOrEqual(50);
    for (const text of textsIn(message)) expect(text.length).toBeLessThanOrEqual(3_000);
    expect(textsIn(message).at(-1)).toContain("… and more, which is in the audit");
  });

  it("stays within what Slack takes of all blocks together, and says that there is more", () => {
    const message = slackMessage(Array.from({ length: 40 }, (_none, index) => notice(held(index))));
    expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(12_000);
    const texts = textsIn(message);
    expect(texts[0]).toContain("40 notices: 40 HELD");
    expect(texts.at(-1)).toContain("… and more, which is in the audit");
  });
});
