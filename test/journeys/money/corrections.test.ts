import { describe, expect, it } from "vitest";
import type { RunScript } from "../../../emulator/index.ts";
import { decodeLive, encodeLive } from "../../../src/watchdog/stored/codec.ts";
import { ANY_SHARE, oneBudget } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { type Watched, watchFrom } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, worldOf } from "../../support/world.ts";

/** What the ledger has of each day, with what is not recorded yet, in USD. */
async function byDay({ ports }: Watched): Promise<Record<string, number>> {
  const { cells } = await ports.state.readSpend([{ from: "2026-11-01", to: "2026-12-31" }]);
  const days: Record<string, number> = {};
  for (const { slot, microUsd } of cells) days[slot] = (days[slot] ?? 0) + microUsd / 1e6;
  for (const { unrecorded = {} } of (await ports.state.readLive()).runs.values())
    for (const [slot, microUsd] of Object.entries(unrecorded))
      days[slot.slice(0, 10)] = (days[slot.slice(0, 10)] ?? 0) + microUsd / 1e6;
  return Object.fromEntries(Object.entries(days).map(([day, usd]) => [day, Math.round(usd * 100) / 100]));
}

/** Costs so much at once, and no more. */
const once = (usd: number, overrides: Partial<RunScript> = {}): RunScript =>
  burning(0, { cost: { startUsd: usd, thenUsdPerHour: 0 }, ...overrides });

describe("a correction downwards", () => {
  it("after midnight is taken off the day in which the money was booked, and today's budget still stops", async () => {
    // Twenty minutes to midnight, when 80 USD are shown; two minutes past it all prices halve, and 280 more are spent.
    const others = once(80, { label: "others" });
    const todays = once(280, { label: "todays", startsAfterMs: 21 * MINUTE });
    const world = {
      ...worldOf(others, todays),
      changes: [{ kind: "prices" as const, atMs: 22 * MINUTE, factor: 0.5 }],
    };
    const watched = await watchFrom(new Date("2026-11-25T23:40:00.000Z"), world, {
      ...oneBudget(100),
      mode: "observe",
    });
    await watched.ticks(27);
    expect(await byDay(watched)).toEqual({ "2026-11-25": 40, "2026-11-26": 140 });
    await watched.push(oneBudget(100));
    await watched.ticks(3);
    expect(watched.aborts(watched.emulator.truth.idOf("todays"))).toHaveLength(1);
  });

  it("of a run of days is taken off its last hours, and those before keep theirs", async () => {
    const world = worldOf(burning(1, { corrections: [{ atMs: 30 * HOUR, factor: 0.9 }] }));
    const watched = await watchFrom(new Date("2026-11-25T00:00:00.000Z"), world, oneBudget(1_000));
    for (let hour = 0; hour < 31; hour++) {
      await watched.ticks(2);
      watched.advance(58 * MINUTE);
    }
    await watched.ticks(2);
    // 30 USD, then 27, and one more since: 24 on the first day stay, for the second had 6 of which 3 were taken off.
    const days = await byDay(watched);
    expect(days["2026-11-25"]).toBeCloseTo(24, 1);
    expect(days["2026-11-26"]).toBeCloseTo(4, 1);
  });

  it("is taken off the hours of what a version before had recorded, by the run's curve", async () => {
    const run = once(80, { corrections: [{ atMs: 30 * MINUTE, factor: 0.5 }] });
    const watched = await watchFrom(new Date("2026-11-25T23:40:00.000Z"), worldOf(run), oneBudget(1_000));
    await watched.ticks(22);
    // As it was kept before slots were.
    const live = await watched.ports.state.readLive();
    const text = encodeLive(live)
      .replaceAll(/"booked":\{[^}]*\},?/g, "")
      .replaceAll(",}", "}");
    await watched.ports.state.writeLive({ ...decodeLive(text, "live"), version: live.version });
    await watched.ticks(10);
    expect(await byDay(watched)).toMatchObject({ "2026-11-25": 40 });
    const { cells, runs } = await recordedIn(watched.ports);
    expect(cells).toBe([...runs.values()].reduce((sum, each) => sum + each, 0));
  });
});

describe("a RUNNING run with a finishedAt of yesterday, left from a life before", () => {
  it("spends now, and the hour's budget stops it", async () => {
    const run = burning(12, { fields: { set: { finishedAt: "2026-11-24T12:00:00.000Z" } } });
    const watched = await watchFrom(new Date("2026-11-25T12:00:00.000Z"), worldOf(run), {
      ...oneBudget(5, "hour"),
      ...ANY_SHARE,
    });
    await watched.ticks(30);
    expect(Object.keys(await byDay(watched))).toEqual(["2026-11-25"]);
    expect(watched.aborts()).toHaveLength(1);
  });
});
