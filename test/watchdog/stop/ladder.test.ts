import { describe, expect, it } from "vitest";
import type { OpenIntent } from "../../../src/watchdog/model/control.ts";
import type { Look, Move } from "../../../src/watchdog/stop/ladder.ts";
import { at, MINUTE } from "../../support/builders.ts";
import { CONDEMNED, FORBIDDEN, found, move, UNKNOWN } from "./moving.ts";

const kind = (...args: Parameters<typeof move>): Move["kind"] => move(...args).kind;
const ours = (secs: number): OpenIntent["claim"] => ({ tickId: "tick-now", until: at(secs) });
const theirs = (secs: number): OpenIntent["claim"] => ({ tickId: "tick-before", until: at(secs) });
const now: Partial<OpenIntent> = { step: { at: 100, do: "abort-now" } };

describe("nextMove() before any call is known to have been taken", () => {
  it.each([
    ["with time left for a call", ours(10), "call"],
    ["with too little time left for a call", ours(9.999), "claim"],
    ["ours and over", ours(-1), "claim"],
    ["another tick's and not over", theirs(0.001), "wait"],
    ["another tick's and over", theirs(0), "claim"],
  ])("on a claim %s", (_what, claim, expected) => {
    expect(kind({ claim })).toBe(expected);
  });

  it.each(["READY", "RUNNING"])("calls for a run that is %s", (status) => {
    expect(kind({}, found(status))).toBe("call");
  });

  it("calls again after a refusal or a lost answer", () => {
    expect(kind({ callSent: true })).toBe("call");
  });

  it("calls without grace where the step says so, once, and with grace after that", () => {
    expect(kind(now)).toBe("force");
    expect(kind({ ...now, forcedAt: at(-5), forceAnswered: true, callSent: true })).toBe("call");
    expect(kind({ ...now, claim: theirs(5) })).toBe("wait");
  });

  it("withdraws what is forbidden now, and says why", () => {
    expect(move({}, found("RUNNING"), { standing: FORBIDDEN })).toEqual({
      kind: "close",
      closing: "abort.withdrawn",
      reason: "pause now protects the run",
    });
  });

  it("never withdraws once a call may have left", () => {
    expect(kind({ callSent: true }, found("RUNNING"), { standing: FORBIDDEN })).toBe("wait");
    expect(kind({ ...now, forcedAt: at(-5) }, found("RUNNING"), { standing: FORBIDDEN })).toBe("wait");
  });

  it("does not withdraw while another tick's claim lasts, for its call may be on its way", () => {
    expect(kind({ claim: theirs(5) }, found("RUNNING"), { standing: FORBIDDEN })).toBe("wait");
  });

  it("waits where it can't tell whether the run is condemned", () => {
    expect(kind({}, found("RUNNING"), { standing: UNKNOWN })).toBe("wait");
  });

  it.each([CONDEMNED, FORBIDDEN, UNKNOWN])(
    "notes a lost answer where the run is ABORTING, when it is $kind",
    (standing) => {
      expect(kind({}, found("ABORTING"), { standing })).toBe("note-lost");
    },
  );

  it("notes no lost answer of a call that it never sent, for a run that was ABORTING when it was promised", () => {
    expect(kind(now, found("ABORTING"))).not.toBe("note-lost");
  });

  it("forces a run that hangs in TIMING-OUT, which Apify's platform says can be aborted", () => {
    expect(kind(now, found("TIMING-OUT"))).toBe("force");
  });

  it.each(["TIMING-OUT", "A-STATUS-OF-TOMORROW"])("waits while the run is %s", (status) => {
    expect(kind({}, found(status))).toBe("wait");
  });

  it("raises the alarm once where it can only wait for too long", () => {
    const stuck = { at: at(-5 * MINUTE), claim: theirs(5) };
    expect(kind(stuck)).toBe("alarm");
    expect(kind({ ...stuck, at: at(-5 * MINUTE + 0.001) })).toBe("wait");
    expect(kind({ ...stuck, unconfirmedAt: at(-1) })).toBe("wait");
  });

  it("goes on calling where nothing was sent yet, however late", () => {
    expect(kind({ at: at(-10 * MINUTE) })).toBe("call");
  });

  it("raises the alarm once about calls that keep failing, and goes on calling", () => {
    const failing = { at: at(-5 * MINUTE), callSent: true };
    expect(kind(failing)).toBe("alarm");
    expect(kind({ ...failing, unconfirmedAt: at(-1) })).toBe("call");
  });
});

describe("nextMove() after a call is known to have been taken", () => {
  const requested = (secs: number, more: Partial<OpenIntent> = {}): Partial<OpenIntent> => ({
    callSent: true,
    at: at(-secs - 1),
    requestedAt: at(-secs),
    ...more,
  });

  it.each([
    [0, "wait"],
    [59.999, "wait"],
    [60, "force"],
    [299, "force"],
    [3_600, "force"],
  ])("%d s later, a run that is still ABORTING: %s", (secs, expected) => {
    expect(kind(requested(secs), found("ABORTING"))).toBe(expected);
  });

  it.each(["READY", "RUNNING", "ABORTING"])("forces a run that is still %s", (status) => {
    expect(kind(requested(60), found(status))).toBe("force");
  });

  it("never calls gracefully again", () => {
    expect(kind(requested(10), found("RUNNING"))).toBe("wait");
  });

  it("forces once", () => {
    expect(kind(requested(120, { forcedAt: at(-60), forceAnswered: true }), found("ABORTING"))).toBe("wait");
  });

  it("keeps a promise to force that nobody answered, once the claim of who made it is over", () => {
    const promised = requested(120, { forcedAt: at(-60) });
    expect(kind({ ...promised, claim: theirs(5) }, found("ABORTING"))).toBe("wait");
    expect(kind({ ...promised, claim: theirs(0) }, found("ABORTING"))).toBe("claim");
    expect(kind({ ...promised, claim: ours(20) }, found("ABORTING"))).toBe("force");
    expect(kind({ ...promised, claim: ours(20) }, found("ABORTED"))).toBe("close");
  });

  it.each([FORBIDDEN, UNKNOWN])("does not force while it is $kind", (standing) => {
    expect(kind(requested(120), found("ABORTING"), { standing })).toBe("wait");
  });

  it.each([CONDEMNED, FORBIDDEN, UNKNOWN])("never withdraws, though it is $kind", (standing) => {
    expect(move(requested(10), found("RUNNING"), { standing })).toEqual({ kind: "wait" });
  });

  it("does not force what is timing out", () => {
    expect(kind(requested(120), found("TIMING-OUT"))).toBe("wait");
  });

  it("raises the alarm once, after the forced call and where none is allowed", () => {
    const forced = requested(300, { forcedAt: at(-240), forceAnswered: true });
    expect(kind(forced, found("ABORTING"))).toBe("alarm");
    expect(kind({ ...forced, unconfirmedAt: at(-1) }, found("ABORTING"))).toBe("wait");
    expect(kind(requested(300), found("ABORTING"), { standing: FORBIDDEN })).toBe("alarm");
    expect(kind(requested(299.999, { forcedAt: at(-200), forceAnswered: true }), found("ABORTING"))).toBe(
      "wait",
    );
  });

  it("forces before it alarms where both are due", () => {
    expect(kind(requested(600), found("ABORTING"))).toBe("force");
  });

  it("goes by the policy's own times", () => {
    const escalation = { forceAfterSecs: 30, alarmAfterSecs: 40 };
    expect(kind(requested(30), found("ABORTING"), { escalation })).toBe("force");
    expect(
      kind(requested(40, { forcedAt: at(-5), forceAnswered: true }), found("ABORTING"), { escalation }),
    ).toBe("alarm");
  });
});

describe("nextMove() of an ended run", () => {
  const requested: Partial<OpenIntent> = { callSent: true, requestedAt: at(-30) };

  it("confirms an abort once its figures rest", () => {
    const ended = (secs: number) => move(requested, found("ABORTED", { finishedAt: at(-secs) }));
    expect(ended(9.999)).toEqual({ kind: "wait" });
    expect(ended(10)).toEqual({ kind: "close", closing: "abort.confirmed" });
  });

  it.each(["SUCCEEDED", "FAILED", "TIMED-OUT"])("closes as moot what ended %s", (status) => {
    expect(move(requested, found(status, { finishedAt: at(-20) }))).toEqual({
      kind: "close",
      closing: "abort.moot",
      reason: `the run ended ${status} before the abort took`,
    });
  });

  it("closes as moot what ended before any call", () => {
    expect(move({}, found("SUCCEEDED", { finishedAt: at(-20) }))).toMatchObject({ closing: "abort.moot" });
  });

  it("notes a lost answer before it confirms", () => {
    expect(kind({}, found("ABORTED", { finishedAt: at(-20) }))).toBe("note-lost");
  });

  it("lets the figures rest by the call or the intent where Apify does not date the end", () => {
    expect(kind(requested, found("ABORTED"))).toBe("close");
    expect(kind({ callSent: true, requestedAt: at(-5) }, found("ABORTED"))).toBe("wait");
    expect(kind({ at: at(-9) }, found("FAILED"))).toBe("wait");
    expect(kind({ at: at(-10) }, found("FAILED"))).toBe("close");
  });

  it("takes a later life for the end of this one", () => {
    const risen = found("RUNNING", { life: 1 });
    expect(move(requested, risen)).toEqual({
      kind: "close",
      closing: "abort.moot",
      reason: "the run ended and was resurrected before it was seen",
    });
    expect(kind({ life: 1 }, risen)).toBe("call");
  });
});

describe("nextMove() of a run that can't be found", () => {
  const missing = (young = false): Look => ({ kind: "missing", young });

  it("waits while the run is young, for Apify's replicas may not know it yet", () => {
    expect(kind({}, missing(true))).toBe("wait");
    expect(kind({ missingSince: at(-20 * MINUTE) }, missing(true))).toBe("wait");
  });

  it("marks since when, and takes it for gone ten minutes later", () => {
    expect(kind({}, missing())).toBe("mark-missing");
    expect(kind({ missingSince: at(-10 * MINUTE + 0.001) }, missing())).toBe("wait");
    expect(move({ missingSince: at(-10 * MINUTE) }, missing())).toEqual({
      kind: "close",
      closing: "abort.moot",
      reason: "Apify has had no such run for ten minutes",
    });
  });

  it("forgets that when the run turns up again, before anything else", () => {
    expect(kind({ missingSince: at(-20 * MINUTE) })).toBe("mark-found");
    expect(kind({ missingSince: at(-20 * MINUTE) }, found("ABORTED", { finishedAt: at(-60) }))).toBe(
      "mark-found",
    );
  });
});
