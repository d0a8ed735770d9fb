import { describe, expect, it } from "vitest";
import { nearness, paceOf, stepAt } from "../../../console/web/pace.ts";
import { burningOf, nextOf } from "../../../console/web/summary.ts";
import { at, budget, NOW, run, runs, share } from "./given.ts";

const step = (percent: number, inSecs: number) => ({
  at: percent,
  do: "notify",
  figure: percent / 2,
  inSecs,
});
const runStep = (does: string, inSecs: number, held?: string) => ({
  ...{ at: 100, do: does, figure: 5, inSecs, ruleId: "no-run-over-5-usd", mode: "enforce", unit: "USD" },
  ...(held && { held }),
});

describe("the pace of a budget", () => {
  it("is full when what is left is spent as fast as what leads to its next step", () => {
    // From 40% to 80% in an hour: the other 20% take half an hour more.
    const { fullAt, gone } = paceOf(budget({ nextStep: step(80, 3600) }), NOW);
    expect(fullAt?.toISOString()).toBe(at(5400));
    expect(gone).toBe(0.5);
  });

  it("is not full where its window ends before", () => {
    expect(paceOf(budget({ nextStep: step(80, 11 * 3600) }), NOW).fullAt).toBeUndefined();
  });

  it.each([
    ["no step is foreseen", {}],
    ["it is used up", { share: 1.2, nextStep: step(150, 60) }],
    ["its step is behind it", { share: 0.9, nextStep: step(80, 60) }],
  ])("can't be determined where %s", (_why, given) => {
    expect(paceOf(budget(given), NOW).fullAt).toBeUndefined();
  });

  it("goes on as in the window so far, once some of that is over", () => {
    expect(paceOf(budget(), NOW).atEnd).toBeCloseTo(0.8);
    const early = { ...budget().budget, from: at(-60), to: at(86_340) };
    expect(paceOf(budget({ budget: early }), NOW).atEnd).toBeUndefined();
  });
});

describe("what comes next", () => {
  it("is counted from when the last tick looked, not from when it is shown", () => {
    expect(stepAt(step(80, 60), new Date(at(-20)))?.toISOString()).toBe(at(40));
    expect(stepAt({ at: 80, do: "notify", figure: 4 }, NOW)).toBeUndefined();
  });

  it("is the soonest of runs and budgets, without what is held back or under way", () => {
    const all = runs(
      [
        run("stopping", { stopping: true, nextStep: runStep("abort", 1) }),
        run("held", { nextStep: runStep("abort", 2, "exemption") }),
        run("next", { nextStep: runStep("abort", 30) }),
      ],
      { budgets: { groups: [budget({ nextStep: step(80, 20) })], unknown: [] } },
    );
    const coming = nextOf(all, NOW);
    expect(coming && "budget" in coming && coming.at.toISOString()).toBe(at(20));
    const alone = nextOf({ ...all, budgets: { groups: [], unknown: [] } }, NOW);
    expect(alone && "run" in alone && alone.run.runId).toBe("next");
    expect(nextOf(runs([run("a")]), NOW)).toBeUndefined();
  });
});

describe("what burns", () => {
  it("counts each run once: stopping, over and not stopped, near, without a limit", () => {
    const all = [
      run("a", { stopping: true, shares: [share({ share: 1.1 })] }),
      run("b", { held: "pause", shares: [share({ share: 1.2 })] }),
      run("c", { shares: [share({ share: 0.85 })] }),
      run("d", { shares: [], noLimit: "no rule is for it", usageTotalUsd: null }),
      run("e"),
    ];
    expect(burningOf(all)).toEqual({
      ...{ live: 5, usd: 4, unknownCost: 1, over: 1, near: 1, stopping: 1, unlimited: 1 },
    });
  });

  it("goes by the limits that may stop a run, not by one that it is exempt from", () => {
    const exempt = share({ share: 0.95, exempt: true });
    expect(nearness(run("a", { shares: [exempt, share({ ruleId: "time", share: 0.1 })] }))).toBe(0.1);
  });
});
