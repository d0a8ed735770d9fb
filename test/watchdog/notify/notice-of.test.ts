import { describe, expect, it } from "vitest";
import { commandsFor } from "../../../cli/commands/index.ts";
import { parseCommandLine } from "../../../cli/program.ts";
import type { Entry } from "../../../src/watchdog/model/entry.ts";
import { noticeOf } from "../../../src/watchdog/notify/notice-of.ts";
import { tamperingNotice } from "../../../src/watchdog/notify/tampering-notice.ts";
import * as entries from "../../support/notices/notice-entries.ts";

const { nameOf, PLACE, TAMPERING, held, warned } = entries;
const notice = (entry: Entry) => noticeOf(entry, nameOf, PLACE);

/** One entry of each sort that is announced. */
const ALL: readonly Entry[] = [
  entries.stopped,
  entries.unconfirmed,
  warned(80),
  held(1),
  entries.spent,
  entries.paused,
  entries.resumed,
  entries.pushed,
  entries.fellBack,
  entries.granted,
  entries.ending,
  entries.acknowledged,
  entries.loop,
  entries.undone,
];

/** A command line as a shell takes it apart. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");

describe("noticeOf()", () => {
  it("says of a stop which run of which Actor, by its name, why, at what cost, and where to look", () => {
    const { title, text, facts, run, actor, task, outcome } = notice(entries.stopped);
    expect(title).toBe("STOPPED: acme/shop-products, run iOIRSSnkEYKwhMeAJ (no-run-over-5-usd)");
    expect(text).toBe("ABORTED at $5.19, $0.19 over the limit");
    expect(run?.url).toBe("https://console.apify.com/actors/runs/iOIRSSnkEYKwhMeAJ");
    expect(actor).toEqual({ id: "hG7kPq2LmN4vX8sYz", name: "acme/shop-products" });
    expect(task?.name).toBe("shop-eu");
    expect(outcome).toEqual({ finalUsageTotalUsd: 5.19, overshootUsd: 0.19 });
    expect(facts).toContainEqual({
      name: "Actor",
      value: "acme/shop-products (hG7kPq2LmN4vX8sYz), task shop-eu (tA5kS2hOpEu7RunAl)",
    });
    expect(facts).toContainEqual({
      name: "Measured",
      value: "cost $5.12 of $5.00, read 2026-11-24 12:01 UTC",
    });
  });

  it("goes by the id where a name is not known", () => {
    expect(notice(held(1)).title).toBe(
      "HELD: Actor Zk3mT9bQwE5rUy1oP, run held0000000000001 (no-run-over-5-usd)",
    );
    expect(notice(held(1)).actor).toEqual({ id: "Zk3mT9bQwE5rUy1oP" });
  });

  it("names the Actor of a budget and of an exemption in its sentences, and keeps the ids for programs", () => {
    const budget = notice(entries.spent);
    expect(budget.title).toBe("SPENT: budget shop-monthly of Actor acme/shop-products");
    expect(budget.text).toContain("Actor acme/shop-products spent $301.40 of $300.00 a month");
    expect(budget.evidence?.budget?.group).toBe("hG7kPq2LmN4vX8sYz");
    const ending = notice(entries.ending);
    expect(ending.title).toBe("EXEMPTION ENDING: actor acme/shop-products");
    expect(ending.change?.subject).toEqual({ kind: "actor", id: "hG7kPq2LmN4vX8sYz" });
  });

  it("says of a pause without an end that it has none, and how to end it", () => {
    const { title, facts, command } = notice(entries.paused);
    expect(title).toBe("PAUSED: nothing is stopped until somebody resumes");
    expect(facts).toContainEqual({
      name: "Until",
      value: "somebody resumes: this pause has no end of its own",
    });
    expect(command).toBe(
      'npx apify-run-watchdog resume --reason "…" --stack RunWatchdog-acme --account acme',
    );
  });

  it("says of an attention that somebody quieted which one, until when, who and why", () => {
    const { title, text, facts } = notice(entries.acknowledged);
    expect(title).toBe("QUIETED: weaker:pause until 2026-11-27 12:00 UTC");
    expect(text).toContain("weaker:pause: migration until 2026-11-27 12:00");
    expect(facts).toEqual(
      expect.arrayContaining([
        { name: "Reason", value: "migration" },
        { name: "By", value: "arn:aws:sts::123456789012:assumed-role/ops/ann" },
      ]),
    );
  });

  it("leaves a pushed document out, which is in the audit", () => {
    expect(notice(entries.pushed).change).toEqual({
      version: 4,
      previousVersion: 3,
      reason: "shop relaunch",
    });
  });

  it.each([...ALL.map(notice), tamperingNotice(TAMPERING, PLACE)])(
    "prints a command that the command line takes, with the stack in it: $title",
    async ({ command = "", facts }) => {
      expect(facts.map(({ value }) => value)).toContain(command);
      const [npx, program, ...argv] = wordsOf(command);
      expect([npx, program]).toEqual(["npx", "apify-run-watchdog"]);
      const parsed = await parseCommandLine(argv, await commandsFor(argv), { columns: 80, version: "1.0.0" });
      expect(parsed).toMatchObject({ kind: "run" });
      const { args } = parsed as Extract<typeof parsed, { kind: "run" }>;
      expect([args.text("stack"), args.text("account")]).toEqual(["RunWatchdog-acme", "acme"]);
    },
  );

  it("names no account where a stack has the usual one, and no stack where none is known", () => {
    const ofDefault = noticeOf(entries.paused, nameOf, { account: "default", stack: "RunWatchdog" });
    expect(ofDefault.command).toBe('watchdog resume --reason "…" --stack RunWatchdog');
    expect(noticeOf(entries.paused, nameOf, { account: "acme" }).command).toBe(
      'watchdog resume --reason "…"',
    );
  });

  it.each(ALL.map(notice))("never says undefined: $title", (each) => {
    expect(JSON.stringify(each)).not.toMatch(/undefined|null/);
  });
});
