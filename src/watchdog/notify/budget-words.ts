import { against, guardWords } from "../audit/describe.ts";
import { groupWords } from "../audit/describe-budget.ts";
import type { Entry, EntryBudget } from "../model/entry.ts";
import { minuteOf } from "../model/minute.ts";
import { commandOf, fact, utc, type Words } from "./words.ts";

/** Of a budget's step there is no run: whose it is, what it has spent, when its window ends, and what comes next. */
export function budgetWords(entry: Entry, budget: EntryBudget): Words {
  const { ruleId, policyVersion, mode, evidence, guard, owner, next, overrule } = entry;
  const whose = groupWords(budget);
  return {
    about: `budget ${ruleId} of ${whose}`,
    facts: [
      ...fact("Budget", `of ${whose}, from ${minuteOf(budget.from)} to ${minuteOf(budget.to)} UTC`),
      ...fact("Rule", `${ruleId}, of policy version ${policyVersion}, ${mode}`),
      ...fact("Measured", evidence && `${against(evidence)}, read ${utc(evidence.observedAt)}`),
      ...fact("Held", guard === undefined ? undefined : guardWords(guard)),
      ...fact("Owner", owner),
      ...fact("Next", next),
    ],
    ...(overrule !== undefined && { command: commandOf(overrule) }),
  };
}
