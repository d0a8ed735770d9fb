import { describe, expect, it } from "vitest";
import { type Budget, budgetWords } from "../../../src/policy/index.ts";
import { usd } from "../../support/builders.ts";

const words = (change: Partial<Budget> = {}) =>
  budgetWords({ of: "usd", limit: usd(300), per: "month", each: "account", timeZone: "UTC", ...change });

describe("budgetWords()", () => {
  it("says how much, how often and for what", () => {
    expect(words()).toBe("$300 a month in all");
    expect(words({ each: "actor" })).toBe("$300 a month for each Actor");
    expect(words({ per: "hour", each: "task" })).toBe("$300 an hour for each task");
    expect(words({ per: "day", each: "schedule" })).toBe("$300 a day for each schedule");
    expect(words({ per: "cycle", each: "origin" })).toBe("$300 a usage cycle for each origin");
  });

  it("keeps the cents where there are some", () => {
    expect(words({ limit: usd(2.5) })).toBe("$2.50 a month in all");
    expect(words({ limit: 100 })).toBe("$0.0001 a month in all");
  });

  it("names the zone where a window begins at local midnight, and it is not UTC's", () => {
    const timeZone = "Europe/Prague";
    for (const per of ["day", "week", "month"] as const)
      expect(words({ per, timeZone })).toBe(`$300 a ${per} in all (Europe/Prague)`);
    expect(words({ per: "hour", timeZone })).toBe("$300 an hour in all");
    expect(words({ per: "cycle", timeZone })).toBe("$300 a usage cycle in all");
  });
});
