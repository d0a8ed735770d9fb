import { describe, expect, it } from "vitest";
import { mailOf } from "../../../src/adapters/notify/mail.ts";
import { slackMessage } from "../../../src/adapters/notify/slack-message.ts";
import { ENTRY_KINDS, type Entry, type EntrySubject } from "../../../src/watchdog/model/entry.ts";
import { knownNames } from "../../../src/watchdog/notify/known-names.ts";
import { noticeOf } from "../../../src/watchdog/notify/notice-of.ts";
import { tamperingNotice } from "../../../src/watchdog/notify/tampering-notice.ts";
import { actingIn, HOSTILE } from "../../support/hostile.ts";
import { PLACE } from "../../support/notices/notice-entries.ts";

const from = "2026-11-01T00:00:00.000Z";
const SUBJECTS = (text: string): readonly EntrySubject[] => [
  { kind: "run", runId: text, life: 0 },
  { kind: "budget", ruleId: text, group: text, from },
  { kind: "control" },
];

/** An entry of whose every word is the text. */
const entryOf = (text: string, kind: Entry["kind"], subject: EntrySubject): Entry => ({
  entryId: text,
  kind,
  at: from,
  account: text,
  chain: text,
  sequence: 1,
  previous: text,
  subject,
  runId: text,
  actorId: text,
  actorTaskId: text,
  ruleId: text,
  step: { at: 100, do: text },
  mode: text,
  policyVersion: 1,
  guard: text,
  owner: text,
  next: text,
  overrule: text,
  by: text,
  response: text,
  reason: text,
  run: { status: text, startedAt: from },
  evidence: {
    metric: text,
    measured: 7,
    limit: 5,
    unit: text,
    observedAt: text,
    source: text,
    basis: text,
    ...(subject.kind === "budget" && { budget: { per: text, each: text, group: text, from, to: from } }),
  },
  change: { subject: { kind: "run", id: text }, until: from, owner: text, reason: text, grantedFor: text },
});

/** The notice of an entry whose Actors and tasks are called so, too. */
async function noticeWith(text: string, entry: Entry) {
  const names = new Map([[text, { name: text, readAt: new Date(from) }]]);
  const nameOf = await knownNames({ readNames: async () => names }, [entry], () => undefined);
  return noticeOf(entry, nameOf, PLACE);
}

const textsIn = (value: unknown): readonly string[] =>
  typeof value === "string"
    ? [value]
    : value && typeof value === "object"
      ? Object.values(value).flatMap(textsIn)
      : [];

describe("a notice", () => {
  it.each(HOSTILE)("does nothing to who reads it, of a text that would %s", async (_what, text) => {
    for (const kind of ENTRY_KINDS) {
      for (const [at, subject] of SUBJECTS(text).entries()) {
        const plain = mailOf([await noticeWith("x", entryOf("x", kind, SUBJECTS("x")[at] ?? subject))]);
        const notice = await noticeWith(text, entryOf(text, kind, subject));
        const mail = mailOf([notice]);
        expect(actingIn(mail.text)).toEqual([]);
        expect(mail.text.split("\n"), "no line but ours").toHaveLength(plain.text.split("\n").length);
        expect(mail.subject).toMatch(/^[ -~]{1,99}$/);
        expect(textsIn(slackMessage([notice])).flatMap((each) => actingIn(each))).toEqual([]);
      }
    }
  });

  it.each(HOSTILE)(
    "of a tampering does nothing, though its author wrote a text that would %s",
    (_what, text) => {
      const was = { entryId: text, kind: text, hash: text };
      const tampering = {
        id: "1",
        change: "changed",
        at: from,
        chain: text,
        sequence: 1,
        was,
        hashNow: text,
      } as const;
      expect(actingIn(mailOf([tamperingNotice(tampering, PLACE)]).text)).toEqual([]);
    },
  );

  it("stays small enough to be sent, however long a text of the entry is", async () => {
    const text = "x".repeat(300_000);
    for (const subject of SUBJECTS("x")) {
      const notice = await noticeWith(text, entryOf(text, "step.notified", subject));
      expect(mailOf([notice]).text.length).toBeLessThan(40_000);
      expect(JSON.stringify(notice).length).toBeLessThan(60_000);
    }
  });

  it("has a command that a shell takes for one, whatever an id is made of", async () => {
    const { runId: _none, ...granted } = entryOf("x", "exemption.granted", { kind: "control" });
    const change = { subject: { kind: "actor", id: "x'; rm -rf ~; '" } };
    const { command } = await noticeWith("x", { ...granted, change });
    expect(command).toBe(
      String.raw`npx apify-run-watchdog exempt end --actor 'x'\''; rm -rf ~; '\''' --reason "…" --stack RunWatchdog-acme --account acme`,
    );
  });
});
