import { describe, expect, it } from "vitest";
import { countingWithin } from "../../../src/policy/spend/cells.ts";

const window = { from: new Date("2026-11-25T06:00:00.000Z"), to: new Date("2026-11-25T18:00:00.000Z") };

describe("countingWithin()", () => {
  it("counts the hours from the window's first to its last, of each spend alike", () => {
    const counted = countingWithin(window);
    const spend = {
      "2026-11-25T05": 1,
      "2026-11-25T06": 20,
      "2026-11-25T17": 300,
      "2026-11-25T18": 4_000,
    };
    expect(counted(spend)).toBe(320);
    expect(counted({ ...spend, "2026-11-25T12": 50_000 })).toBe(50_320);
  });

  it("counts the window's share of what is known to the day alone", () => {
    const counted = countingWithin(window);
    expect(counted({ "2026-11-25": 1_000, "2026-11-24": 70, "2026-11-25T05": 9 })).toBe(500);
    expect(counted({ "2026-11-25": 2_000 })).toBe(1_000);
  });

  it("counts a correction downwards", () => {
    expect(countingWithin(window)({ "2026-11-25T07": 30, "2026-11-25T08": -40 })).toBe(-10);
  });
});
