import { describe, expect, test } from "vitest";
import { createEmulator } from "../../../emulator/index.ts";
import { ask, emulatorOf, HOUR, MINUTE, SECOND } from "../support.ts";
import { detailOf, itemOf } from "./support.ts";

// Facts, section 6: a read right after a start may find nothing ("database replicas get up-to-date"); section 8: how
// often stats and figures of a running run move is nowhere documented, and a figure stood at 0.00005 where 0.04805 were
// billed; section 7: list and detail are two reads.

const RUN = { label: "run", cost: 60, usageLagMs: 0, startsAfterMs: -HOUR } as const;
const LIVE = "status=READY,RUNNING,TIMING-OUT,ABORTING";

describe("a detail that stands still", () => {
  test("shows the same stats to the last digit, while the figure and the status go on", () => {
    const stale = { in: "detail", what: "stats", fromMs: 5 * MINUTE, untilMs: 11 * MINUTE } as const;
    const emulator = emulatorOf({ ...RUN, stale });
    const moved = [];
    let before = detailOf(emulator, "run");
    for (let minute = 1; minute <= 13; minute++) {
      emulator.clock.advance(MINUTE);
      const now = detailOf(emulator, "run");
      if (JSON.stringify(now.stats) !== JSON.stringify(before.stats)) moved.push(minute);
      expect(now.usageTotalUsd).toBeCloseTo(60 + minute, 6);
      before = now;
    }
    expect(moved).toEqual([1, 2, 3, 4, 5, 11, 12, 13]);
  });

  test("can show the figure and what follows it alone as it was, stats on their way", () => {
    const emulator = emulatorOf({
      ...RUN,
      actor: "mapworks/places",
      stale: { what: "cost", fromMs: MINUTE },
    });
    emulator.clock.advance(HOUR);
    const shown = detailOf(emulator, "run");
    expect(shown).toMatchObject({ usageTotalUsd: 61, chargedEventCounts: { place: 6_100 } });
    expect(shown.stats.runTimeSecs).toBe(7_200);
    expect(itemOf(emulator, "run").usageTotalUsd).toBe(61);
    expect(emulator.truth.costUsdAt(shown.id, emulator.clock.now())).toBeCloseTo(120, 9);
    expect(emulator.truth.reportedUsdAt(shown.id, emulator.clock.now())).toBe(61);
  });
});

describe("answers that lag", () => {
  test("do so each kind on its own", () => {
    const stale = [
      { in: "list", byMs: 3 * MINUTE },
      { in: "detail", byMs: 10 * SECOND },
    ] as const;
    const emulator = emulatorOf({ ...RUN, cost: 3_600, stale });
    const id = emulator.truth.idOf("run");
    expect([itemOf(emulator, "run").usageTotalUsd, detailOf(emulator, "run").usageTotalUsd]).toEqual([
      3_420, 3_590,
    ]);
    expect(detailOf(emulator, "run").stats.runTimeSecs).toBe(3_590);
    const now = emulator.clock.now();
    expect([emulator.truth.reportedUsdAt(id, now, "list"), emulator.truth.reportedUsdAt(id, now)]).toEqual([
      3_420, 3_590,
    ]);
  });

  test("about everything show an ended run as live, and no run that is younger than the lag", () => {
    const emulator = emulatorOf(
      {
        ...RUN,
        ends: { afterMs: 70 * MINUTE, status: "FAILED" },
        stale: { in: "list", what: "all", byMs: MINUTE },
      },
      { label: "young", stale: { what: "all", byMs: 5 * SECOND } },
    );
    const young = `/v2/actor-runs/${emulator.truth.idOf("young")}`;
    expect([itemOf(emulator, "young"), ask(emulator, "GET", young).status]).toEqual([undefined, 404]);
    emulator.clock.advance(10 * MINUTE);
    expect(ask(emulator, "GET", young).status).toBe(200);
    expect(itemOf(emulator, "run", LIVE)).toMatchObject({ status: "RUNNING", finishedAt: null });
    expect(itemOf(emulator, "run", "status=FAILED")).toBeUndefined();
    expect(detailOf(emulator, "run").status).toBe("FAILED");
    emulator.clock.advance(MINUTE);
    expect(itemOf(emulator, "run", LIVE)).toBeUndefined();
    expect(itemOf(emulator, "run", "status=FAILED").status).toBe("FAILED");
  });

  test("never hide from who aborts a run what the call did to it", () => {
    const emulator = emulatorOf({ ...RUN, stale: { what: "all", byMs: MINUTE } });
    const path = `/v2/actor-runs/${emulator.truth.idOf("run")}`;
    expect(ask(emulator, "POST", `${path}/abort?gracefully=1`).data.status).toBe("ABORTING");
    expect(ask(emulator, "GET", path).data.status).toBe("RUNNING");
    emulator.clock.advance(MINUTE);
    expect(ask(emulator, "GET", path).data.status).toBe("ABORTING");
  });
});

test("the world standing-still has five ways to stand still, each of a run that works on", () => {
  const emulator = createEmulator({ world: "standing-still" });
  emulator.clock.advance(5 * MINUTE);
  const [stats, figure] = [detailOf(emulator, "stats-stand").stats, itemOf(emulator, "figure-stands")];
  emulator.clock.advance(5 * MINUTE + SECOND);
  expect(detailOf(emulator, "stats-stand").stats).toEqual(stats);
  expect(itemOf(emulator, "figure-stands").usageTotalUsd).toBe(figure.usageTotalUsd);
  expect(detailOf(emulator, "figure-stands").usageTotalUsd).toBe(figure.usageTotalUsd);
  expect(itemOf(emulator, "apart").usageTotalUsd).toBeLessThan(detailOf(emulator, "apart").usageTotalUsd);
  expect([itemOf(emulator, "ghost", LIVE).status, detailOf(emulator, "ghost").status]).toEqual([
    "RUNNING",
    "SUCCEEDED",
  ]);
  emulator.clock.advance(21 * MINUTE);
  expect(detailOf(emulator, "told-at-last")).toMatchObject({ status: "SUCCEEDED" });
  expect(detailOf(emulator, "told-at-last").usageTotalUsd).toBeLessThan(0.0001);
  emulator.clock.advance(130 * SECOND);
  expect(detailOf(emulator, "told-at-last").usageTotalUsd).toBeCloseTo(25, 3);
});
