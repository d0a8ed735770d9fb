import { nearest } from "../policy/values/nearest.ts";
import type { Foreseen } from "../watchdog/explain/explanation.ts";
import type { Expectation } from "./case-form.ts";

/** What was decided, in the words of an expectation. */
export type Got = Expectation & { readonly called: boolean };

/** One thing that is not as expected. */
export type Difference = {
  readonly key: keyof Expectation;
  readonly expected: string;
  readonly got: string;
  readonly hint?: string;
};

export const gotFrom = ({ action, ruleId, step, guard, called }: Foreseen): Got => ({
  do: action,
  ...(ruleId !== undefined && { rule: ruleId }),
  ...(guard && { guard }),
  ...(step && { at: step.at }),
  called,
});

const KEYS = ["do", "rule", "at", "guard", "called"] as const satisfies readonly (keyof Expectation)[];

const written = (key: keyof Expectation, value: unknown): string =>
  value === undefined ? "none" : key === "at" ? `${value}%` : String(value);

function hintOf(key: keyof Expectation, value: unknown, ruleIds: readonly string[]): string | undefined {
  if (key !== "rule" || typeof value !== "string" || ruleIds.includes(value)) return undefined;
  const guess = nearest(value, ruleIds);
  return `the policy has no rule ${value}${guess ? `; did you mean ${guess}?` : `; it has ${ruleIds.join(", ")}`}`;
}

/** Where what was decided differs from what is expected; what is not said is not compared. */
export const differencesOf = (
  expected: Expectation,
  got: Got,
  ruleIds: readonly string[],
): readonly Difference[] =>
  KEYS.filter((key) => expected[key] !== undefined && expected[key] !== got[key]).map((key) => {
    const hint = hintOf(key, expected[key], ruleIds);
    return {
      key,
      expected: written(key, expected[key]),
      got: written(key, got[key]),
      ...(hint !== undefined && { hint }),
    };
  });
