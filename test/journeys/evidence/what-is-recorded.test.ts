import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/index.ts";
import { backtest } from "../../../src/watchdog/learn/backtest.ts";
import { historyInLedger } from "../../../src/watchdog/learn/history.ts";
import { oneBudget } from "../../support/policies.ts";
import { watchFrom } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, worldOf } from "../../support/world.ts";

const NINE = new Date("2026-11-25T09:00:00.000Z");

describe("a run that was watched from its start to its end", () => {
  it("is recorded with its settings, its time in the queue, and its cost where that bends", async () => {
    const run = burning(0, {
      label: "turns",
      origin: "SCHEDULER",
      startsAfterMs: 30_000,
      readyForMs: 3 * MINUTE,
      memoryMbytes: 4_096,
      build: "beta",
      cost: { stretches: [{ forMs: 40 * MINUTE, usdPerHour: 3 }], thenUsdPerHour: 30 },
      ends: { afterMs: 80 * MINUTE, status: "SUCCEEDED" },
    });
    const watched = await watchFrom(NINE, worldOf(run), { ...oneBudget(1_000), mode: "observe" });
    await watched.ticks(110);
    const item = await watched.ports.state.readRun(watched.emulator.truth.idOf("turns"));
    expect(item).toMatchObject({
      settledAt: expect.any(Date),
      run: { origin: "SCHEDULER", settings: { memoryMbytes: 4_096, build: "beta", pricingModel: "NONE" } },
      spent: { microUsd: 22_000_000 },
    });
    expect(item?.run.detail).toBeUndefined();
    const ready = item?.watched?.readyUntil?.getTime() ?? 0;
    expect(ready - (item?.run.startedAt.getTime() ?? 0)).toBeGreaterThan(2 * MINUTE);
    // Its first look, the end of the queue, the bend and its last look, some of them on both sides.
    expect(item?.curve.length).toBeLessThanOrEqual(8);

    const history = await historyInLedger(watched.ports, {
      from: NINE,
      until: watched.ports.clock.now(),
    });
    const found = (limit: object, selector?: object) =>
      backtest(
        parsePolicy({
          version: 1,
          rules: [
            { id: "r", limit, ...(selector && { for: selector }), steps: [{ at: "100%", do: "abort" }] },
          ],
        }),
        history,
        () => ({}),
      );
    // Half an hour at 3 USD an hour after the queue; then it is known to the minute.
    const [stop] = found({ usageTotalUsd: 1.5 }).stops;
    expect(stop).toMatchObject({ sure: true });
    const width = (stop?.at.to.getTime() ?? HOUR) - (stop?.at.from.getTime() ?? 0);
    expect(width).toBeLessThan(MINUTE);
    expect(found({ usageTotalUsd: 1 }, { memory: [">= 4GB"] }).stops).toHaveLength(1);
    expect(found({ usageTotalUsd: 1 }, { memory: ["< 4GB"] }).stops).toEqual([]);
    expect(found({ usageTotalUsd: 1 }, { builds: ["beta"], pricingModels: ["NONE"] }).stops).toHaveLength(1);
    expect(found({ queueTime: "2m" }).stops).toMatchObject([
      { at: { to: new Date(NINE.getTime() + 30_000 + 2 * MINUTE) } },
    ]);
    expect(found({ queueTime: "4m" }).stops).toEqual([]);
    expect(found({ queueTime: "4m" }).coverage.notSimulated).toEqual(["pauses, exemptions and maxAborts"]);
  });

  it("keeps how it was watched when its figure is corrected after its end", async () => {
    const run = burning(0, {
      label: "corrected",
      readyForMs: 3 * MINUTE,
      cost: { startUsd: 8, thenUsdPerHour: 0 },
      corrections: [{ atMs: 14 * MINUTE, factor: 0.5 }],
      ends: { afterMs: 6 * MINUTE, status: "SUCCEEDED" },
    });
    const watched = await watchFrom(NINE, worldOf(run), { ...oneBudget(1_000), mode: "observe" });
    const item = () => watched.ports.state.readRun(watched.emulator.truth.idOf("corrected"));
    await watched.ticks(12);
    const before = await item();
    expect(before).toMatchObject({ settledAt: expect.any(Date), watched: { from: expect.any(Date) } });
    await watched.ticks(18);
    const after = await item();
    expect(after?.spent?.microUsd).toBe(4_000_000);
    expect(after?.watched).toEqual(before?.watched);
    expect(after?.curve).toEqual(before?.curve);
    expect(after?.run.settings).toEqual(before?.run.settings);
  });
});
