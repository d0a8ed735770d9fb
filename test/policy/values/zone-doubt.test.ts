import { describe, expect, it } from "vitest";
import { zoneDoubt } from "../../../src/policy/values/zone-doubt.ts";

describe("zoneDoubt()", () => {
  it.each([
    ["EST", "America/New_York"],
    ["MST", "America/Denver"],
    ["+02:00", "Europe/Athens or Europe/Prague"],
    ["-0500", "America/New_York or America/Chicago"],
    ["+10", "Australia/Sydney"],
    ["Etc/GMT+5", "America/New_York or America/Chicago"],
  ])("says of %s that it keeps no daylight saving time, and where people do", (zone, places) => {
    expect(zoneDoubt(zone)).toBe(
      `${zone} keeps no daylight saving time, so it is an hour off for half of the year wherever clocks change; did you mean ${places}?`,
    );
  });

  it("says as what an abbreviation is read", () => {
    expect(zoneDoubt("BST")).toBe(
      "BST is read as Asia/Dhaka, which may be the time of another place; did you mean Europe/London?",
    );
    expect(zoneDoubt("ACT")).toMatch(/^ACT is read as .*; write the place, for example Europe\/London$/);
  });

  it.each([
    "UTC",
    "GMT",
    "Europe/Prague",
    "Asia/Kolkata",
    "CET",
    "Japan",
    "HST",
    "+00:00",
    "Etc/GMT",
    "+05:30",
  ])("has nothing against %s", (zone) => {
    expect(zoneDoubt(zone)).toBeUndefined();
  });
});
