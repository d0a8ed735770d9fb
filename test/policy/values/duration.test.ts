import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDurationSecs } from "../../../src/policy/values/duration.ts";

describe("parseDurationSecs()", () => {
  it.each([
    ["90s", 90],
    ["5m", 300],
    ["6h", 21_600],
    ["1d12h", 129_600],
    ["1w", 604_800],
    ["1w2d3h4m5s", 788_645],
    ["1.5h", 5_400],
    ["0.25s", 0.25],
    ["0s", 0],
    ["007m", 420],
    ["  10m ", 600],
  ])("reads %j as %d seconds", (text, secs) => {
    expect(parseDurationSecs(text)).toBe(secs);
  });

  it.each([
    "",
    " ",
    "s",
    "90",
    "6 h",
    "1d 12h",
    "-5m",
    "+5m",
    "1e3s",
    ".5h",
    "5.m",
    "5ms",
    "5H",
    "5min",
    "five hours",
    "NaNs",
    "Infinityh",
    "٣h",
    "6h\n7m",
  ])("refuses %j", (text) => {
    expect(parseDurationSecs(text)).toBeUndefined();
  });

  it.each([90, 0, Number.NaN, null, undefined, true, [], ["6h"], {}, new Date(0)])(
    "refuses %j, which is no text",
    (raw) => {
      expect(parseDurationSecs(raw)).toBeUndefined();
    },
  );

  it.each(["30m6h", "6h6h", "1s1m", "1h2h3m"])("refuses %j, whose units do not fall", (text) => {
    expect(parseDurationSecs(text)).toBeUndefined();
  });

  it("refuses a duration without end, which no run could ever reach", () => {
    expect(parseDurationSecs(`${"9".repeat(400)}h`)).toBeUndefined();
  });
});

describe("formatDuration()", () => {
  it.each([
    [0, "0s"],
    [0.9, "0s"],
    [45, "45s"],
    [59.99, "59s"],
    [60, "1m"],
    [22_320, "6h 12m"],
    [22_325, "6h 12m"],
    [86_405, "1d 5s"],
    [129_600, "1d 12h"],
    [31 * 86_400, "31d"],
    [-5, "0s"],
    [Number.NaN, "0s"],
  ])("shows %d seconds as %j", (secs, text) => {
    expect(formatDuration(secs)).toBe(text);
  });

  it("shows what parseDurationSecs() reads back, to the two largest units", () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), (secs) => {
        const back = parseDurationSecs(formatDuration(secs).replaceAll(" ", "")) ?? Number.NaN;
        expect(back).toBeLessThanOrEqual(secs);
        expect(secs - back).toBeLessThan(secs >= 86_400 ? 3_600 : 60);
      }),
    );
  });
});
