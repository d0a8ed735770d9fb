import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatBytes, parseBytes } from "../../../src/policy/values/bytes.ts";

describe("parseBytes()", () => {
  it.each([
    ["500MB", 500_000_000],
    ["20GB", 20_000_000_000],
    ["2GiB", 2_147_483_648],
    ["1 KiB", 1024],
    ["1.5kb", 1500],
    ["1.525KB", 1525],
    ["7b", 7],
    ["0TB", 0],
    ["1TiB", 1_099_511_627_776],
    ["  3 mib ", 3_145_728],
  ])("reads %j as %d bytes", (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each([
    "",
    "MB",
    "500",
    "-5MB",
    "5 PB",
    "5MB!",
    "5MB 3",
    ["5MB"],
    "5 bytes",
    "1e3MB",
    ".5GB",
    "5,5GB",
    "NaN MB",
    "5 constructor",
    "5 valueOf",
    5,
    Number.NaN,
    null,
    undefined,
    [],
    {},
  ])("refuses %j", (raw) => {
    expect(parseBytes(raw)).toBeUndefined();
  });

  it("refuses a size without end", () => {
    expect(parseBytes(`${"9".repeat(400)}GB`)).toBeUndefined();
  });
});

describe("formatBytes()", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 KB"],
    [1_500_000, "1.5 MB"],
    [21_500_000_000, "21.5 GB"],
    [2e15, "2000.0 TB"],
  ])("shows %d bytes as %j", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("shows what parseBytes() reads back, to a tenth of the unit", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 - 1 }), (bytes) => {
        const back = parseBytes(formatBytes(bytes)) ?? Number.NaN;
        expect(Math.abs(back - bytes)).toBeLessThanOrEqual(bytes * 0.051);
      }),
    );
  });
});
