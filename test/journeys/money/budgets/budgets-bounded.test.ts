import { describe, expect, it } from "vitest";
import { createEmulator, steppedClock, type World } from "../../../../emulator/index.ts";
import { endExemption, grantExemption } from "../../../../src/watchdog/overrule/exemptions.ts";
import { engineMissing } from "../../../support/engines/engine.ts";
import { dailyBudget } from "../../../support/policies.ts";
import { entriesOfKind, recordedIn } from "../../../support/recorded.ts";
import { type WatchOptions, watch, watchFrom } from "../../../support/watch.ts";
import { burning, HOUR, MINUTE, SECOND, worldOf } from "../../../support/world.ts";

const START = new Date("2026-11-25T10:00:00.000Z");

const on = (world: World, policy: unknown, options: WatchOptions = {}) =>
  watchFrom(START, world, policy, options);

describe("a spent budget", () => {
  it("stops no more in a tick than the blast radius allows: the dearest first, the others held until there is room", async () => {
    const watched = await on(
      worldOf(...[1, 2, 3, 4, 5].map((usd) => burning(usd))),
      dailyBudget(5, {}, { perTick: 2 }),
    );
    const byTick: string[][] = [];
    for (let minute = 0; minute < 30; minute++) {
      const before = watched.aborts().length;
      await watched.ticks(1);
      const stopped = watched.aborts().slice(before);
      if (stopped.length > 0) byTick.push(stopped.map(({ runId = "" }) => runId));
    }
    const [a, b, c, d, e] = watched.runIds();
    expect(byTick).toEqual([[e, d], [c, b], [a]]);
    const held = await entriesOfKind(watched, "abort.held");
    // Of one instant, in no order.
    expect(new Set(held.map(({ runId, guard }) => `${runId} ${guard}`))).toEqual(
      new Set([c, b, a].map((runId) => `${runId} perTick`)),
    );
    expect(held).toHaveLength(3);
  });

  it("never stops more in an hour than may be, however many runs come", async () => {
    const late = Array.from({ length: 12 }, (_, i) => burning(1, { startsAfterMs: (40 + i) * MINUTE }));
    const watched = await on(worldOf(burning(20), ...late), dailyBudget(10, {}, { perHour: 4 }));
    await watched.ticks(59);
    // The first, and of those that its Actor started after that as many as perHour lets through again.
    expect(watched.aborts()).toHaveLength(1 + 4);
  });

  it("stops nobody while its rule is exempted, tells of it all the same, and stops when that ends", async () => {
    const watched = await on(worldOf(burning(30), burning(10)), dailyBudget(20));
    const subject = { kind: "rule", id: "a-day" } as const;
    const until = new Date(START.getTime() + 10 * HOUR);
    await watched.run(
      grantExemption(watched.ports, { subject, until, owner: "ann", reason: "a sale" }, "ann"),
    );
    await watched.ticks(40);
    expect(watched.aborts()).toEqual([]);
    expect((await entriesOfKind(watched, "step.notified")).map(({ step }) => step?.at)).toEqual([80, 100]);
    expect((await entriesOfKind(watched, "abort.held")).map(({ guard }) => guard)).toEqual([
      "exemption",
      "exemption",
    ]);
    await watched.run(endExemption(watched.ports, subject, { by: "ann", reason: "it is over" }));
    await watched.ticks(2);
    expect(watched.aborts()).toHaveLength(2);
  });

  it.skipIf(engineMissing)("is kept, told, spent and raised on the engine as on its twin", async () => {
    const play = async (stores: "memory" | "engine") => {
      const watched = await on(
        worldOf(burning(20), burning(10, { startsAfterMs: 20 * MINUTE })),
        dailyBudget(5),
        { on: stores },
      );
      await watched.ticks(18);
      const spent = watched.aborts().length;
      await watched.push(dailyBudget(50));
      await watched.ticks(7);
      const notices = await entriesOfKind(watched, "step.notified");
      const { cells, runs } = await recordedIn(watched.ports);
      return {
        calls: watched.aborts().map(({ runId, atMs }) => [runId, atMs]),
        spent,
        notices: notices.map(({ at, step, evidence }) => [at, step, evidence?.measured]),
        cells,
        runs,
      };
    };
    const onEngine = await play("engine");
    expect(onEngine).toEqual(await play("memory"));
    expect(onEngine).toMatchObject({ spent: 1 });
    expect(onEngine.calls).toHaveLength(1);
    expect(onEngine.notices).toHaveLength(2);
  });
});

describe("a flood of runs too small for any limit", () => {
  it("has none stopped before the budget is spent, and every one that a tick sees after it", async () => {
    const emulator = createEmulator({ world: "flood", clock: steppedClock(START) });
    const most = { perTick: 1000, perHour: 1000 };
    const watched = await watch(emulator, { policy: dailyBudget(5, {}, most) });
    const ticksAt: number[] = [];
    for (let minute = 0; minute < 50; minute++) {
      ticksAt.push(emulator.clock.now());
      await watched.ticks(1);
    }
    const { truth } = emulator;
    const spentAt = truth.crossedAt(() => true, 5, { fromMs: Date.parse("2026-11-25T00:00:00.000Z") }) ?? 0;
    const stopped = new Map(watched.aborts().map(({ runId, atMs }) => [runId, atMs]));
    expect(Math.min(...stopped.values())).toBeGreaterThanOrEqual(spentAt);
    // What Apify's figures lag behind, and one tick.
    const acting = ticksAt.filter((ms) => ms >= spentAt + 30 * SECOND);
    const seen = truth
      .runs()
      .filter(({ lives }) =>
        lives.some(({ startedAtMs, endedAtMs = Infinity }) =>
          acting.some((ms) => startedAtMs < ms && endedAtMs > ms + 2 * SECOND),
        ),
      );
    expect(seen.length).toBeGreaterThan(20);
    for (const { id } of seen) expect(stopped.has(id)).toBe(true);
  });
});
