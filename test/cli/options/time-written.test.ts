import { describe, expect, it } from "vitest";
import { dayWritten, instantWritten, type Way } from "../../../cli/options/time-written.ts";

// A Wednesday; in Auckland it is Thursday already, in Kiritimati too.
const NOW = new Date("2026-11-25T13:30:00.000Z");
const day = (text: string, way: Way, timeZone = "UTC") =>
  dayWritten(text, way, NOW, timeZone)?.toISOString().replace(":00:00.000Z", "Z");

describe("a day as it is written", () => {
  it.each([
    ["2026-11-24", "2026-11-24T00Z"],
    ["today", "2026-11-25T00Z"],
    ["yesterday", "2026-11-24T00Z"],
    ["monday", "2026-11-23T00Z"],
    ["wednesday", "2026-11-25T00Z"],
    ["thu", "2026-11-19T00Z"],
    ["Friday", "2026-11-20T00Z"],
    ["this week", "2026-11-23T00Z"],
    ["last week", "2026-11-16T00Z"],
    ["this month", "2026-11-01T00Z"],
    ["last month", "2026-10-01T00Z"],
  ])("looking back, %s begins %s", (text, expected) => {
    expect(day(text, "back")).toBe(expected);
  });

  it.each([
    ["tomorrow", "2026-11-26T00Z"],
    ["friday", "2026-11-27T00Z"],
    ["wednesday", "2026-12-02T00Z"],
    ["tue", "2026-12-01T00Z"],
    ["next week", "2026-11-30T00Z"],
    ["next month", "2026-12-01T00Z"],
    ["2026-12-24", "2026-12-24T00Z"],
  ])("looking ahead, %s begins %s", (text, expected) => {
    expect(day(text, "on")).toBe(expected);
  });

  it.each([
    ["Europe/Berlin", "2026-11-25", "2026-11-24T23Z"],
    ["America/New_York", "today", "2026-11-25T05Z"],
    ["Pacific/Auckland", "today", "2026-11-25T11Z"],
    ["Pacific/Kiritimati", "2026-11-25", "2026-11-24T10Z"],
    ["Asia/Kolkata", "yesterday", "2026-11-23T19Z"],
  ])("begins in %s: %s at %s, with the first full hour of UTC", (timeZone, text, expected) => {
    expect(day(text, "back", timeZone)).toBe(expected);
  });

  it.each(["2026-02-30", "2026-13-01", "2026-1-1", "someday", "next friday", "", "constructor", "7d"])(
    "is refused as %j",
    (text) => {
      expect(day(text, "back")).toBeUndefined();
    },
  );
});

describe("a time that needs no calendar", () => {
  it("is a span from now, either way, to the second", () => {
    expect(instantWritten("90m", "back", NOW)?.toISOString()).toBe("2026-11-25T12:00:00.000Z");
    expect(instantWritten("90m", "on", NOW)?.toISOString()).toBe("2026-11-25T15:00:00.000Z");
  });

  it("is an instant with its zone", () => {
    expect(instantWritten("2026-11-24T18:00+01:00", "back", NOW)?.toISOString()).toBe(
      "2026-11-24T17:00:00.000Z",
    );
  });

  it.each(["2026-11-24T18:00", "2026-11-24", "0s", "soon"])("is not %j", (text) => {
    expect(instantWritten(text, "on", NOW)).toBeUndefined();
  });
});
