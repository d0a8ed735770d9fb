import { describe, expect, it } from "vitest";
import { evidenceAt, HandMade, POLICY, secs } from "../hand-made.ts";

/** A run shown above its limit, and promised to be stopped. */
const condemned = (): HandMade => new HandMade().tick("t1", -5, 20).shown(-1, "RUNNING", 6).intend(0);

const kinds = (broken: readonly string[]): readonly string[] => [
  ...new Set(broken.map((text) => text.slice(0, 2))),
];

describe("the oracle on a call", () => {
  it("has nothing against a call on a fresh reading behind an intent", () => {
    expect(condemned().abort(1).broken()).toEqual([]);
  });

  it("objects when the reading is older than five seconds", () => {
    expect(condemned().abort(5).broken()[0]).toContain("rests on no reading");
  });

  it("objects when another process had the reading", () => {
    expect(condemned().abort(1, { by: "t2" }).broken()[0]).toContain("rests on no reading");
  });

  it("objects when the run was just shown ended", () => {
    const broken = condemned().shown(0.5, "SUCCEEDED", 6).abort(1).broken();
    expect(broken[0]).toContain("just shown SUCCEEDED");
  });

  it("objects when the cost is below the limit", () => {
    const broken = condemned().shown(0.5, "RUNNING", 4.99).abort(1).broken();
    expect(broken[0]).toContain("P1 graceful abort of run r1 by t1: no rule in force");
  });

  it("objects when the cost is unknown, and not when a time limit condemns the run all the same", () => {
    const time = { id: "time", limit: { runTime: "5m" }, steps: [{ at: "100%", do: "abort" }] };
    expect(kinds(condemned().shown(0.5, "RUNNING").abort(1).broken())).toEqual(["P1"]);
    const both = new HandMade().push(-50, { ...POLICY, rules: [...POLICY.rules, time] });
    expect(both.shown(-1, "RUNNING", 6).intend(0).shown(0.5, "RUNNING").abort(1).broken()).toEqual([]);
  });

  it("objects when the rule is only observed, from five seconds after that was put in force", () => {
    const observed = { ...POLICY, mode: "observe" };
    const later = condemned().push(1, observed).shown(7, "RUNNING", 6).abort(8);
    expect(later.broken()[0]).toContain("no rule in force");
    expect(condemned().push(0.5, observed).abort(1).broken()).toEqual([]);
  });

  it("counts a run's time from when it was last shown READY", () => {
    const time = { id: "time", limit: { runTime: "5m" }, steps: [{ at: "100%", do: "abort" }] };
    const evidence = { ...evidenceAt(0), metric: "runTime", measured: 300, limit: 300, unit: "secs" };
    const history = new HandMade().push(-500, { ...POLICY, rules: [time] }).shown(-200, "READY");
    history.shown(0, "RUNNING").intend(0.5, { ruleId: "time", evidence }).abort(1);
    expect(kinds(history.broken())).toEqual(["P9", "P1"]);
  });

  it("objects to a call while paused, and to one for an exempt run below its ceiling", () => {
    const paused = condemned().control(1, "control.paused", {}).shown(6, "RUNNING", 6).abort(7);
    expect(kinds(paused.broken())).toEqual(["P6"]);
    const exemption = { subject: { kind: "run", id: "r1" }, until: new Date(secs(99)).toISOString() };
    const exempt = (ceilingUsd: number): HandMade =>
      condemned()
        .control(1, "exemption.granted", { ...exemption, ceilingUsd })
        .shown(6, "RUNNING", 6)
        .abort(7);
    expect(kinds(exempt(7).broken())).toEqual(["P6"]);
    expect(exempt(6).broken()).toEqual([]);
  });

  it("objects when no intent precedes it, or a closed one", () => {
    expect(new HandMade().shown(0, "RUNNING", 6).abort(1).broken()[0]).toContain("P2");
    const closed = condemned().control(0.2, "control.paused", {}).about(0.5, "abort.withdrawn").abort(1);
    expect(closed.broken()[0]).toContain("without an open abort.intended");
  });

  it("takes the number of a life for what its promiser was told, and the life itself for what is true", () => {
    const lives = [
      { startedAtMs: secs(-600), endedAtMs: secs(-500), endStatus: "FAILED" as const },
      { startedAtMs: secs(-400) },
    ];
    const told = (...counts: readonly (number | undefined)[]) => {
      const history = new HandMade().becomes(lives).tick("t1", -5, 20);
      const look = (atSecs: number, count?: number) => {
        const stats = { ...(count !== undefined && { resurrectCount: count }) };
        return history.shown(atSecs, "RUNNING", 6, { detail: { stats } });
      };
      look(-1, counts[0]).intend(0);
      return look(0.5, counts[1]).abort(1).broken();
    };
    // Left out, standing still, and told too late.
    expect([told(undefined, undefined), told(0, 0), told(undefined, 1)]).toEqual([[], [], []]);
    expect(told(1, 1)[0]).toContain("without an open abort.intended of life 1");
  });

  it("objects to a graceful call after one that was taken, and to two at once", () => {
    const again = condemned().abort(1).shown(2, "RUNNING", 6).abort(3);
    expect(again.broken()[0]).toContain("a graceful call after one");
    const atOnce = condemned().shown(0, "RUNNING", 6, { by: "t2" }).abort(1).abort(1.05, { by: "t2" });
    expect(atOnce.broken()[0]).toContain("two abort calls at once");
  });

  it("wants a look at the run between two calls", () => {
    const lost = condemned().abort(1, { isTaken: false });
    expect(lost.abort(2).broken()[0]).toContain("without a look");
    const looked = condemned().abort(1, { isTaken: false }).shown(1.5, "RUNNING", 6).abort(2);
    expect(looked.broken()).toEqual([]);
  });

  it("wants force to be promised, once, and not before forceAfter", () => {
    const unpromised = condemned().abort(1).shown(62, "ABORTING", 6).abort(63, { gracefully: false });
    expect(unpromised.broken()[0]).toContain("no abort.forced");
    const early = condemned().abort(1).about(30, "abort.forced").shown(31, "ABORTING", 6);
    expect(early.abort(32, { gracefully: false }).broken()[0]).toContain("before forceAfter");
    const right = condemned().abort(1).about(62, "abort.forced").shown(63, "ABORTING", 6);
    expect(right.abort(64, { gracefully: false }).broken()).toEqual([]);
    expect(right.shown(65, "ABORTING", 6).abort(66, { gracefully: false }).broken()[0]).toContain(
      "second call",
    );
  });

  it("lets another process force again while the answer of the first is not written down", () => {
    const forced = () =>
      condemned()
        .abort(1)
        .about(62, "abort.forced")
        .shown(63, "ABORTING", 6)
        .abort(64, { gracefully: false });
    const again = (history: HandMade) =>
      history.shown(90, "ABORTING", 6, { by: "t2" }).abort(91, { gracefully: false, by: "t2" }).broken();
    expect(again(forced())).toEqual([]);
    const told = (kind: string, response: string) =>
      again(forced().about(65, kind, { gracefully: false, response }));
    expect(told("abort.requested", "ABORTING")[0]).toContain("second call");
    expect(told("abort.failed", "404 record-not-found")[0]).toContain("second call");
    // Of the call before that one, maybe: they say of none that Apify had it.
    expect(told("abort.failed", "lost: the caller's time ran out")).toEqual([]);
    expect(told("abort.failed", "not taken: Apify turned it away, or time ran out")).toEqual([]);
    expect(told("abort.failed", "403 insufficient-permissions")).toEqual([]);
  });
});
