import { describe, expect, it } from "vitest";
import { figureIn, known, limitKey, secsBetween, unknown } from "../../../src/policy/limits/limit.ts";
import { at } from "../../support/builders.ts";

describe("limitKey()", () => {
  it("names a limit by all that it says, whatever the order in which it says it", () => {
    const a = { metric: "idleTime", value: 1800, options: { cpuBelow: 5, trafficBelow: 9 } };
    const b = { metric: "idleTime", value: 1800, options: { trafficBelow: 9, cpuBelow: 5 } };
    expect(limitKey(a)).toBe(limitKey(b));
    expect(limitKey({ metric: "runTime", value: 60 })).toBe("runTime/60");
  });

  it("tells limits apart by metric, value and each option", () => {
    const limits = [
      { metric: "a", value: 1 },
      { metric: "b", value: 1 },
      { metric: "a", value: 2 },
      { metric: "a", value: 1, options: { x: 1 } },
      { metric: "a", value: 1, options: { x: 2 } },
      { metric: "a", value: 1, options: { y: 1 } },
      { metric: "a", value: 1, options: { x: 1, y: 1 } },
    ];
    expect(new Set(limits.map(limitKey)).size).toBe(limits.length);
  });
});

describe("figureIn()", () => {
  it("finds a figure by its name, 0 included", () => {
    expect([figureIn({ a: 3 }, "a"), figureIn({ a: 0 }, "a")]).toEqual([3, 0]);
  });

  it.each<[Readonly<Record<string, number>> | undefined, string]>([
    [undefined, "a"],
    [{}, "a"],
    [{}, "toString"],
    [{ a: Number.NaN }, "a"],
    [{ a: Number.POSITIVE_INFINITY }, "a"],
  ])("finds none in %j by %s", (figures, name) => {
    expect(figureIn(figures, name)).toBeUndefined();
  });
});

describe("known(), unknown() and secsBetween()", () => {
  it("say what they are told", () => {
    expect([known(1), known(1, { a: 2 }), unknown("gone", true)]).toEqual([
      { kind: "known", value: 1 },
      { kind: "known", value: 1, facts: { a: 2 } },
      { kind: "unknown", reason: "gone", young: true },
    ]);
    expect([secsBetween(at(0), at(1.5)), secsBetween(at(1), at(0))]).toEqual([1.5, -1]);
  });
});
