import { expect, it } from "vitest";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { sumCells, totalOf } from "../../../src/policy/index.ts";
import { readSnapshot, viewLedger } from "../../../src/watchdog/ledger/ledger.ts";
import { nextWrite } from "../../../src/watchdog/ledger/record.ts";
import { at, HOUR, liveRun, MINUTE, run, usd } from "../../support/builders.ts";

const spending = (costUsd: number, overrides = {}) =>
  liveRun({
    run: run({ startedAt: at(-HOUR), usageTotalMicroUsd: usd(costUsd), ...overrides }),
    observedAt: at(0),
    spent: { at: at(0), microUsd: usd(costUsd) },
    unrecorded: { "2026-11-24T11": usd(costUsd) },
  });

it("a run that was forgotten, lives again and could not be recorded is counted once", async () => {
  const { state } = createMemoryStores({ account: "default" });
  const { recordings } = await state.writeLedger([nextWrite(spending(4, { status: "SUCCEEDED" })).write]);
  const again = spending(6);
  const window = { from: at(-24 * HOUR), to: at(24 * HOUR) };
  const live = new Map([[again.run.id, again]]);
  // Nothing was recorded since, so the counter says nothing of it.
  const snapshot = await readSnapshot(state, live, { recordings, windows: [window], now: at(HOUR) });
  const inCells = sumCells(snapshot.cells, window, () => "all").get("all") ?? 0;
  expect(inCells).toBe(usd(4));
  expect(totalOf(snapshot.live.get(again.run.id)?.unrecorded ?? {})).toBe(usd(2));
});

it("projections go on by what live runs burn, and not by what one burned that is gone or was not seen for long", () => {
  const burn = [-2, -1, 0].map((hours) => ({ at: at(hours * HOUR), usageMicroUsd: usd(3 + hours) }));
  const burns = (overrides = {}) => {
    const view = viewLedger([{ ...spending(3), burn, ...overrides }], {
      recorded: { cells: [], nameOf: () => ({}) },
      readAt: at(5 * MINUTE),
      state: { version: 1, drift: [] },
      budgets: { looks: {}, said: [] },
    });
    return view.live.map(({ measuredBurnMicroUsdPerHour }) => measuredBurnMicroUsdPerHour);
  };
  expect(burns()).toEqual([usd(1)]);
  expect(burns({ observedAt: at(-1) })).toEqual([undefined]);
  expect(burns({ missingSince: at(0) })).toEqual([undefined]);
  expect(burns({ run: run({ status: "SUCCEEDED" }) })).toEqual([undefined]);
});
