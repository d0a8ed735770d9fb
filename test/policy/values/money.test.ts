import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatUsd, parseUsd, toMicroUsd, toUsd } from "../../../src/policy/values/money.ts";

describe("parseUsd()", () => {
  it.each([
    [5, 5_000_000],
    [0, 0],
    [0.25, 250_000],
    [0.1 + 0.2, 300_000],
    [1e6, 1_000_000_000_000],
    ["5", 5_000_000],
    ["5.50", 5_500_000],
    ["5.50 USD", 5_500_000],
    ["5usd", 5_000_000],
    ["$5", 5_000_000],
    [" $ 0.05 ", 50_000],
    [-5, -5_000_000],
    ["-5", -5_000_000],
  ])("reads %j as %d micro-dollars", (raw, micro) => {
    expect(parseUsd(raw)).toBe(micro);
  });

  it.each([
    "",
    " ",
    "$",
    "five",
    "5,00",
    "1,000",
    "5 EUR",
    "€5",
    "1e3",
    ".5",
    "5.",
    "NaN",
    "Infinity",
    "5 USD each",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    null,
    undefined,
    true,
    [],
    [5],
    {},
  ])("refuses %j", (raw) => {
    expect(parseUsd(raw)).toBeUndefined();
  });

  it("reads back every amount that formatUsd() shows in full", () => {
    fc.assert(
      fc.property(fc.nat({ max: 9_999 }), fc.nat({ max: 1_000_000 }), (below, cents) => {
        expect(parseUsd(formatUsd(below))).toBe(below);
        expect(parseUsd(formatUsd(cents * 10_000))).toBe(cents * 10_000);
      }),
    );
  });
});

describe("toMicroUsd()", () => {
  it("takes Apify's float for the nearest whole micro-dollar, and back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), (micro) => {
        expect(toMicroUsd(toUsd(micro))).toBe(micro);
      }),
    );
  });

  it("rounds what is less than a micro-dollar", () => {
    expect([0.0000004, 0.0000005, 4.9999996].map(toMicroUsd)).toEqual([0, 1, 5_000_000]);
  });
});

describe("formatUsd()", () => {
  it.each([
    [0, "$0.00"],
    [1, "$0.000001"],
    [50, "$0.00005"],
    [100, "$0.0001"],
    [1_000, "$0.001"],
    [9_999, "$0.009999"],
    [10_000, "$0.01"],
    [7_420_000, "$7.42"],
    [1_000_000_000_000, "$1000000.00"],
    [-2_500_000, "-$2.50"],
    [-50, "-$0.00005"],
  ])("shows %d micro-dollars as %j", (micro, text) => {
    expect(formatUsd(micro)).toBe(text);
  });

  it("shows nothing but nothing as $0.00", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), (micro) => {
        expect(formatUsd(micro)).not.toMatch(/^\$0(\.0*)?$/);
      }),
    );
  });
});
