import { describe, expect, it } from "vitest";
import { RUN } from "../hand-made.ts";
import type { SeenLedger } from "../history.ts";
import { Corrections, checkBooked } from "./booked.ts";

const START_MS = Date.parse("2026-09-01T08:10:00.000Z");
const HOUR_MS = 3_600_000;
const SPENDER = JSON.stringify([RUN.actorId, "", "API"]);
const LIVED = [{ ...RUN, lives: [{ startedAtMs: START_MS, endedAtMs: START_MS + 2 * HOUR_MS }] }];

type BySlot = Readonly<Record<string, number>>;

const ledger = (booked: BySlot, cells: BySlot, version = 1): SeenLedger => {
  const spentMicroUsd = Object.values(booked).reduce((sum, each) => sum + each, 0);
  const slots = Object.entries(cells).map(
    ([slot, microUsd]) => [slot, new Map([[SPENDER, microUsd]])] as const,
  );
  const run = { runId: RUN.id, spender: SPENDER, spentMicroUsd, settled: false, version, booked };
  return { cells: new Map(), slots: new Map(slots), runs: [run], live: [] };
};

const broken = (booked: BySlot, cells: BySlot): string =>
  [...checkBooked(ledger(booked, cells), LIVED, START_MS + 5 * HOUR_MS)].map(([, text]) => text).join();

describe("the oracle on what is booked of runs", () => {
  it("wants each cell to hold what is booked there, to the micro-dollar", () => {
    const booked = { "2026-09-01T08": 50, "2026-09-01T09": 60 };
    expect(broken(booked, { ...booked, "2026-09-01": 110 })).toBe("");
    expect(broken(booked, { ...booked, "2026-09-01T09": 59, "2026-09-01": 110 })).toContain(
      "2026-09-01T09 holds 59 µ$",
    );
    expect(broken(booked, { ...booked, "2026-09-01": 111 })).toContain("2026-09-01 holds 111 µ$");
    // By the day, which of its hours is not known of the run.
    expect(broken({ "2026-09-01": 110 }, { ...booked, "2026-09-01": 110 })).toBe("");
  });

  it("wants none to be booked when the run did not live, nor less than nothing", () => {
    const early = { "2026-09-01T07": 5 };
    expect(broken(early, { ...early, "2026-09-01": 5 })).toContain("when it did not live");
    const late = { "2026-09-01T12": 5 };
    expect(broken(late, { ...late, "2026-09-01": 5 })).toContain("when it did not live");
    const less = { "2026-09-01T08": 8, "2026-09-01T09": -3 };
    expect(broken(less, { ...less, "2026-09-01": 5 })).toContain("-3 µ$ are booked in 2026-09-01T09");
  });

  it("wants a correction to be taken off the latest hours first", () => {
    const corrected = (now: BySlot): string => {
      const corrections = new Corrections();
      const before = { "2026-09-01T08": 50, "2026-09-01T09": 60, "2026-09-01T10": 5 };
      return [before, now]
        .flatMap((booked, i) => [...corrections.check(ledger(booked, {}, i + 1), LIVED)])
        .map(([, text]) => text)
        .join();
    };
    expect(corrected({ "2026-09-01T08": 50, "2026-09-01T09": 20 })).toBe("");
    expect(corrected({ "2026-09-01T08": 40 })).toBe("");
    expect(corrected({ "2026-09-01T08": 40, "2026-09-01T10": 9 })).toBe("");
    expect(corrected({ "2026-09-01T08": 10, "2026-09-01T09": 60 })).toContain("before all of 2026-09-01T09");
  });
});
