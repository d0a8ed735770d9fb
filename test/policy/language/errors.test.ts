import { describe, expect, it } from "vitest";
import { formatPath, formatProblem, PolicyError } from "../../../src/policy/language/errors.ts";

describe("formatPath()", () => {
  it.each([
    [[], "policy"],
    [["mode"], "mode"],
    [["rules", 0, "limit", "stats.netRxBytes"], "rules[0].limit.stats.netRxBytes"],
    [["rules", 2, "for", "actors", 11], "rules[2].for.actors[11]"],
  ])("writes %j as %j", (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe("PolicyError", () => {
  it("has a line for every problem: where, what came, what was wanted", () => {
    const problems = [
      { path: ["mode"], got: '"dry"', expected: "one of observe, enforce" },
      { path: ["rules", 0], got: "5", expected: "an object" },
    ];
    const error = new PolicyError(problems);
    expect(error.message).toBe(problems.map(formatProblem).join("\n"));
    expect(error).toMatchObject({ name: "PolicyError", problems });
  });
});
