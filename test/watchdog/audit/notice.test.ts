import { describe, expect, it } from "vitest";
import { noticeOf } from "../../../src/watchdog/audit/notice.ts";
import { ENTRY_KINDS, type Entry, type EntrySubject } from "../../../src/watchdog/model/entry.ts";
import { actingIn, HOSTILE } from "../../support/hostile.ts";

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

describe("noticeOf()", () => {
  it.each(HOSTILE)("is a mail that does nothing, of a text that would %s", (_what, text) => {
    for (const kind of ENTRY_KINDS) {
      const plain = SUBJECTS("x").map(
        (subject) => noticeOf(entryOf("x", kind, subject)).text.split("\n").length,
      );
      for (const [at, subject] of SUBJECTS(text).entries()) {
        const notice = noticeOf(entryOf(text, kind, subject));
        expect(actingIn(notice.text)).toEqual([]);
        expect(notice.text.split("\n"), "no line but ours").toHaveLength(plain[at] ?? 0);
        expect(notice.subject).toMatch(/^[ -~]{1,100}$/);
      }
    }
  });

  it("stays small enough to be sent, however long a text of the entry is", () => {
    for (const subject of SUBJECTS("x")) {
      const { text } = noticeOf(entryOf("x".repeat(300_000), "step.notified", subject));
      expect(text.length).toBeLessThan(40_000);
    }
  });
});

describe("the notice of what stops nothing any more", () => {
  const control = (kind: Entry["kind"], change: Record<string, unknown>): Entry => ({
    ...{ entryId: "e1", kind, at: "2026-11-25T10:00:00.000Z", subject: { kind: "control" } },
    ...{ by: "ann", change, account: "acme", chain: "control", sequence: 1, previous: "0" },
  });

  it("says of a pause who said so, that it has no end, and how to end it", () => {
    const { subject, text } = noticeOf(control("control.paused", { reason: "migration" }));
    expect(subject).toBe("[acme] PAUSED: every run");
    expect(text).toMatch(
      /Stops +nothing of every run\nUntil +somebody ends it\nBy +ann\nReason +migration\nEnd it +watchdog resume/,
    );
  });

  it("says of an exemption which rule, until when and whose", () => {
    const change = {
      subject: { kind: "rule", id: "r1" },
      until: "2026-11-26T00:00:00.000Z",
      owner: "bo",
      reason: "prices",
    };
    const { subject, text } = noticeOf(control("exemption.granted", change));
    expect(subject).toBe("[acme] EXEMPTED: rule r1");
    expect(text).toMatch(
      /Until +2026-11-26T00:00:00.000Z\nOwner +bo\nBy +ann[\s\S]*watchdog exempt end --rule r1/,
    );
  });
});
