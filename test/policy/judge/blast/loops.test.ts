import { describe, expect, it } from "vitest";
import { DEFAULT_LOOP, type RecentIntent, type RunSource } from "../../../../src/policy/index.ts";
import { loopsOf } from "../../../../src/policy/judge/blast/loops.ts";
import { at, HOUR, NOON, recentIntent, usd } from "../../../support/builders.ts";

const nightly: RunSource = { kind: "schedule", id: "nightly" };
/** Stopped so many seconds from noon, started a minute before. */
const stop = (runId: string, secs: number, overrides: Partial<RecentIntent> = {}): RecentIntent =>
  recentIntent({ runId, source: nightly, startedAt: at(secs - 60), at: at(secs), ...overrides });
const loops = (recent: readonly RecentIntent[], loop: Partial<typeof DEFAULT_LOOP> = {}) =>
  loopsOf(recent, { ...DEFAULT_LOOP, ...loop }, NOON);

describe("loopsOf()", () => {
  const three = [stop("a", -1800), stop("b", -1200), stop("c", -600)];

  it("names a source that started again what was stopped, so often in so long", () => {
    expect(loops(three)).toEqual([{ source: nightly, stops: 3, firstAt: at(-1800), lastAt: at(-600) }]);
    expect(loops(three, { stops: 4 })).toEqual([]);
    expect(loops(three, { withinSecs: 1800 })).toEqual([]);
    expect(loops(three, { withinSecs: 1801 })).toHaveLength(1);
  });

  it("tells what the runs that came after the first stop cost an hour", () => {
    const costs = three.map((each, i) => ({ ...each, usageTotalMicroUsd: usd([90, 4, 6][i] ?? 0) }));
    // 10 USD in the 20 minutes from the first stop to the last.
    expect(loops(costs)[0]?.microUsdPerHour).toBeCloseTo(usd(30));
  });

  it("tells no such figure where the cost of one of them is not known", () => {
    const [first, second, third] = three;
    if (!first || !second || !third) throw new Error("there are three");
    const told = loops([first, { ...second, usageTotalMicroUsd: usd(4) }, third]);
    expect(told).toHaveLength(1);
    expect(told[0]).not.toHaveProperty("microUsdPerHour");
  });

  it("counts a run that comes back again and again, by what it cost since its stop before", () => {
    const lives = [-1800, -1200, -600].map((secs, life) =>
      stop("a", secs, { life, startedAt: at(-5000), usageTotalMicroUsd: usd(50 + 2 * life) }),
    );
    expect(loops(lives)).toMatchObject([{ stops: 3, microUsdPerHour: expect.closeTo(usd(12), 0) }]);
  });

  it("is none where runs that were live together were stopped", () => {
    const parallel = [-1800, -1799, -1200].map((secs, i) => stop(`p${i}`, secs, { startedAt: at(-2000) }));
    expect(loops(parallel)).toEqual([]);
    expect(loops([...parallel, stop("x", -900), stop("y", -800)])).toMatchObject([{ stops: 3 }]);
  });

  it("counts a life of a run once, and nothing of which the source is not known", () => {
    const [first, second] = three;
    if (!first || !second) throw new Error("there are three");
    expect(loops([first, second, { ...second, at: at(-1000) }])).toEqual([]);
    const unsourced = three.map(({ source: _gone, ...rest }) => rest);
    expect(loops(unsourced)).toEqual([]);
  });

  it("tells sources apart, the one with most stops first, in whatever order they come", () => {
    const actor: RunSource = { kind: "actor", id: "a" };
    const other = [-2000, -1500, -1000, -500].map((secs, i) => stop(`o${i}`, secs, { source: actor }));
    const found = loops([...three, ...other].reverse());
    expect(found.map(({ source, stops }) => [source.kind, stops])).toEqual([
      ["actor", 4],
      ["schedule", 3],
    ]);
  });

  it("has no rate where all was stopped at one instant", () => {
    const ahead = ["b", "c"].map((id) => stop(id, 0, { startedAt: at(10), usageTotalMicroUsd: usd(1) }));
    expect(loops([stop("a", 0), ...ahead], { withinSecs: HOUR })[0]).not.toHaveProperty("microUsdPerHour");
  });
});
