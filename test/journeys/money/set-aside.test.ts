import { describe, expect, it } from "vitest";
import type { RunScript } from "../../../emulator/index.ts";
import type { StateStore } from "../../../src/watchdog/model/ports.ts";
import { instead } from "../../support/instead.ts";
import { OBSERVED } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { type Watched, watchFrom } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, worldOf } from "../../support/world.ts";

const START = new Date("2026-11-25T09:00:00.000Z");
const DAY = 24 * HOUR;

/** 10 USD in an hour, and 5 by a correction that comes when nothing of it is in the live index. */
const CORRECTED = burning(10, {
  ends: { afterMs: HOUR, status: "SUCCEEDED" },
  corrections: [{ atMs: 5 * HOUR, factor: 0.5 }],
});

const watched = (run: RunScript, policy: unknown = OBSERVED): Promise<Watched> =>
  watchFrom(START, worldOf(run), policy);

const remembered = async ({ ports }: Watched): Promise<number> => (await ports.state.readLive()).runs.size;

/** The process of a tick whose state store does otherwise. */
const processWith = (world: Watched, changes: Partial<StateStore>) =>
  world.process({ state: instead(world.ports.state, changes) });

const DIES = { writeLive: () => Promise.reject(new Error("the process is gone")) };

async function expectCorrectedOnce(world: Watched): Promise<void> {
  const { cells, runs } = await recordedIn(world.ports);
  const [spent] = [...runs.values()];
  expect(spent).toBeGreaterThan(4_900_000);
  expect(spent).toBeLessThan(5_100_000);
  expect(cells).toBe(spent);
}

/** Until the tick that sets it aside is the next. */
async function beforeSetAside(run: RunScript): Promise<Watched> {
  const world = await watched(run);
  for (let i = 0; i < 90; i++) {
    const { runs } = await world.ports.state.readLive();
    const [known] = runs.values();
    const endedMs = known?.run.finishedAt?.getTime();
    if (endedMs && world.emulator.clock.now() >= endedMs + 15 * MINUTE) return world;
    await world.ticks(1);
  }
  throw new Error("it never ended");
}

describe("an ended run that is set aside until its day", () => {
  it("is set aside by the next tick where this one dies before the index is written", async () => {
    const world = await beforeSetAside(CORRECTED);
    await world.tick(processWith(world, DIES));
    expect(await remembered(world)).toBe(1);
    world.advance(MINUTE);
    await world.ticks(1);
    expect(await remembered(world)).toBe(0);
    world.advance(DAY);
    await world.ticks(2);
    await expectCorrectedOnce(world);
  });

  it("stays in the index where it can't be kept beside it", async () => {
    const world = await beforeSetAside(CORRECTED);
    const report = await world.tick(
      processWith(world, { writeAwaited: () => Promise.reject(new Error("no table")) }),
    );
    expect(report.skipped).toMatchObject({ "setting aside ended runs failed": 1 });
    expect(await remembered(world)).toBe(1);
  });

  it("is recalled by the next tick where one that recalled it dies, also after the correction was booked", async () => {
    const world = await beforeSetAside(CORRECTED);
    await world.ticks(1);
    world.advance(DAY);
    await world.tick(
      processWith(world, { ...DIES, writeLedger: () => Promise.reject(new Error("no answer")) }),
    );
    await world.tick(processWith(world, DIES));
    await world.ticks(2);
    await expectCorrectedOnce(world);
  });

  it("is recalled by two ticks at once, and its correction is booked once", async () => {
    const world = await beforeSetAside(CORRECTED);
    await world.ticks(1);
    world.advance(DAY);
    await Promise.all([world.tick(world.process()), world.tick(world.process())]);
    await world.ticks(1);
    await expectCorrectedOnce(world);
    await world.ticks(125);
    expect(await remembered(world)).toBe(0);
  });

  /** It lives again after seven hours, of which nothing is in the index, and is looked at for most of an hour. */
  async function livesAgain(fields: RunScript["fields"]): Promise<Watched> {
    const again = { ...CORRECTED, corrections: [], ...(fields && { fields }) };
    const world = await watched(
      { ...again, resurrected: { afterMs: 7 * HOUR, times: 1 } },
      {
        version: 1,
        mode: "enforce",
        rules: [{ id: "two-hours", limit: { runTime: "2h" }, steps: [{ at: "100%", do: "abort" }] }],
      },
    );
    await world.ticks(60 + 20);
    expect(await remembered(world)).toBe(0);
    for (let hour = 1; hour <= 7; hour++) {
      await world.ticks(1);
      world.advance(59 * MINUTE);
    }
    await world.ticks(30);
    expect(world.aborts()).toEqual([]);
    expect(await remembered(world)).toBe(1);
    return world;
  }

  it("and lives again by a count that stands still, is in a new life: its time counts from then", async () => {
    await livesAgain({ in: "detail", set: { "stats.resurrectCount": 0 } });
  });

  it("and lives again without a count, spent nothing while it was down", async () => {
    const world = await livesAgain({ in: "detail", omit: ["stats.resurrectCount"] });
    const { cells } = await world.ports.state.readSpend([{ from: "2026-11-25T11", to: "2026-11-25T15" }]);
    expect(cells.reduce((sum, { microUsd }) => sum + microUsd, 0)).toBe(0);
  });

  it("and lived again in a tick that died, and no other, is asked on its day what it came to", async () => {
    const again = { ...CORRECTED, corrections: [], resurrected: { afterMs: 2 * HOUR, times: 1 } };
    const world = await watched(again);
    await world.ticks(60 + 20);
    world.advance(100 * MINUTE + 5_000);
    const [id = ""] = world.runIds();
    expect(world.status(id)).toBe("RUNNING");
    await world.tick(processWith(world, DIES));
    expect(await world.ports.state.readRun(id)).toMatchObject({ run: { status: "RUNNING" } });
    world.advance(2 * HOUR);
    expect(world.status(id)).toBe("SUCCEEDED");
    world.advance(20 * HOUR);
    await world.ticks(3);
    expect(await world.ports.state.readRun(id)).toMatchObject({ run: { status: "SUCCEEDED" } });
    const { cells, runs } = await recordedIn(world.ports);
    expect(cells).toBe(runs.get(id));
    expect(cells).toBeGreaterThan(15_000_000);
  });
});
