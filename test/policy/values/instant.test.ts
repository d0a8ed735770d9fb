import { describe, expect, it } from "vitest";
import { parseInstant } from "../../../src/policy/values/instant.ts";

describe("parseInstant()", () => {
  it.each([
    ["2026-11-25T12:00:00Z", "2026-11-25T12:00:00.000Z"],
    ["2026-11-25T12:00Z", "2026-11-25T12:00:00.000Z"],
    ["2026-11-25T12:00:00.123456+00:00", "2026-11-25T12:00:00.123Z"],
    ["2026-11-25T00:30:00+01:00", "2026-11-24T23:30:00.000Z"],
    ["2026-11-25", "2026-11-25T00:00:00.000Z"],
    [" 2026-02-28 ", "2026-02-28T00:00:00.000Z"],
    ["2028-02-29", "2028-02-29T00:00:00.000Z"],
  ])("reads %j", (text, instant) => {
    expect(parseInstant(text)?.toISOString()).toBe(instant);
  });

  it.each([
    "2026-11-31",
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-11-00",
    "2026-11-31T12:00:00Z",
    "2026-11-25T24:00:00Z",
    "2026-11-25T12:60:00Z",
    "2026-11-25T12:00:00",
    "2026-11-25T12:00:00+25:00",
    "25.11.2026",
    "2026-1-2",
    "now",
    "",
    20261125,
    undefined,
  ])("takes %j for none: it is no time, or one that no calendar has", (raw) => {
    expect(parseInstant(raw)).toBeUndefined();
  });
});
