import { describe, expect, it } from "vitest";
import { lowerEnd } from "../../../src/watchdog/learn/binomial.ts";
import type { Past } from "../../../src/watchdog/learn/past.ts";
import { suggestLimit } from "../../../src/watchdog/learn/suggest/suggest-limit.ts";
import { past } from "./past-runs.ts";
import { type Random, randomOf, SHAPES, type Shape } from "./shapes.ts";

/** Actors of each shape, each with a history of its own, from two dozen runs to six hundred. */
const ACTORS = 200;
/** A drift shows in no shorter history, and can't be refused there. */
const SHOWS_DRIFT = 150;

type Kept = {
  readonly suggested: number;
  readonly refused: number;
  readonly brokenAtMost: number;
  readonly brokenAtLimit: number;
};
type Suggest = (runs: readonly Past[], random: Random) => ReturnType<typeof suggestLimit>;

const honest: Suggest = (runs) => suggestLimit(runs, "usd");

/** How often the promise of `suggest` is broken by what the shape really does in the next runs, which is known exactly. */
function holdToIt(
  shape: Shape,
  suggest: Suggest,
  { capUsd = Number.POSITIVE_INFINITY, fewest = 23 }: { capUsd?: number; fewest?: number } = {},
): Kept {
  const kept = { suggested: 0, refused: 0, brokenAtMost: 0, brokenAtLimit: 0 };
  for (let actor = 0; actor < ACTORS; actor++) {
    const random = randomOf(actor + 1);
    const n = Math.floor(fewest * (600 / fewest) ** random());
    const runs = Array.from({ length: n }, (_, i) => {
      const usd = shape.cost(random, i);
      return usd < capUsd ? past(i, usd) : past(i, capUsd, { stopped: true });
    });
    const found = suggest(runs, random);
    if (found.kind === "refused") {
      kept.refused++;
      continue;
    }
    kept.suggested++;
    const passing = (usd: number): number =>
      shape.ahead.reduce((sum, i) => sum + shape.above(usd, n + i), 0) / shape.ahead.length;
    if (passing(found.most / 1e6) > found.atMost95) kept.brokenAtMost++;
    if (passing(found.limit / 1e6) > found.atMost95) kept.brokenAtLimit++;
  }
  return kept;
}

/** Is it, at 95 % confidence, broken more often than one time in twenty? */
const isBroken = (times: number, of: number): boolean => lowerEnd(times, of) > 0.05;

const ALIKE = Object.entries(SHAPES)
  .filter(([name]) => name !== "drifting")
  .map(([name, shape]) => [name, holdToIt(shape, honest)] as const);

describe("a suggestion keeps its promise", () => {
  it.each(ALIKE)("of runs whose cost is %s", (_name, { suggested, brokenAtMost, brokenAtLimit }) => {
    // What is like itself is hardly ever refused.
    expect(suggested).toBeGreaterThan(0.95 * ACTORS);
    expect(isBroken(brokenAtMost, suggested)).toBe(false);
    expect(brokenAtLimit / suggested).toBeLessThanOrEqual(0.05);
  });

  it("or is refused where it drifts", () => {
    const { suggested, brokenAtLimit } = holdToIt(SHAPES.drifting, honest, { fewest: SHOWS_DRIFT });
    expect(brokenAtLimit / ACTORS).toBeLessThanOrEqual(0.05);
    expect(suggested).toBeLessThan(ACTORS / 2);
  });

  it("or is refused where runs are stopped at a limit that is too tight already", () => {
    const { suggested, brokenAtLimit } = holdToIt(SHAPES.pareto, honest, { capUsd: SHAPES.pareto.at(0.9) });
    expect(isBroken(brokenAtLimit, suggested)).toBe(false);
  });

  it("is the least that can be promised: of the most expensive run so far it is broken one time in twenty", () => {
    let [broken, suggested] = [0, 0];
    for (const [, kept] of ALIKE) {
      broken += kept.brokenAtMost;
      suggested += kept.suggested;
    }
    expect(broken / suggested).toBeGreaterThan(0.025);
    expect(broken / suggested).toBeLessThan(0.07);
  });
});

describe("what would break the promise is caught", () => {
  it("leaving stopped runs out of history", () => {
    const forgetful: Suggest = (runs) =>
      suggestLimit(
        runs.filter(({ stopped }) => !stopped),
        "usd",
      );
    const { suggested, brokenAtLimit } = holdToIt(SHAPES.pareto, forgetful, {
      capUsd: SHAPES.pareto.at(0.9),
    });
    expect(isBroken(brokenAtLimit, suggested)).toBe(true);
  });

  it("taking a stopped run for one that had come to its end", () => {
    const credulous: Suggest = (runs) =>
      suggestLimit(
        runs.map(({ run }) => ({ run: { ...run, status: "SUCCEEDED" }, stopped: false })),
        "usd",
      );
    const { suggested, brokenAtLimit } = holdToIt(SHAPES.pareto, credulous, {
      capUsd: SHAPES.pareto.at(0.9),
    });
    expect(isBroken(brokenAtLimit, suggested)).toBe(true);
  });

  it("not looking at the order, which hides a drift", () => {
    const shuffled: Suggest = (runs, random) =>
      suggestLimit(
        runs
          .map((run) => ({ run, place: random() }))
          .sort((a, b) => a.place - b.place)
          .map(({ run }) => run),
        "usd",
      );
    const { suggested, brokenAtLimit } = holdToIt(SHAPES.drifting, shuffled, { fewest: SHOWS_DRIFT });
    expect(isBroken(brokenAtLimit, suggested)).toBe(true);
  });
});
