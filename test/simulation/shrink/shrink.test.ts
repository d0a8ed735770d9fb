import { describe, expect, it } from "vitest";
import { type Outcome, simulate } from "../simulate.ts";
import { planFor } from "../world/plan.ts";
import { cutTo, type Kept, keptIn, sizesOf, spelled } from "./cut.ts";
import { kindOf, shrink } from "./shrink.ts";
import { traceOf } from "./trace.ts";

const SEED = 4;
const broken = (text: string) => [{ promise: "P1", atMs: 0, text }];

/** A world in which something is broken as long as this is still in it. */
const brokenWhile =
  (isThere: (kept: Kept) => boolean, text = "run Y5o5nz62xPtAmd40V by tick7: 3 USD") =>
  async (kept: Kept): Promise<Outcome> =>
    ({
      plan: cutTo(planFor(SEED), kept),
      violations: isThere(kept) ? broken(text) : [],
    }) as unknown as Outcome;

const ALL = { plan: planFor(SEED), violations: broken("run x9o5nz62xPtAmd40V by tick12: 4.5 USD") };

describe("shrink()", () => {
  const sizes = sizesOf(planFor(SEED));

  it("leaves of a broken world what it takes, whatever the ids and figures are then", async () => {
    const play = brokenWhile(
      ({ runs = [], ticks = [] }) => runs.includes(1) && ticks.includes(5) && ticks.includes(9),
    );
    const { kept } = await shrink(play, ALL as unknown as Outcome, sizes);
    const { runs, ticks, ...others } = kept;
    expect({ runs, ticks }).toEqual({ runs: [1], ticks: [5, 9] });
    expect(Object.values(others).flat()).toEqual([]);
  });

  it("takes no other breach for the same, and ends after so many worlds", async () => {
    const other = await shrink(
      brokenWhile(() => true, "it hangs"),
      ALL as unknown as Outcome,
      sizes,
    );
    expect(other.kept.runs).toHaveLength(sizes.runs);
    const few = await shrink(
      brokenWhile(() => true),
      ALL as unknown as Outcome,
      sizes,
      { most: 3 },
    );
    expect(few.played).toBe(3);
  });

  it("tells what is broken by its words alone", () => {
    const [a, b] = [
      broken("run Y5o5nz62xPtAmd40V: 12.5 USD at 08:01:02.003Z"),
      broken("run AAAAAnz62xPtAmd40: 3 USD at 09:01Z"),
    ];
    expect(a.map(kindOf)).toEqual(b.map(kindOf));
    expect(a.map(kindOf)).not.toEqual(broken("run Y5o5nz62xPtAmd40V: 12.5 EUR at 08:01:02.003Z").map(kindOf));
  });
});

describe("what is kept of a world", () => {
  it("is written so that a command line gives it back", () => {
    const kept = { runs: [0, 2, 3, 4, 9], faults: [], ticks: [7] };
    expect(spelled(kept)).toBe("faults=/runs=0,2-4,9/ticks=7");
    expect(keptIn(spelled(kept))).toEqual(kept);
    for (const text of ["runs", "walks=1", "runs=1;2", ""]) expect(keptIn(text)).toBeUndefined();
  });

  it("keeps the ticks of the calm, in which all that is owed is due", () => {
    const plan = planFor(SEED);
    const calm = plan.ticks.filter(({ atMs }) => atMs >= plan.activeMs);
    const none = cutTo(plan, { ticks: [], deaths: [], runs: [] });
    expect(none.ticks).toEqual(calm);
    expect(sizesOf(none)).toMatchObject({ ticks: 0, deaths: 0, runs: 0 });
  });
});

describe("traceOf()", () => {
  it("tells in the order of time what was asked, written and broken, with runs by short names", async () => {
    const outcome = await simulate(SEED, { kept: { ticks: [0, 1, 2] } });
    const endMs = Number(outcome.history.calls.at(-1)?.atMs) + 1;
    const text = traceOf({ ...outcome, violations: [{ promise: "P1", atMs: endMs, text: "a run" }] });
    const at = (line: RegExp): number => text.findIndex((each) => line.test(each));
    expect(at(/WRITES policy.pushed/)).toBeGreaterThan(at(/^ {2}rule \{/));
    expect(at(/tick\d+ lists runs → run-1/)).toBeGreaterThan(at(/tick\d+ begins/));
    expect(at(/BROKEN P1: a run$/)).toBeGreaterThan(at(/lists runs/));
  });
});
