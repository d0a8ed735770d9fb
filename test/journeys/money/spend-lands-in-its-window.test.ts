import { describe, expect, it } from "vitest";
import { createEmulator, type RunScript, steppedClock, type World } from "../../../emulator/index.ts";
import { type SpendBySlot, spentWithin, startOfSlot, type Window } from "../../../src/policy/index.ts";
import { oneBudget } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { type Watched, watch, watchFrom } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, SECOND, worldOf } from "../../support/world.ts";

const at = (world: World, start: string, policy: unknown) => watchFrom(new Date(start), world, policy);

/** What the hours of the ledger hold of a window, and what live runs have unrecorded of it; in USD. */
async function inHours({ ports }: Watched, window: Window): Promise<number> {
  const { cells } = await ports.state.readSpend([{ from: "2026-01-01T00", to: "2027-01-01T00" }]);
  const hours = cells.filter(({ slot }) => {
    const from = startOfSlot(slot);
    return from >= window.from && from < window.to;
  });
  const { runs } = await ports.state.readLive();
  const open = [...runs.values()].map(({ unrecorded = {} }) =>
    spentWithin(unrecorded as SpendBySlot, window),
  );
  return [...hours.map(({ microUsd }) => microUsd), ...open].reduce((sum, each) => sum + each, 0) / 1_000_000;
}

const everybody = () => true;

describe("what was spent before a window", () => {
  it.each(["hour", "day", "week"])(
    "of a ten-day-old run of 200 USD blows no budget of 50 USD a %s, when the watchdog is installed",
    async (per) => {
      const old = burning(200 / 240, { startsAfterMs: -240 * HOUR });
      // A Monday: the week is young, too.
      const watched = await at(worldOf(old), "2026-11-23T20:00:00.000Z", oneBudget(50, per));
      await watched.ticks(30);
      expect(watched.aborts()).toEqual([]);
      expect((await recordedIn(watched.ports)).cells).toBeGreaterThan(199_000_000);
    },
  );

  it("is not held against the day, which is blown by its own part alone", async () => {
    const old = burning(200 / 240, { startsAfterMs: -240 * HOUR });
    const watched = await at(worldOf(old), "2026-11-23T20:00:00.000Z", oneBudget(17, "day"));
    // 16.67 USD by 20:00, 0.83 an hour.
    await watched.ticks(23);
    expect(watched.aborts()).toEqual([]);
    await watched.ticks(3);
    expect(watched.aborts()).toHaveLength(1);
  });
});

describe("an outage of six hours", () => {
  const lived: RunScript[] = Array.from({ length: 12 }, (_, i) =>
    burning(3, {
      startsAfterMs: (60 + i * 25) * MINUTE,
      ends: { afterMs: 10 * MINUTE, status: "SUCCEEDED" },
    }),
  );
  const world = worldOf(burning(4), ...lived);
  const START = "2026-11-25T06:00:00.000Z";

  it("misses nothing: who lived and died in it is recorded, and what was spent lies in the hours in which it arose", async () => {
    const watched = await at(world, START, oneBudget(1_000, "day"));
    await watched.ticks(30);
    watched.advance(6 * HOUR);
    await watched.ticks(5);
    const { runs } = await recordedIn(watched.ports);
    expect(runs.size).toBe(13);
    const { truth, clock } = watched.emulator;
    for (const [id, microUsd] of runs) {
      if (
        truth
          .runs()
          .find((run) => run.id === id)
          ?.lives.at(-1)?.endStatus === undefined
      )
        continue;
      expect(microUsd / 1_000_000).toBeCloseTo(truth.costUsdAt(id, clock.now()), 5);
    }
    for (let hour = 6; hour < 12; hour++) {
      const from = new Date(`2026-11-25T${String(hour).padStart(2, "0")}:00:00.000Z`);
      const window = { from, to: new Date(from.getTime() + HOUR) };
      const spent = truth.usdBetween(everybody, from.getTime(), window.to.getTime());
      expect(await inHours(watched, window)).toBeCloseTo(spent, 1);
    }
  });

  it("blows no budget of the hour after it", async () => {
    const watched = await at(world, START, oneBudget(4.5, "hour"));
    await watched.ticks(30);
    watched.advance(6 * HOUR);
    const reports = await watched.ticks(20);
    const [first] = reports;
    expect(watched.aborts()).toEqual([]);
    // Nor is it held: that the first tick stops nothing would hide it.
    expect(reports.flatMap(({ decisions }) => decisions)).toEqual([]);
    expect(first?.skipped).toEqual({});
  });

  it("holds the stops of a spent budget at its first tick, for that knows the ledger to be old", async () => {
    const watched = await at(world, START, oneBudget(20, "day"));
    await watched.ticks(30);
    watched.advance(6 * HOUR);
    const first = await watched.tick();
    watched.advance(MINUTE);
    const second = await watched.tick();
    expect(first.decisions.map(({ action, guard }) => guard ?? action)).toContain("staleLedger");
    expect(second.decisions.map(({ action }) => action)).toContain("abort");
    expect(watched.aborts()).toHaveLength(1);
  });
});

describe("at a boundary of windows", () => {
  /** Ticks up to the boundary and over it; the budget is almost spent just before. */
  async function over(start: string, minutesBefore: number, policy: unknown, world = worldOf(burning(6))) {
    const watched = await at(world, start, policy);
    await watched.ticks(minutesBefore);
    expect(watched.aborts()).toEqual([]);
    await watched.ticks(40);
    return watched;
  }

  it("a month begins with nothing spent", async () => {
    // 11.5 USD by midnight, of 12; 4 more after it.
    const watched = await over("2026-11-30T22:05:00.000Z", 115, oneBudget(12, "month"));
    expect(watched.aborts()).toEqual([]);
    const november = { from: new Date("2026-11-01"), to: new Date("2026-12-01") };
    const { truth } = watched.emulator;
    expect(await inHours(watched, november)).toBeCloseTo(
      truth.usdBetween(everybody, november.from.getTime(), november.to.getTime()),
      1,
    );
  });

  it.each([
    { zone: "a day of 25 hours", start: "2026-10-25T21:00:00.000Z", boundary: "23:00Z" },
    { zone: "a day of 23 hours", start: "2026-03-29T20:00:00.000Z", boundary: "22:00Z" },
  ])("$zone in Prague ends at $boundary", async ({ start }) => {
    const prague = { timeZone: "Europe/Prague" };
    // Two hours before midnight there; 11.9 of 12 USD are spent just before it.
    const watched = await over(start, 119, oneBudget(12, "day", prague));
    expect(watched.aborts()).toEqual([]);
    await watched.ticks(85);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("a usage cycle that begins on the 17th at 14:00 begins with nothing spent", async () => {
    const world = { ...worldOf(burning(6)), cycleStart: { day: 17, hour: 14 } };
    const watched = await over("2026-11-17T12:05:00.000Z", 115, oneBudget(12, "cycle"), world);
    expect(watched.aborts()).toEqual([]);
    await watched.ticks(85);
    expect(watched.aborts()).toHaveLength(1);
  });
});

describe("a thousand runs that live 20 s each", () => {
  it("are all in the ledger, and the daily budget stops the flood where it is spent", async () => {
    const emulator = createEmulator({
      world: "flood",
      clock: steppedClock(new Date("2026-11-25T09:00:00.000Z")),
    });
    const watched = await watch(emulator, { policy: oneBudget(10, "day") });
    const reports = await watched.ticks(135);
    const { truth, clock } = emulator;
    const { cells, runs } = await recordedIn(watched.ports);
    const live = [...(await watched.ports.state.readLive()).runs.values()];
    expect(live.filter(({ run }) => run.finishedAt === undefined)).toEqual([]);
    expect(runs.size).toBe(truth.runs().length);
    for (const [id, microUsd] of runs)
      expect(Math.abs(microUsd - truth.costUsdAt(id, clock.now()) * 1_000_000)).toBeLessThanOrEqual(1);
    expect(cells).toBe([...runs.values()].reduce((sum, each) => sum + each, 0));

    const spentAt = truth.crossedAt(everybody, 10, { fromMs: Date.parse("2026-11-25T00:00:00.000Z") }) ?? 0;
    const [first] = watched.aborts();
    expect(first?.atMs).toBeGreaterThanOrEqual(spentAt);
    // A tick later, and what Apify's figures lag behind.
    expect(first?.atMs).toBeLessThan(spentAt + MINUTE + 30 * SECOND);
    expect(reports.at(-1)?.skipped).toEqual({});
  });
});
