import { describe, expect, it } from "vitest";
import type { RunScript } from "../../../emulator/index.ts";
import { OBSERVED, oneBudget } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { type Watched, watchFrom } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, SECOND, worldOf } from "../../support/world.ts";

const START = new Date("2026-11-25T09:00:00.000Z");
const DAY = 24 * HOUR;

const readsOf = ({ emulator }: Watched): number =>
  emulator.truth.calls.filter(({ kind }) => kind === "get").length;

async function settledAt(watched: Watched): Promise<Date | undefined> {
  for await (const item of watched.ports.state.allRuns()) return item.settledAt;
  return undefined;
}

const spentUsd = async (watched: Watched): Promise<readonly number[]> =>
  [...(await recordedIn(watched.ports)).runs.values()].map((microUsd) => microUsd / 1e6);

describe("a figure that comes after the end", () => {
  it.each([130, 240])(
    "of 25 USD, %i s late, is in the ledger a quarter of an hour after it",
    async (secs) => {
      const late: RunScript = burning(0, {
        startsAfterMs: 0,
        cost: { startUsd: 0.00005, thenUsdPerHour: 25 },
        stale: { what: "cost", fromMs: 1, untilMs: HOUR + secs * SECOND },
        ends: { afterMs: HOUR, status: "SUCCEEDED" },
      });
      const watched = await watchFrom(START, worldOf(late), OBSERVED);
      await watched.ticks(60 + 14);
      expect((await spentUsd(watched))[0]).toBeLessThan(0.001);
      await watched.ticks(4);
      expect((await spentUsd(watched))[0]).toBeCloseTo(25, 3);
      // In the hour in which it ran, and not in the one in which it was told.
      const { cells } = await watched.ports.state.readSpend([{ from: "2026-11-25T10", to: "2026-11-25T23" }]);
      expect(cells.reduce((sum, { microUsd }) => sum + microUsd, 0)).toBeLessThan(1_000);
    },
  );

  it("and is corrected hours later is read once more after a day, and then forgotten", async () => {
    const corrected = burning(10, {
      ends: { afterMs: HOUR, status: "SUCCEEDED" },
      corrections: [{ atMs: 5 * HOUR, factor: 0.5 }],
    });
    const watched = await watchFrom(START, worldOf(corrected), OBSERVED);
    await watched.ticks(60 + 20);
    const before = readsOf(watched);
    await watched.ticks(60);
    // Nothing is asked meanwhile, and nothing of it is written each minute.
    expect(readsOf(watched)).toBe(before);
    expect((await watched.ports.state.readLive()).runs.size).toBe(0);
    watched.advance(DAY);
    await watched.ticks(2);
    expect(readsOf(watched)).toBe(before + 1);
    expect((await spentUsd(watched))[0]).toBeCloseTo(5, 3);
    await watched.ticks(125);
    expect((await watched.ports.state.readLive()).runs.size).toBe(0);
    expect(readsOf(watched)).toBe(before + 1);
  });

  it("and stands at 0 beside compute units until then is no final figure", async () => {
    const zero = burning(10, {
      ends: { afterMs: 10 * MINUTE, status: "SUCCEEDED" },
      costMissing: { as: "zero", untilMs: 20 * MINUTE },
    });
    const watched = await watchFrom(START, worldOf(zero), OBSERVED);
    await watched.ticks(20);
    expect(await settledAt(watched)).toBeUndefined();
    await watched.ticks(7);
    expect(await settledAt(watched)).toBeDefined();
    expect((await spentUsd(watched))[0]).toBeCloseTo(10 / 6, 3);
  });

  it("and has not all in it that was charged is no final figure until a quarter of an hour has passed", async () => {
    const charged = burning(6, {
      actor: "toolbox/leads",
      usageLagMs: 5 * MINUTE,
      settlesInMs: 14 * MINUTE,
      settlesInSteps: 1,
      ends: { afterMs: 10 * MINUTE, status: "SUCCEEDED" },
    });
    const world = worldOf(charged);
    const chargesFor = { event: "lead", priceUsd: 0.01 };
    const actors = [...world.actors, { name: "toolbox/leads", chargesFor }];
    const watched = await watchFrom(START, { ...world, actors }, OBSERVED);
    await watched.ticks(20);
    expect(await settledAt(watched)).toBeUndefined();
    await watched.ticks(7);
    expect(await settledAt(watched)).toBeDefined();
    expect((await spentUsd(watched))[0]).toBeCloseTo(1, 2);
  });
});

describe("the end of a run", () => {
  it("is written down once, with its final figure", async () => {
    const watched = await watchFrom(
      START,
      worldOf(burning(10, { ends: { afterMs: 30 * MINUTE, status: "SUCCEEDED" } })),
      OBSERVED,
    );
    await watched.ticks(31);
    const [id = ""] = watched.runIds();
    const seen = await watched.ports.state.readRun(id);
    expect(seen).toMatchObject({ version: 1 });
    await watched.ticks(3);
    const item = await watched.ports.state.readRun(id);
    expect(item).toMatchObject({ run: { status: "SUCCEEDED" }, version: 2, settledAt: expect.any(Date) });
  });

  it("does not wait longer than three minutes for that", async () => {
    const zero = burning(10, {
      ends: { afterMs: 10 * MINUTE, status: "SUCCEEDED" },
      costMissing: { as: "zero", untilMs: HOUR },
    });
    const watched = await watchFrom(START, worldOf(zero), OBSERVED);
    await watched.ticks(14);
    const item = await watched.ports.state.readRun(watched.runIds()[0] ?? "");
    expect(item).toMatchObject({ run: { status: "SUCCEEDED" } });
    expect(item).not.toHaveProperty("settledAt");
  });
});

describe("the hourly comparison with Apify's own figure", () => {
  it("names the runs whose final figures moved", async () => {
    const corrected = burning(30, {
      label: "corrected",
      startsAfterMs: 70 * MINUTE,
      ends: { afterMs: 20 * MINUTE, status: "SUCCEEDED" },
      corrections: [{ atMs: 100 * MINUTE, factor: 4 }],
    });
    const world = {
      ...worldOf(corrected),
      cycleStart: { day: 25, hour: 0 },
      outsideJumps: [{ afterMs: 100 * MINUTE, usd: 250 }],
    };
    const watched = await watchFrom(START, world, oneBudget(1_000, "cycle"));
    await watched.ticks(124);
    const id = watched.emulator.truth.idOf("corrected");
    const { drift } = await watched.ports.state.readLedger();
    expect(drift.at(-1)?.moved).toEqual([{ runId: id, microUsd: 30_000_000 }]);
    expect((await watched.tick()).attention.join()).toContain(`${id} (+$30.00)`);
  });
});
