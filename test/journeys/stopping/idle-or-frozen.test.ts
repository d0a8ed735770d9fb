import { describe, expect, it } from "vitest";
import type { RunScript } from "../../../emulator/index.ts";
import { ABORT, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, SECOND, worldOf } from "../../support/world.ts";

const IDLE_FIVE_MINUTES = fiveUsd({
  rules: [{ id: "idle", limit: { idleTime: "5m" }, steps: [ABORT] }],
});

/** It computes, and little else. From the sixth look on its detail shows for six minutes what it was at a moment of low CPU. */
const frozen = (more: Partial<RunScript> = {}): RunScript =>
  burning(0.5, {
    startsAfterMs: -HOUR,
    rxBytesPerSec: 1_000,
    spendsOn: { DATASET_READS: 1 },
    stale: { in: "detail", what: "measures", fromMs: 5 * MINUTE - SECOND, untilMs: 11 * MINUTE },
    fields: {
      in: "detail",
      set: { "stats.cpuCurrentUsage": 0.3 },
      fromMs: 5 * MINUTE - SECOND,
      untilMs: 11 * MINUTE,
    },
    ...more,
  });

describe("a run under idleTime: 5m whose detail is frozen for six minutes at a moment of low CPU", () => {
  it("is not aborted while it works", async () => {
    const { ticks, aborts } = await watch(worldOf(frozen()), { policy: IDLE_FIVE_MINUTES });
    await ticks(20);
    expect(aborts()).toEqual([]);
  });

  it("is not aborted while it is frozen, but when it is really idle and its stats move", async () => {
    const idle = frozen({ idleAfterMs: HOUR + 12 * MINUTE });
    const { ticks, aborts, emulator } = await watch(worldOf(idle), { policy: IDLE_FIVE_MINUTES });
    const startMs = emulator.clock.now();
    await ticks(25);
    const minutes = aborts().map(({ atMs }) => (atMs - startMs) / MINUTE);
    expect(minutes).toHaveLength(1);
    // The first look that shows a whole minute of idleness comes in the 13th.
    expect(minutes[0]).toBeGreaterThanOrEqual(12 + 5);
    expect(minutes[0]).toBeLessThanOrEqual(12 + 7);
  });

  it("is timed by the looks whose stats moved, where it was idle before and after", async () => {
    const idle = frozen({ idleAfterMs: HOUR + 2 * MINUTE });
    const { ticks, aborts, emulator } = await watch(worldOf(idle), { policy: IDLE_FIVE_MINUTES });
    const startMs = emulator.clock.now();
    await ticks(10);
    expect(aborts()).toEqual([]);
    await ticks(4);
    const [abort] = aborts();
    expect(((abort?.atMs ?? 0) - startMs) / MINUTE).toBeGreaterThanOrEqual(11);
  });
});
