import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addSpend,
  type Cell,
  dayOf,
  isEnded,
  isHourSlot,
  spread,
  sumCells,
  totalOf,
} from "../../../src/policy/index.ts";
import { readSnapshot } from "../../../src/watchdog/ledger/ledger.ts";
import { folded } from "../../../src/watchdog/observe/booked.ts";
import { HOUR, MINUTE } from "../../support/world.ts";
import { happening } from "./happenings.ts";
import { play } from "./play.ts";

const EVER = [
  { from: "2000-01-01", to: "2100-01-01" },
  { from: "2000-01-01T00", to: "2100-01-01T00" },
];

const byRunner = ({ actorId, actorTaskId = "", origin = "" }: Omit<Cell, "slot" | "microUsd">): string =>
  [actorId, actorTaskId, origin].join("/");

function sums(of: readonly (readonly [string, number])[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [key, microUsd] of of) all[key] = (all[key] ?? 0) + microUsd;
  return Object.fromEntries(Object.entries(all).filter(([, microUsd]) => microUsd !== 0));
}

describe("what was spent", () => {
  it("is in the cells as in the recorded runs, to the micro-dollar, under any interleaving, crash and repetition", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 40 }), async (happenings) => {
        const { account, stores, tick, wait, before } = await play(happenings);
        const recorded = async () => {
          const items = [];
          for await (const item of stores.state.allRuns()) items.push(item);
          return items;
        };
        const agree = async () => {
          const { cells } = await stores.state.readSpend(EVER);
          const days = cells.filter(({ slot }) => !isHourSlot(slot));
          const items = await recorded();
          expect(sums(days.map((cell) => [byRunner(cell), cell.microUsd]))).toEqual(
            sums(items.map(({ run, spent }) => [byRunner(run), spent?.microUsd ?? 0])),
          );
          // Starts once a run, failures as often as it failed; in the days as in the hours.
          const counts = items.map(({ run, counted }) => [byRunner(run), counted] as const);
          expect(counts.filter(([, counted]) => counted === undefined)).toEqual([]);
          for (const kept of [days, cells.filter(({ slot }) => isHourSlot(slot))]) {
            expect(sums(kept.map((cell) => [byRunner(cell), cell.runs ?? 0]))).toEqual(
              sums(counts.map(([runner]) => [runner, 1])),
            );
            expect(sums(kept.map((cell) => [byRunner(cell), cell.failures ?? 0]))).toEqual(
              sums(counts.map(([runner, counted]) => [runner, counted?.failures ?? 0])),
            );
          }
          // Where each run's money is known to be, there it is, and nowhere is less than nothing.
          const booked = items.flatMap(({ run, booked = {} }) =>
            Object.entries(booked).map(
              ([slot, microUsd]) => [`${dayOf(slot)} ${byRunner(run)}`, microUsd] as const,
            ),
          );
          expect(sums(booked)).toEqual(
            sums(days.map((cell) => [`${cell.slot} ${byRunner(cell)}`, cell.microUsd])),
          );
          expect(
            items.flatMap(({ booked = {} }) => Object.values(booked)).filter((each) => each < 0),
          ).toEqual([]);
          for (const { recorded, unrecorded = {} } of (await stores.state.readLive()).runs.values()) {
            const all = folded(addSpend(recorded?.booked ?? {}, unrecorded));
            expect(Object.values(all).filter((each) => each < 0)).toEqual([]);
          }
        };
        await agree();
        // Once all has ended and come to rest, the recorded is what Apify told last of what it told at all.
        for (let i = 0; i < 4; i++) {
          wait(5 * MINUTE);
          await tick();
        }
        await agree();
        const items = new Map((await recorded()).map((item) => [item.run.id, item]));
        for (const { id, status, microUsd } of account.runs) {
          // What had ended before the first tick is for the backfill.
          const isOurs = !before.has(id) || items.has(id);
          if (isOurs && isEnded(status) && microUsd !== undefined)
            expect(items.get(id)?.spent?.microUsd ?? 0).toBe(microUsd);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("is either in the cells or in the live index, never in both and never in neither, whoever died in between", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 40 }), async (happenings) => {
        const { stores } = await play(happenings);
        const { runs, recordings = 0 } = await stores.state.readLive();
        const window = { from: new Date("2020-01-01"), to: new Date("2040-01-01") };
        const now = new Date("2039-01-01");
        const snapshot = await readSnapshot(stores.state, runs, { recordings, windows: [window], now });
        const inCells = sumCells(snapshot.cells, window, () => "all").get("all") ?? 0;
        const inIndex = [...snapshot.live.values()].map(({ unrecorded = {} }) => totalOf(unrecorded));
        let known = 0;
        for (const { spent } of snapshot.live.values()) known += spent?.microUsd ?? 0;
        for await (const { run, spent } of stores.state.allRuns())
          if (!snapshot.live.has(run.id)) known += spent?.microUsd ?? 0;
        expect(inIndex.reduce((sum, each) => sum + each, inCells)).toBe(known);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("spread()", () => {
  it("gives whole micro-dollars that add up, whatever the amount and the time", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
        fc.nat({ max: 400 * 24 * HOUR }),
        (microUsd, from, ms) => {
          const pieces = spread(microUsd, from, new Date(from.getTime() + ms));
          expect(totalOf(pieces)).toBe(microUsd);
          expect(Object.values(pieces).every(Number.isSafeInteger)).toBe(true);
        },
      ),
    );
  });
});
