import { type BudgetDecision, quantityWords, type Step } from "../../policy/index.ts";
import { minuteOf } from "../model/minute.ts";
import type { Outlook } from "./outlook.ts";

const HELD: Readonly<Record<string, string>> = {
  unfilledWindow: "nothing is stopped for it until the ledger knows all of its window",
  staleLedger: "nothing is stopped for it until the ledger is up to date again",
};

const DOES: Readonly<Record<Step["do"], string>> = {
  notify: "it is notified again",
  hold: "the schedules that start its runs are held, where the deployment allows holds",
  abort: "its runs are stopped",
  "abort-now": "its runs are stopped",
};

function stepWords({ at, do: action }: Step, { evidence, mode }: BudgetDecision): string {
  const bound = quantityWords(evidence.budget.of, Math.ceil((at * evidence.limit) / 100));
  const does = DOES[action];
  return `at ${at}% (${bound}) ${does}${action !== "notify" && mode === "observe" ? ", if the rule were enforced" : ""}`;
}

/** Of a budget's step: what happens next, what ends that, and the command that overrules it. */
export function budgetOutlook(decision: BudgetDecision): Outlook {
  const { ruleId, step, mode, guard, next, evidence } = decision;
  const end = `${minuteOf(evidence.budget.to)} UTC`;
  const overrule = `watchdog exempt add --rule ${ruleId} --until 24h --reason "…"`;
  if (step.do === "notify") {
    const nothing = `nothing: this is the rule's last step; the next window begins ${end}`;
    return { next: next ? stepWords(next, decision) : nothing, overrule };
  }
  if (mode === "observe") return { next: "nothing: the rule is only observed", overrule };
  const holds = step.do === "hold";
  if (guard && HELD[guard]) return { next: HELD[guard], overrule };
  const ends = `until ${end}, when the next window begins, or until it is raised or exempt`;
  const does = holds
    ? "the schedules that start its runs are held, where the deployment allows holds,"
    : "its runs are stopped on sight";
  return { next: `${does} ${ends}`, overrule };
}
