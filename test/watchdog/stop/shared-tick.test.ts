import { describe, expect, it } from "vitest";
import { sharedNow, sharedTick } from "../../../src/watchdog/stop/shared-tick.ts";

const NOON = Date.parse("2026-09-01T12:00:00.000Z");

/** A pass that began ten seconds before noon, on a machine whose clock is so far ahead and, since then, was set. */
function passOf({ aheadMs = 0, setMs = 0, stoodMs = 0 }): Parameters<typeof sharedTick>[0] {
  const clock = {
    now: () => new Date(NOON + aheadMs + setMs),
    monotonicMs: () => 10_000 - stoodMs,
    sleep: async () => undefined,
  };
  const [startedAt, endsBy] = [NOON - 10_000 + aheadMs, NOON + 50_000 + aheadMs].map((ms) => new Date(ms));
  if (startedAt === undefined || endsBy === undefined) throw new Error("no such pass");
  const tick = { id: "tick", startedAt, startedMs: 0, endsBy };
  const apify = { now: () => new Date(NOON) };
  return { ports: { apify, clock }, tick } as unknown as Parameters<typeof sharedTick>[0];
}

const secondsOf = (pass: Parameters<typeof sharedTick>[0]): readonly [startedAt: number, endsBy: number] => {
  const { startedAt, endsBy } = sharedTick(pass);
  return [(startedAt.getTime() - NOON) / 1_000, (endsBy.getTime() - NOON) / 1_000];
};

describe("a tick as other processes see it", () => {
  it.each([-20_000, 0, 20_000])("is dated by Apify's clock where ours is %d ms ahead", (aheadMs) => {
    expect(secondsOf(passOf({ aheadMs }))).toEqual([-15, 50]);
  });

  it("began no later than either clock says: one may have been set, the other may have stood still", () => {
    expect(secondsOf(passOf({ setMs: -8_000 }))[0]).toBe(-15);
    expect(secondsOf(passOf({ stoodMs: 8_000 }))[0]).toBe(-15);
  });
});

it("an hour is over only when all who compare their clocks with Apify's agree that it is", () => {
  expect(sharedNow(passOf({ aheadMs: 20_000 })).getTime()).toBe(NOON - 5_000);
});
