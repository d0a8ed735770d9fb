import { describe, expect, it } from "vitest";
import { keptOf } from "../../../src/watchdog/hold/forget-left.ts";
import type { LeftSource } from "../../../src/watchdog/model/holds/hold.ts";
import type { ScheduleReading } from "../../../src/watchdog/model/ports.ts";

const MINUTE_MS = 60_000;
const START = new Date("2026-07-01T12:00:00Z");
const after = (minutes: number): Date => new Date(START.getTime() + minutes * MINUTE_MS);

const left: LeftSource = { scheduleId: "sched1", holdId: "hold1", at: START, reason: "refused" };
const gone: ScheduleReading = { kind: "gone" };
const disabled: ScheduleReading = {
  kind: "found",
  schedule: { id: "sched1", isEnabled: false, modifiedAt: START, state: "{}", starts: [] },
};

/** What is kept after these readings, the next a minute after the one before. */
const keptAfter = (...readings: readonly ScheduleReading[]): LeftSource | undefined =>
  readings.reduce<LeftSource | undefined>(
    (kept, reading, i) => kept && keptOf(kept, reading, after(i)),
    left,
  );

describe("what was left disabled", () => {
  it("is forgotten once Apify answers twice in a row, a minute apart, that it is not there", () => {
    expect(keptAfter(gone, gone)).toBeUndefined();
  });

  it("is kept after one such answer, also where there was another one before it was found disabled", () => {
    expect(keptAfter(gone, disabled, disabled, gone)).toBeDefined();
  });

  it("is left for the reason that it was, once it is found after all", () => {
    expect(keptAfter(gone, disabled)).toEqual(left);
  });

  it("has a reason that a version from before this was kept can read", () => {
    expect(["changed", "refused"]).toContain(keptAfter(gone)?.reason);
  });
});
