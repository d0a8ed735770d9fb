import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePercent, reaches } from "../../../src/policy/values/share.ts";
import { usd } from "../../support/builders.ts";

describe("parsePercent()", () => {
  it.each([
    ["80%", 80],
    ["0%", 0],
    ["12.5%", 12.5],
    ["12.525%", 12.525],
    [" 100 % ", 100],
    ["1000%", 1000],
  ])("reads %j as %d", (text, percent) => {
    expect(parsePercent(text)).toBe(percent);
  });

  it.each([
    "",
    "%",
    "80",
    "-5%",
    "+5%",
    "1e2%",
    ".5%",
    "80 percent",
    "80%%",
    80,
    0.8,
    0,
    Number.NaN,
    null,
    undefined,
    true,
    ["80%"],
    [],
    {},
  ])("refuses %j", (raw) => {
    expect(parsePercent(raw)).toBeUndefined();
  });
});

describe("reaches()", () => {
  const limits = [
    { of: "cost", limit: usd(5), just: 1 },
    { of: "a cent of cost", limit: usd(0.01), just: 1 },
    { of: "time", limit: 21_600, just: 0.001 },
    { of: "bytes", limit: 20_000_000_000, just: 1 },
    { of: "a count", limit: 3, just: 0.5 },
  ];
  const shares = [1, 50, 80, 99, 100, 101, 150, 1000];

  it.each(limits.flatMap((each) => shares.map((share) => ({ ...each, share }))))(
    "is one comparator for $of: below $share percent of $limit no, at it and above it yes",
    ({ limit, just, share }) => {
      const mark = (limit * share) / 100;
      expect([mark - just, mark, mark + just].map((each) => reaches(each, share, limit))).toEqual([
        false,
        true,
        true,
      ]);
    },
  );

  it("is exact at equality for whole limits and whole percentages", () => {
    const limit = fc.integer({ min: 1, max: 1_000_000_000_000 });
    fc.assert(
      fc.property(limit, fc.integer({ min: 1, max: 1000 }), (value, share) => {
        const exact = BigInt(value) * BigInt(share);
        const first = Number((exact + 99n) / 100n);
        expect(reaches(first, share, value)).toBe(true);
        expect(reaches(first - 1, share, value)).toBe(false);
      }),
    );
  });

  it("agrees with exact arithmetic for any whole figure", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 2_000_000 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (measured, share, limit) => {
          expect(reaches(measured, share, limit)).toBe(100 * measured >= share * limit);
        },
      ),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "is never reached by %d, which is no figure",
    (measured) => {
      expect(reaches(measured, 100, 5)).toBe(false);
    },
  );

  it("is never reached where the limit or the share is no number", () => {
    expect([reaches(5, 100, Number.NaN), reaches(5, Number.NaN, 5)]).toEqual([false, false]);
  });
});
