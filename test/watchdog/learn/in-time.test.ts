import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/index.ts";
import { applyingTo } from "../../../src/watchdog/learn/applying.ts";
import { inTime } from "../../../src/watchdog/learn/in-time.ts";
import type { Look, Replayed } from "../../../src/watchdog/learn/looks.ts";
import { ACTOR, past, START } from "./past-runs.ts";

describe("inTime()", () => {
  it("has every look once, in the order in which one sort of all would have them", () => {
    const world = fc.array(
      fc.record({ start: fc.integer({ min: 0, max: 20 }), after: fc.array(fc.integer({ min: 0, max: 9 })) }),
    );
    fc.assert(
      fc.property(world, (made) => {
        const sorted = made.toSorted((a, b) => a.start - b.start);
        const runs = sorted.map(({ start }, i) => past(i, 1, { startedAt: new Date(START + start) }));
        const looksOf = (of: Replayed): readonly Look[] => {
          const { start = 0, after = [] } = sorted[runs.indexOf(of)] ?? {};
          return after.map((ms, nth) => ({ at: START + start + ms, of, microUsd: nth, isLast: false }));
        };
        const all = runs.flatMap(looksOf).toSorted((a, b) => a.at - b.at);
        expect([...inTime(runs, looksOf)]).toEqual(all);
      }),
    );
  });
});

describe("applyingTo()", () => {
  it("leaves a run the rules that select it, and every budget", () => {
    const steps = [{ at: "100%", do: "abort" }];
    const rules = [
      { id: "all", limit: { usageTotalUsd: 5 }, steps },
      { id: "other", for: { actors: ["otherOtherOther17"] }, limit: { runTime: "1h" }, steps },
      { id: "mine", for: { actors: [ACTOR] }, limit: { runTime: "6h" }, steps },
      { id: "day", for: { actors: ["otherOtherOther17"] }, budget: { usd: 50, per: "day" }, steps },
      { id: "large", for: { memory: [">2GB"] }, limit: { runTime: "9h" }, steps },
    ];
    const applying = applyingTo(parsePolicy({ version: 1, mode: "observe", rules }));
    const ids = (of: Replayed) => applying(of).policy.rules.map(({ id }) => id);
    expect(ids(past(1, 1))).toEqual(["all", "mine", "day"]);
    expect(applying(past(1, 1)).steps.secs.runTime).toEqual([6 * 3_600]);
    expect(ids(past(1, 1, { settings: { memoryMbytes: 4_096 } }))).toEqual(["all", "mine", "day", "large"]);
    expect(ids(past(1, 1, { settings: { memoryMbytes: 1_024 } }))).toEqual(["all", "mine", "day"]);
  });
});
