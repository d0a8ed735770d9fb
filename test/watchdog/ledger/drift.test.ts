import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { driftProblems, outsideRuns, spentIn } from "../../../src/watchdog/ledger/drift.ts";
import { nextWrite } from "../../../src/watchdog/ledger/record.ts";
import type { Drift } from "../../../src/watchdog/model/ports.ts";
import { at, HOUR, liveRun, NOON, run, usd } from "../../support/builders.ts";

/** One comparison after the other, an hour apart: what Apify says, and what the ledger has. */
const compared = (...pairs: readonly (readonly [apifyUsd: number, ledgerUsd: number])[]): readonly Drift[] =>
  pairs.map(([apify, ledger], i) => ({
    at: at(i * HOUR),
    apifyMicroUsd: usd(apify),
    ledgerMicroUsd: usd(ledger),
  }));

describe("driftProblems()", () => {
  it("finds nothing in fewer than two comparisons, however far off", () => {
    expect(driftProblems([])).toEqual([]);
    expect(driftProblems(compared([1, 100]))).toEqual([]);
  });

  it("finds a ledger above Apify's figure at two comparisons in a row, and not at one", () => {
    expect(driftProblems(compared([100, 103], [100, 103]))).toEqual([
      "the ledger has $103.00 of runs, where Apify says $100.00 in all in this usage cycle: budgets may stop runs too early",
    ]);
    expect(driftProblems(compared([100, 103], [100, 102]))).toEqual([]);
    expect(driftProblems(compared([100, 102], [100, 103]))).toEqual([]);
  });

  it("lets two percent and half a dollar pass, for figures lag", () => {
    const edge = [100, 102.5] as const;
    expect(driftProblems(compared(edge, edge))).toEqual([]);
    const over = [100, 102.500001] as const;
    expect(driftProblems(compared(over, over))).toHaveLength(1);
  });

  it("finds a jump of what is spent outside of runs, and says how much and since when", () => {
    expect(driftProblems(compared([10, 9], [36, 10]))).toEqual([
      "$25.00 were spent outside of the runs that the ledger knows between 2026-11-24T12:00:00.000Z and " +
        "2026-11-24T13:00:00.000Z: look at Apify's usage by service, no budget sees it",
    ]);
  });

  it("takes no jump for one that is less than a dollar, or less than five percent of all", () => {
    expect(driftProblems(compared([10, 10], [11, 10]))).toEqual([]);
    expect(driftProblems(compared([10, 10], [11.000001, 10]))).toHaveLength(1);
    expect(driftProblems(compared([995, 990], [1_000, 945]))).toEqual([]);
    expect(driftProblems(compared([995, 990], [1_000, 944.999999]))).toHaveLength(1);
  });

  it("looks at the last two comparisons alone", () => {
    const long = compared([10, 9], [36, 10], [36, 10]);
    expect(driftProblems(long)).toEqual([]);
    expect(driftProblems(long.slice(0, 2))).toHaveLength(1);
  });

  it("finds nothing where the ledger moves as Apify does", () => {
    const money = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(money, money, money, (spent, more, outside) => {
        expect(
          driftProblems(compared([spent + outside, spent], [spent + more + outside, spent + more])),
        ).toEqual([]);
      }),
    );
  });
});

describe("outsideRuns()", () => {
  it("is what Apify says beyond the ledger, and below nothing where the ledger says more", () => {
    const [more, less] = compared([10, 4], [4, 10]);
    expect([more, less].map((each) => each && outsideRuns(each))).toEqual([usd(6), -usd(6)]);
  });
});

describe("spentIn()", () => {
  const window = { from: new Date("2026-11-01"), to: new Date("2026-12-01") };
  const ended = liveRun({
    run: run({ id: "ended", status: "SUCCEEDED", finishedAt: NOON, usageTotalMicroUsd: usd(3) }),
    spent: { at: NOON, microUsd: usd(3) },
    unrecorded: { "2026-10-31T23": usd(1), "2026-11-24T11": usd(2) },
  });

  it("adds what is recorded and what live runs have not recorded yet, of the window alone", async () => {
    const { state } = createMemoryStores({ account: "default" });
    const { recordings } = await state.writeLedger([nextWrite(ended).write]);
    const live = liveRun({ unrecorded: { "2026-11-24T12": usd(0.5), "2026-10-31T23": usd(7) } });
    expect(await spentIn(state, new Map([["run1", live]]), recordings, window, NOON)).toBe(usd(2.5));
  });

  it("counts a run once that somebody else recorded meanwhile", async () => {
    const { state } = createMemoryStores({ account: "default" });
    await state.writeLedger([nextWrite(ended).write]);
    expect(await spentIn(state, new Map([["ended", ended]]), 0, window, NOON)).toBe(usd(2));
  });
});
