import { against, guardWords } from "../audit/describe.ts";
import { groupWords } from "../audit/describe-budget.ts";
import type { Entry, EntryBudget } from "../model/entry.ts";
import { minuteOf } from "../model/minute.ts";
import type { Fact } from "../model/notice.ts";
import { commandOf, utc, type Words } from "./words.ts";

/** Of a budget's step there is no run: whose it is, what it has spent, when its window ends, and what comes next. */
export function budgetWords(entry: Entry, budget: EntryBudget): Words {
  const { ruleId, policyVersion, mode, evidence, guard, owner, next, overrule } = entry;
  const whose = groupWords(budget);
  const facts: readonly (Fact | undefined)[] = [
    { name: "Budget", value: `of ${whose}, from ${minuteOf(budget.from)} to ${minuteOf(budget.to)} UTC` },
    { name: "Rule", value: `${ruleId}, of policy version ${policyVersion}, ${mode}` },
    evidence && { name: "Measured", value: `${against(evidence)}, read ${utc(evidence.observedAt)}` },
    guard === undefined ? undefined : { name: "Held", value: guardWords(guard) },
    owner === undefined ? undefined : { name: "Owner", value: owner },
    next === undefined ? undefined : { name: "Next", value: next },
  ];
  return {
    about: `budget ${ruleId} of ${whose}`,
    facts: facts.filter((fact) => fact !== undefined),
    ...(overrule !== undefined && { command: commandOf(overrule) }),
  };
}
