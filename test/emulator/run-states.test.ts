import { describe, expect, test } from "vitest";
import { ask, emulatorOf, HOUR, idOf, MINUTE, SECOND, statusOf } from "./support.ts";

function abort(emulator: ReturnType<typeof emulatorOf>, gracefully: boolean): string {
  return ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/abort?gracefully=${gracefully}`).data.status;
}

describe("a run left alone", () => {
  test("is READY, RUNNING, and ends as its script says", () => {
    const emulator = emulatorOf({ readyForMs: 2 * SECOND, ends: { afterMs: MINUTE, status: "FAILED" } });
    const id = idOf(emulator);
    expect(statusOf(emulator, id)).toBe("READY");
    emulator.clock.advance(2 * SECOND);
    expect(statusOf(emulator, id)).toBe("RUNNING");
    emulator.clock.advance(MINUTE);
    expect(statusOf(emulator, id)).toBe("FAILED");
  });

  test("times out by way of TIMING-OUT", () => {
    const emulator = emulatorOf({ timeoutSecs: 60, ends: { afterMs: HOUR, status: "SUCCEEDED" } });
    emulator.clock.advance(MINUTE);
    expect(statusOf(emulator, idOf(emulator))).toBe("TIMING-OUT");
    emulator.clock.advance(10 * SECOND);
    expect(statusOf(emulator, idOf(emulator))).toBe("TIMED-OUT");
  });

  test("never leaves READY when it gets no worker, costs nothing, and lacks most stats", () => {
    const emulator = emulatorOf({ readyForMs: Number.POSITIVE_INFINITY, cost: 9 });
    emulator.clock.advance(100 * HOUR);
    const { data } = ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`);
    expect(data).toMatchObject({
      status: "READY",
      usageTotalUsd: 0,
      stats: { runTimeSecs: null, computeUnits: 0 },
    });
    expect(data.stats).not.toHaveProperty("netRxBytes");
  });

  test("does not exist before its start", () => {
    const emulator = emulatorOf({ startsAfterMs: MINUTE });
    expect(ask(emulator, "GET", "/v2/actor-runs").data.total).toBe(0);
    emulator.clock.advance(MINUTE);
    expect(ask(emulator, "GET", "/v2/actor-runs").data.total).toBe(1);
  });

  test("has stats that fit the time it ran", () => {
    const emulator = emulatorOf({ memoryMbytes: 2_048, rxBytesPerSec: 1_000, restartsEveryMs: 20 * MINUTE });
    emulator.clock.advance(HOUR);
    expect(ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`).data.stats).toMatchObject({
      runTimeSecs: 3_600,
      durationMillis: 3_600_000,
      computeUnits: 2,
      netRxBytes: 3_600_000,
      restartCount: 3,
    });
  });
});

describe("a graceful abort", () => {
  test("of a READY run is done at once", () => {
    const emulator = emulatorOf({ readyForMs: MINUTE });
    expect(abort(emulator, true)).toBe("ABORTED");
  });

  test("lets the run drain, and force-stops it after 30 seconds", () => {
    const emulator = emulatorOf({ onAbort: { kind: "drains", forMs: HOUR } });
    expect(abort(emulator, true)).toBe("ABORTING");
    emulator.clock.advance(30 * SECOND - 1);
    expect(statusOf(emulator, idOf(emulator))).toBe("ABORTING");
    emulator.clock.advance(1);
    expect(statusOf(emulator, idOf(emulator))).toBe("ABORTED");
  });

  test("sent again while ABORTING does nothing: the window is not prolonged", () => {
    const emulator = emulatorOf({ onAbort: { kind: "drains", forMs: 20 * SECOND } });
    abort(emulator, true);
    emulator.clock.advance(15 * SECOND);
    expect(abort(emulator, true)).toBe("ABORTING");
    expect(emulator.truth.calls.at(-1)?.effect).toBe("none");
    emulator.clock.advance(5 * SECOND);
    expect(statusOf(emulator, idOf(emulator))).toBe("ABORTED");
  });

  test("loses the race against a run that finishes meanwhile", () => {
    const emulator = emulatorOf({ onAbort: { kind: "winsRace", afterMs: 4 * SECOND } });
    expect(abort(emulator, true)).toBe("ABORTING");
    emulator.clock.advance(4 * SECOND);
    expect(statusOf(emulator, idOf(emulator))).toBe("SUCCEEDED");
  });

  test("loses the race, too, against an end that was due during the drain", () => {
    const ends = { afterMs: MINUTE, status: "FAILED" } as const;
    const emulator = emulatorOf({ ends, onAbort: { kind: "drains", forMs: 10 * SECOND } });
    emulator.clock.advance(MINUTE - SECOND);
    abort(emulator, true);
    emulator.clock.advance(SECOND);
    expect(statusOf(emulator, idOf(emulator))).toBe("FAILED");
  });

  test("is ignored by some runs, which only an abort without grace ends", () => {
    const emulator = emulatorOf({ onAbort: { kind: "ignoresGraceful" } });
    abort(emulator, true);
    emulator.clock.advance(HOUR);
    expect(statusOf(emulator, idOf(emulator))).toBe("ABORTING");
    expect(abort(emulator, false)).toBe("ABORTED");
  });

  test("of a run that has ended answers the run unchanged", () => {
    const emulator = emulatorOf({ ends: { afterMs: SECOND, status: "SUCCEEDED" } });
    emulator.clock.advance(MINUTE);
    const before = ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`).data;
    const told = ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/abort?gracefully=1`);
    expect(told.status).toBe(200);
    expect(told.data).toEqual(before);
  });

  test("of a run that is TIMING-OUT does nothing", () => {
    const emulator = emulatorOf({ timeoutSecs: 60 });
    emulator.clock.advance(MINUTE);
    expect(abort(emulator, true)).toBe("TIMING-OUT");
    expect(abort(emulator, false)).toBe("TIMING-OUT");
  });
});

test("an unstoppable run stays ABORTING whatever is sent, and burns on", () => {
  const emulator = emulatorOf({ cost: 6, onAbort: { kind: "unstoppable" } });
  const id = idOf(emulator);
  expect(abort(emulator, false)).toBe("ABORTING");
  emulator.clock.advance(HOUR);
  expect(abort(emulator, true)).toBe("ABORTING");
  expect(abort(emulator, false)).toBe("ABORTING");
  expect(emulator.truth.costUsdAt(id, emulator.clock.now())).toBeCloseTo(6, 9);
});

describe("a resurrected run", () => {
  test("keeps its id and start, loses its end, and goes on adding up", () => {
    const emulator = emulatorOf({ cost: 6, usageLagMs: 0, ends: { afterMs: HOUR, status: "SUCCEEDED" } });
    const id = idOf(emulator);
    emulator.clock.advance(2 * HOUR);
    const before = ask(emulator, "GET", `/v2/actor-runs/${id}`).data;
    expect(ask(emulator, "GET", "/v2/actor-runs?status=RUNNING").data.total).toBe(0);
    const told = ask(emulator, "POST", `/v2/actor-runs/${id}/resurrect`).data;
    expect(before.finishedAt).not.toBeNull();
    expect(told).toMatchObject({ id, status: "RUNNING", startedAt: before.startedAt, finishedAt: null });
    expect(told.stats.resurrectCount).toBe(1);
    emulator.clock.advance(30 * MINUTE);
    const later = ask(emulator, "GET", `/v2/actor-runs/${id}`).data;
    // The hour of downtime costs nothing and does not count.
    expect(later).toMatchObject({ usageTotalUsd: 9, stats: { runTimeSecs: 5_400 } });
    expect(ask(emulator, "GET", "/v2/actor-runs?status=RUNNING").data.total).toBe(1);
  });

  test("counts its timeout from the resurrection", () => {
    const emulator = emulatorOf({ timeoutSecs: 3_600 });
    emulator.clock.advance(2 * HOUR);
    ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/resurrect?timeout=600`);
    emulator.clock.advance(10 * MINUTE - 1);
    expect(statusOf(emulator, idOf(emulator))).toBe("RUNNING");
    emulator.clock.advance(1);
    expect(statusOf(emulator, idOf(emulator))).toBe("TIMING-OUT");
  });

  test("must have ended", () => {
    const emulator = emulatorOf({});
    const told = ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/resurrect?memory=4096`);
    expect([told.status, told.error.type]).toEqual([400, "invalid-request"]);
    expect(ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`).data.options.memoryMbytes).toBe(1_024);
  });

  test("is RUNNING at once, however long it was READY in its first life", () => {
    const emulator = emulatorOf({ readyForMs: HOUR });
    abort(emulator, true);
    expect(ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/resurrect`).data.status).toBe("RUNNING");
  });

  test("can be aborted and resurrected again and again", () => {
    const emulator = emulatorOf({});
    const id = idOf(emulator);
    for (const count of [1, 2, 3]) {
      expect(abort(emulator, false)).toBe("ABORTED");
      emulator.clock.advance(MINUTE);
      expect(ask(emulator, "POST", `/v2/actor-runs/${id}/resurrect`).data.stats.resurrectCount).toBe(count);
      emulator.clock.advance(MINUTE);
    }
    expect(emulator.truth.runs()[0]?.lives.map((life) => life.endStatus)).toEqual([
      "ABORTED",
      "ABORTED",
      "ABORTED",
      undefined,
    ]);
  });
});
