import { PolicyError, type Problem } from "../policy/language/errors.ts";
import { show } from "../policy/language/problems.ts";
import { isBudgetRule, type Policy } from "../policy/policy.ts";
import { toUsd } from "../policy/values/money.ts";
import { nearest } from "../policy/values/nearest.ts";
import type { CaseFile } from "./case-file.ts";

function problemOf(
  { rules }: Policy,
  id: string,
  microUsd: number,
  path: Problem["path"],
): Problem | undefined {
  const found = rules.filter(isBudgetRule).find((rule) => rule.id === id)?.budget;
  const isWhole = found === undefined || found.of === "usd" || Number.isInteger(toUsd(microUsd));
  if (!isWhole) return { path, got: show(toUsd(microUsd)), expected: `a whole number of ${found.of}` };
  if (found) return undefined;
  const budgets = rules.filter(isBudgetRule).map((rule) => rule.id);
  const isLimit = rules.some((rule) => rule.id === id);
  const guess = nearest(id, budgets);
  const hint = guess ? `; did you mean ${guess}?` : "";
  const known =
    budgets.length > 0 ? `the id of a budget's rule: ${budgets.join(", ")}${hint}` : "a policy with a budget";
  return { path, got: isLimit ? `${show(id)}, a rule with a limit` : show(id), expected: known };
}

/** Throws `PolicyError` where cases say what was spent of something that the policy has no budget for. */
export function checkSpent(policy: Policy, { cases }: CaseFile): void {
  const problems = cases.flatMap(({ spent = {} }, at) =>
    Object.entries(spent).flatMap(
      ([id, microUsd]) => problemOf(policy, id, microUsd, ["cases", at, "spent", id]) ?? [],
    ),
  );
  if (problems.length > 0) throw new PolicyError(problems);
}
