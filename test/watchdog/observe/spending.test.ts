import { describe, expect, it } from "vitest";
import { totalOf } from "../../../src/policy/index.ts";
import { rebase, spendingAfter } from "../../../src/watchdog/observe/spending.ts";
import { at, HOUR, liveRun, MINUTE, NOON, run, runOfUnknownCost, usd } from "../../support/builders.ts";

const seen = (secs: number, costUsd: number, overrides = {}) => ({
  run: run({ usageTotalMicroUsd: usd(costUsd), ...overrides }),
  observedAt: at(secs),
});
const life = (number: number, asleepUntil?: Date) => ({ life: number, asleepUntil });

describe("spendingAfter()", () => {
  it("spreads what a run had cost when it was first seen over the time since its start", () => {
    const first = spendingAfter({}, seen(30 * MINUTE, 3), life(0));
    expect(first).toEqual({
      spent: { at: at(30 * MINUTE), microUsd: usd(3) },
      unrecorded: { "2026-11-24T11": usd(2), "2026-11-24T12": usd(1) },
    });
  });

  it("spreads what was added over the time since the last look, correction or not", () => {
    const before = { spent: { at: NOON, microUsd: usd(1) } };
    expect(spendingAfter(before, seen(HOUR, 3), life(0)).unrecorded).toEqual({ "2026-11-24T12": usd(2) });
    expect(spendingAfter(before, seen(MINUTE, 0.25), life(0)).unrecorded).toEqual({
      "2026-11-24T12": -usd(0.75),
    });
  });

  it("counts nothing after the end: what comes late belongs to the last moment before it", () => {
    const ended = { status: "SUCCEEDED", finishedAt: at(0) };
    const before = { spent: { at: at(0), microUsd: usd(1) } };
    expect(spendingAfter(before, seen(10 * MINUTE, 1.5, ended), life(0))).toEqual({
      spent: { at: at(0), microUsd: usd(1.5) },
      unrecorded: { "2026-11-24T11": usd(0.5) },
    });
  });

  it("leaves a cost that is not reported as it was", () => {
    const before = { spent: { at: NOON, microUsd: usd(1) }, unrecorded: { "2026-11-24T11": usd(1) } };
    expect(spendingAfter(before, { run: runOfUnknownCost(), observedAt: at(60) }, life(0))).toEqual(before);
    expect(spendingAfter({}, { run: runOfUnknownCost(), observedAt: at(60) }, life(0))).toEqual({});
  });

  it("charges another life with the time since it was surely down, and not with the days between", () => {
    const before = { spent: { at: at(-240 * HOUR), microUsd: usd(1) }, life: 0 };
    const woke = spendingAfter(before, seen(0, 2), life(1, at(-MINUTE)));
    expect(woke.unrecorded).toEqual({ "2026-11-24T11": usd(1) });
    const untold = spendingAfter(before, seen(0, 2), life(1));
    expect(Object.keys(untold.unrecorded ?? {}).length).toBeGreaterThan(9);
  });

  it("spreads a cost that is told in another life for the first time over all that it is of", () => {
    const old = { startedAt: at(-240 * HOUR) };
    const look = seen(0, 240, old);
    const first = spendingAfter({ life: 0 }, look, life(1, at(-MINUTE)));
    expect(Object.keys(first.unrecorded ?? {}).length).toBeGreaterThan(9);
    const recorded = { run: runOfUnknownCost(), life: 0, recordedAt: at(-MINUTE), version: 1, curve: [] };
    const known = liveRun({ ...look, spent: { at: at(0), microUsd: usd(240) } });
    const again = rebase({ ...known, life: { ...known.life, number: 1 } }, recorded, at(-MINUTE), at(HOUR));
    expect(again.unrecorded).toEqual(first.unrecorded);
  });
});

describe("rebase()", () => {
  const item = (overrides = {}) => ({
    run: run({ usageTotalMicroUsd: usd(1) }),
    life: 0,
    recordedAt: at(0),
    version: 3,
    spent: { at: at(0), microUsd: usd(1) },
    curve: [],
    ...overrides,
  });
  const ours = liveRun({
    run: run({ usageTotalMicroUsd: usd(3) }),
    observedAt: at(30 * MINUTE),
    spent: { at: at(30 * MINUTE), microUsd: usd(3) },
    unrecorded: { "2026-11-24T11": usd(1.5), "2026-11-24T12": usd(1.5) },
  });

  it("counts anew from what stands in the item", () => {
    expect(rebase(ours, item(), undefined, at(HOUR))).toMatchObject({
      unrecorded: { "2026-11-24T12": usd(2) },
      recorded: { version: 3, spentMicroUsd: usd(1), status: "RUNNING", settled: false },
    });
  });

  it("lets a record stand that is newer than our look", () => {
    const newer = item({
      recordedAt: at(HOUR),
      run: run({ status: "SUCCEEDED" }),
      spent: { at: at(HOUR), microUsd: usd(4) },
    });
    const rebased = rebase(ours, newer, undefined, at(HOUR));
    expect(rebased).toMatchObject({
      run: { status: "SUCCEEDED" },
      spent: { microUsd: usd(4) },
      observedAt: at(HOUR),
    });
    expect(rebased).not.toHaveProperty("unrecorded");
  });

  it("does not let a record stand that is dated ahead of now", () => {
    const ahead = item({ recordedAt: at(2 * HOUR), spent: { at: at(2 * HOUR), microUsd: usd(1) } });
    const rebased = rebase(ours, ahead, undefined, at(HOUR));
    expect(rebased).toMatchObject({ observedAt: at(30 * MINUTE), spent: { microUsd: usd(3) } });
    expect(totalOf(rebased.unrecorded ?? {})).toBe(usd(2));
  });

  it("goes on with the curve of the item in the same life, and in another with its own", () => {
    const own = { from: at(30 * MINUTE), point: { at: at(30 * MINUTE), microUsd: usd(3) }, points: 1 };
    const known = item({ curve: [{ at: at(0), microUsd: usd(1) }], watched: { from: at(0) } });
    const trailIn = (number: number) =>
      rebase({ ...ours, trail: own, life: { ...ours.life, number } }, known, undefined, at(HOUR)).trail;
    expect(trailIn(0)).toMatchObject({ from: at(0), points: 2 });
    expect(trailIn(1)).toEqual(own);
  });

  it("takes what an item knows of the cost of a run whose cost is not reported any more", () => {
    const { spent: _untold, unrecorded: _none, ...untold } = ours;
    expect(rebase(untold, item(), undefined, at(HOUR))).toMatchObject({ spent: { microUsd: usd(1) } });
  });
});
