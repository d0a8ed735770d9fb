import { describe, expect, it } from "vitest";
import { evidenceAt, HandMade, POLICY, secs } from "./hand-made.ts";

/** A run shown above its limit, and promised to be stopped. */
const condemned = (): HandMade => new HandMade().tick("t1", -5, 20).shown(-1, "RUNNING", 6).intend(0);

describe("the oracle on the audit", () => {
  it("wants one open intent a life, and one closing entry an intent", () => {
    expect(condemned().intend(1, { entryId: "i2" }).broken()[0]).toContain("a second open intent");
    const paused = condemned().control(0.5, "control.paused", {});
    const twice = paused.about(1, "abort.withdrawn").about(2, "abort.withdrawn");
    expect(twice.broken()[0]).toContain("a second closing entry");
  });

  it("compares a closing entry with what became of the run", () => {
    const alive = condemned().abort(1);
    expect(alive.about(2, "abort.confirmed").broken()[0]).toContain("closed as confirmed");
    const ended = (endStatus: "ABORTED" | "SUCCEEDED") =>
      condemned()
        .abort(1)
        .becomes([{ startedAtMs: secs(-600), endedAtMs: secs(2), endStatus }]);
    expect(ended("ABORTED").about(20, "abort.confirmed").broken()).toEqual([]);
    expect(ended("ABORTED").about(20, "abort.moot").broken()[0]).toContain("closed as moot");
    expect(ended("SUCCEEDED").about(20, "abort.moot").broken()).toEqual([]);
    const called = condemned().abort(1).control(1.5, "control.paused", {}).about(2, "abort.withdrawn");
    expect(called.broken()[0]).toContain("withdrawn although a call of t1 had its effect");
  });

  it("wants a withdrawal to be forced by policy, pause or exemption", () => {
    expect(condemned().about(1, "abort.withdrawn").broken()[0]).toContain("still condemns it at 6 USD");
    const paused = condemned().control(0.5, "control.paused", {}).about(1, "abort.withdrawn");
    expect(paused.broken()).toEqual([]);
  });

  it("wants every intent closed or alarmed about in the end", () => {
    const alarmed = () =>
      condemned()
        .abort(1)
        .about(2, "abort.requested")
        .about(100, "abort.forced")
        .shown(101, "ABORTING", 6)
        .abort(102, { gracefully: false })
        .about(300, "abort.unconfirmed");
    const ended = [{ startedAtMs: secs(-600), endedAtMs: secs(2), endStatus: "ABORTED" as const }];
    expect(condemned().abort(1).becomes(ended).brokenAtEnd(1_200)[0]).toContain("still open");
    expect(condemned().abort(1).brokenAtEnd(1_200)[0]).toContain("0 abort.unconfirmed");
    expect(alarmed().brokenAtEnd(1_200)).toEqual([]);
  });

  it("wants each notice once, and each entryId once", () => {
    const notice = { kind: "step.notified", guard: "perTick" };
    const twice = new HandMade().shown(-1, "RUNNING", 6).entry(1, notice).entry(2, notice);
    expect(twice.broken()[0]).toContain("the same was said before");
    const same = new HandMade().shown(-1, "RUNNING", 6).intend(0).about(1, "abort.failed", { entryId: "i1" });
    expect(same.broken()[0]).toContain("stands in the chain twice");
  });

  it("recomputes hash, form, place and chain", () => {
    const spoilt = (spoil: Parameters<HandMade["entry"]>[3]) =>
      new HandMade().shown(-1, "RUNNING", 6).entry(0, { kind: "step.notified" }, "t1", spoil).broken()[0];
    expect(spoilt({ hash: "0".repeat(64) })).toContain("its hash is not that of its text");
    expect(spoilt({ sequence: 2 })).toContain("it says that it is");
    const unlinked = new HandMade().shown(-1, "RUNNING", 6).entry(0, { kind: "step.notified", previous: "" });
    expect(unlinked.broken()[0]).toContain("the hash of the entry before it");
  });

  it("wants evidence that Apify has shown, of a rule that exists, and beyond its step", () => {
    const said = (evidence: object): string | undefined =>
      new HandMade()
        .shown(-1, "RUNNING", 6)
        .intend(0, { evidence: { ...evidenceAt(-1), ...evidence } })
        .broken()[0];
    expect(said({})).toBeUndefined();
    expect(said({ measured: 7 })).toContain("it measured 7 USD where Apify showed 6");
    expect(said({ observedAt: evidenceAt(-2).observedAt })).toContain("nobody asked Apify");
    expect(said({ limit: 4 })).toContain("the rule limits usageTotalUsd to 5");
    expect(said({ measured: 4 })).toContain("4 does not reach 100 % of 5");
    const unshown = { run: { status: "RUNNING", usageTotalUsd: 0 } };
    expect(new HandMade().shown(-1, "RUNNING", 6).intend(0, unshown).broken()[0]).toContain("cost 0 USD");
  });
});

describe("the oracle on the blast radius", () => {
  const runs = ["r1", "r2", "r3", "r4"].map((id) => ({
    id,
    actorId: "a1",
    actorName: "acme/shop",
    origin: "API" as const,
    lives: [{ startedAtMs: secs(-600) }],
  }));
  const stops = (ticks: readonly [by: string, atSecs: number][], policy = POLICY): HandMade => {
    const history = new HandMade(runs)
      .push(-50, policy)
      .tick("t1", 0, 30)
      .tick("t2", 20, 60)
      .tick("t3", 70, 90);
    for (const [index, [by, atSecs]] of ticks.entries()) {
      const runId = `r${index + 1}`;
      history.shown(atSecs - 1, "RUNNING", 6, { runId, by });
      history.entry(
        atSecs,
        { kind: "abort.intended", runId, entryId: runId, evidence: evidenceAt(atSecs - 1) },
        by,
      );
    }
    return history;
  };
  const guarded = (maxAborts: object) => ({
    ...POLICY,
    guards: { maxAborts: { ...POLICY.guards.maxAborts, ...maxAborts } },
  });

  it("has ticks that ran at the same time share perTick, and others not", () => {
    const shared = stops([
      ["t1", 1],
      ["t1", 2],
      ["t2", 21],
    ]).brokenAtEnd(100);
    expect(shared[0]).toContain("3 runs by ticks at one time (t1, t2), perTick is 2");
    expect(
      stops([
        ["t1", 1],
        ["t1", 2],
        ["t3", 71],
      ]).broken(),
    ).toEqual([]);
  });

  it("takes a tick that wakes after its time for over, unless it goes on stopping runs", () => {
    const woken = (...more: readonly [string, number][]) =>
      stops([["t1", 1], ["t1", 2], ["t3", 71], ...more])
        .tick("t1", 0, 300, { endsByMs: secs(30) })
        .brokenAtEnd(400)
        .filter((text) => text.startsWith("P4"));
    expect(woken()).toEqual([]);
    expect(woken(["t1", 80]).join()).toContain("runs by ticks at one time (t1, t3), perTick is 2");
  });

  it("counts perHour and percentOfLive over sixty minutes; 0 means none", () => {
    const four: readonly [string, number][] = [
      ["t1", 1],
      ["t1", 2],
      ["t3", 71],
      ["t3", 72],
    ];
    expect(stops(four).broken()[0]).toContain("4 places within 60 minutes, perHour is 3");
    const half = guarded({ perHour: 9, percentOfLive: 50 });
    expect(stops(four, half).broken()[0]).toContain("of 4, percentOfLive is 50");
    expect(stops([["t1", 1]], guarded({ perHour: 0 })).broken()[0]).toContain("perHour is 0");
    expect(stops([["t1", 1]], guarded({ perTick: 0 })).brokenAtEnd(99)[0]).toContain("perTick is 0");
  });
});

describe("the oracle on an undo", () => {
  const ENDED = { startedAtMs: secs(-600), endedAtMs: secs(2), endStatus: "ABORTED" as const };
  const AGAIN = [ENDED, { startedAtMs: secs(99) + 100 }];
  const exemption = (undoOf: string) => ({
    subject: { kind: "run", id: "r1" },
    until: new Date(secs(9_999)).toISOString(),
    undoOf,
  });
  /** A run that was stopped, and is shown ended to an operator. */
  const stopped = (): HandMade =>
    condemned().abort(1).becomes([ENDED]).about(20, "abort.confirmed").shown(90, "ABORTED", 6, { by: "op" });
  const granted = (): HandMade => stopped().control(95, "exemption.granted", exemption("i1"));

  it("has nothing against one call behind its exemption, and one entry behind the call", () => {
    const whole = granted()
      .becomes(AGAIN)
      .resurrect(99)
      .about(101, "run.undone", { evidence: evidenceAt(-1) });
    expect(whole.broken()).toEqual([]);
  });

  it("wants a durable exemption of its own first, a reading that shows the run ABORTED, and a closed intent", () => {
    expect(stopped().resurrect(99).broken()[0]).toContain("without a durable exemption");
    const other = stopped().control(95, "exemption.granted", exemption("another"));
    expect(other.resurrect(99).broken()[0]).toContain("without a durable exemption");
    expect(granted().shown(96, "RUNNING", 6, { by: "op" }).resurrect(99).broken()[0]).toContain(
      "not ABORTED",
    );
    const open = condemned().abort(1).becomes([ENDED]).shown(90, "ABORTED", 6, { by: "op" });
    const early = open.control(95, "exemption.granted", exemption("i1")).resurrect(99);
    expect(early.broken()[0]).toContain("was not closed yet");
  });

  it("wants the call to rest on a look of the last seconds at the stopped life, and asks for no more than that", () => {
    const others = (atSecs: number) => [
      ENDED,
      { startedAtMs: secs(atSecs), endedAtMs: secs(atSecs) + 50, endStatus: "ABORTED" as const },
      { startedAtMs: secs(99) + 100 },
    ];
    expect(granted().becomes(others(98)).resurrect(99).broken()).toEqual([]);
    expect(granted().becomes(others(80)).resurrect(99).broken()[0]).toContain("another life");
    const late = granted()
      .becomes([ENDED, { startedAtMs: secs(108) }])
      .resurrect(108);
    expect(late.broken()).toEqual(["P3 resurrect of run r1 by op: its sender was shown the run 18 s before"]);
  });

  it("wants one effective call, by nobody but an operator", () => {
    const twice = granted().becomes(AGAIN).resurrect(99).resurrect(99.05);
    expect(twice.broken().join()).toContain("was undone by 2 calls");
    expect(granted().resurrect(99, { by: "t1" }).broken()[0]).toContain("a tick resurrected a run");
  });

  it("wants the entry to be true, and written once", () => {
    expect(granted().about(101, "run.undone").broken()[0]).toContain("lives again, and it does not");
    const undone = granted().becomes(AGAIN).resurrect(99).about(101, "run.undone");
    expect(undone.about(102, "run.undone").broken()[0]).toContain("undone a second time");
    const open = condemned().abort(1).becomes(AGAIN).about(101, "run.undone");
    expect(open.broken()[0]).toContain("was not confirmed");
  });
});

describe("the oracle on what ends", () => {
  const SUBJECT = { kind: "run", id: "r1" };
  const until = (atSecs: number) => ({ subject: SUBJECT, until: new Date(secs(atSecs)).toISOString() });
  const granted = (): HandMade => new HandMade().control(0, "exemption.granted", until(3_600));
  const byWatchdog = (history: HandMade, atSecs: number, kind: string, change = {}): HandMade =>
    history.entry(atSecs, { kind, subject: { kind: "control" }, change, by: "watchdog", chain: "control" });

  it("wants no end before its time, nor of what does not stand", () => {
    const ended = (atSecs: number) => byWatchdog(granted(), atSecs, "exemption.ended", { subject: SUBJECT });
    expect(ended(3_599).broken()[0]).toContain("ends an exemption before its time");
    expect(ended(3_600).broken()).toEqual([]);
    expect(byWatchdog(ended(3_600), 3_700, "exemption.ended", { subject: SUBJECT }).broken()[0]).toContain(
      "none stands",
    );
    const paused = () => new HandMade().control(0, "control.paused", until(60));
    expect(byWatchdog(paused(), 59, "control.resumed").broken()[0]).toContain("a pause before its time");
    expect(byWatchdog(paused(), 60, "control.resumed").broken()).toEqual([]);
    expect(byWatchdog(new HandMade(), 60, "control.resumed").broken()[0]).toContain("where there is none");
  });

  it("wants an end to be announced once, and not too early", () => {
    const announced = (atSecs: number) =>
      byWatchdog(granted(), atSecs, "exemption.ending", { subject: SUBJECT });
    expect(announced(2_000).broken()[0]).toContain("1600 s before the end");
    expect(announced(3_000).broken()).toEqual([]);
    expect(
      byWatchdog(announced(3_000), 3_060, "exemption.ending", { subject: SUBJECT }).broken()[0],
    ).toContain("announced twice");
  });

  it("wants both in the audit once all has been calm", () => {
    const [alive] = [[{ startedAtMs: secs(-600), endedAtMs: secs(-1), endStatus: "SUCCEEDED" as const }]];
    const atEnd = (history: HandMade, atSecs: number) => history.becomes(alive).brokenAtEnd(atSecs);
    expect(atEnd(granted(), 3_901)[0]).toContain("the end of its exemption is not in the audit");
    expect(atEnd(granted(), 3_400)[0]).toContain("was not announced");
    expect(atEnd(granted(), 2_000)).toEqual([]);
    const paused = new HandMade().control(0, "control.paused", until(60));
    expect(atEnd(paused, 400)[0]).toContain("the end of the pause is not in the audit");
  });
});

describe("the oracle in the calm", () => {
  it("wants a condemned run to be dealt with", () => {
    const ignored = new HandMade().shown(0, "RUNNING", 6).shown(1_190, "RUNNING", 6);
    expect(ignored.brokenAtEnd(1_200)[0]).toContain("rule cost has condemned the run for minutes");
  });

  it("gives it minutes from the end of a pause", () => {
    const pausedUntil = (atSecs: number) =>
      new HandMade()
        .control(-10, "control.paused", { until: new Date(secs(atSecs)).toISOString() })
        .shown(0, "RUNNING", 6)
        .shown(1_190, "RUNNING", 6)
        .brokenAtEnd(1_200)
        .filter((text) => text.includes("has condemned the run"));
    expect(pausedUntil(901)).toEqual([]);
    expect(pausedUntil(899)).toHaveLength(1);
  });

  it("wants every tick to end well", () => {
    const history = new HandMade().tick("t1", 600, 610);
    history.ticks.set("t1", {
      by: "t1",
      tickId: "t1",
      startedAtMs: secs(600),
      how: "failed",
      error: "no luck",
    });
    expect(history.brokenAtEnd(700)[0]).toContain("it failed although all is calm: no luck");
  });
});
