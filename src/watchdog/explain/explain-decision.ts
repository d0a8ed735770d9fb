import {
  type BudgetDecision,
  type DecideInput,
  type Decision,
  decide,
  formatUsd,
  isEnded,
  isStop,
  judgeRun,
  type MaxAborts,
  type Observation,
  standingsOf,
} from "../../policy/index.ts";
import { against, guardWords } from "../audit/describe.ts";
import { evidenceOf } from "../model/evidence.ts";
import { minuteOf } from "../model/minute.ts";
import { viewOfRule } from "./explain-rule.ts";
import { aheadWords, exemptionWords } from "./explain-words.ts";
import type { Foreseen, Judged, RuleView } from "./explanation.ts";

const NOTICE = "notify";

/** Why a guard holds a stop, with what that guard says. */
function heldFor(guard: string, rule: RuleView | undefined, { control, policy }: DecideInput): string {
  if (guard === "exemption" && rule?.exempt) return exemptionWords(rule.exempt);
  if (guard === "pause" && control.pause) {
    const { by, since, until, reason } = control.pause;
    const end = until ? ` until ${minuteOf(until)} UTC` : "";
    return `paused by ${by} since ${minuteOf(since)} UTC${end}: ${reason}`;
  }
  const allowed = policy.guards.maxAborts[guard as keyof MaxAborts];
  return allowed === undefined
    ? guardWords(guard)
    : `${guardWords(guard)} (${allowed}); most expensive first`;
}

function whyOf(decision: Decision, rules: readonly RuleView[], input: DecideInput): string {
  const { ruleId, guard, action, mode, step } = decision;
  const facts = `${against(evidenceOf(decision))} (${ruleId})`;
  if (action === NOTICE) return `${facts} has passed ${step.at}%`;
  if (action === "hold") {
    const rule = rules.find((each) => each.ruleId === ruleId);
    return `${facts}; not stopped: ${heldFor(guard ?? "", rule, input)}`;
  }
  if (mode === "observe") return `${facts}; the rule is only observed, so nothing is called`;
  return `${facts}; ${action === "abort" ? "asked to end gracefully" : "aborted without grace"}`;
}

/** When the very same decision was written down before; `undefined`: never, or it is not known. */
export type SaidAt = (decision: Decision) => string | undefined;

function foresee(
  decision: Decision,
  rules: readonly RuleView[],
  input: DecideInput,
  saidAt: SaidAt,
): Foreseen {
  const { action, ruleId, step, mode, guard, owner } = decision;
  const said = saidAt(decision);
  const called = action !== NOTICE && action !== "hold" && mode === "enforce";
  return {
    action,
    ruleId,
    step,
    mode,
    ...(guard && { guard }),
    ...(owner !== undefined && { owner }),
    called,
    ...(said !== undefined && { saidAt: said }),
    why: whyOf(decision, rules, input),
  };
}

/** What is told of a budget, which is about none of its runs. */
export const foreseeBudget = ({ ruleId, step, mode, evidence }: BudgetDecision): Foreseen => ({
  action: NOTICE,
  ruleId,
  step,
  mode,
  called: false,
  why: `${against(evidenceOf({ evidence }))} (${ruleId}), at ${step.at}%`,
});

/** The rule that is nearest to stopping the run, in words. */
function nearestStop(rules: readonly RuleView[]): string | undefined {
  const [nearest] = rules
    .flatMap((rule) => {
      const stop = [rule.nextStop, rule.nextStep].find((step) => step && isStop(step));
      return stop && rule.applies === "yes" ? [{ rule, stop, left: stop.at / 100 - (rule.share ?? 0) }] : [];
    })
    // One that nothing holds says most.
    .sort((a, b) => Number(a.stop.held !== undefined) - Number(b.stop.held !== undefined) || a.left - b.left);
  if (nearest === undefined) return undefined;
  const observed = nearest.rule.mode === "observe" ? ", only observed" : "";
  return `nearest is ${nearest.rule.ruleId}: ${aheadWords(nearest.stop, nearest.rule)}${observed}`;
}

function whyNothing(rules: readonly RuleView[], { run }: Observation, isOpen: boolean): string {
  if (isOpen) return "it is being stopped already";
  if (isEnded(run.status)) return `it has ended: ${run.status}`;
  const applying = rules.filter(({ applies }) => applies === "yes");
  if (applying.length === 0) return "no rule applies to it now";
  const waiting = applying.find((rule) => rule.waiting.length > 0);
  if (waiting) return `no step is taken yet: ${waiting.ruleId} ${waiting.says}`;
  const cost = run.usageTotalMicroUsd === undefined ? "an unknown cost" : formatUsd(run.usageTotalMicroUsd);
  const next = nearestStop(rules);
  return `no step is reached, at ${cost}${next ? `; ${next}` : ", and no rule would stop it"}`;
}

/**
 * What a tick would do about one of the observed runs, and what every rule says of it: by the very functions that the tick
 * decides with, on all the runs, for they share the blast radius.
 */
export function explainDecision(
  input: DecideInput,
  observation: Observation,
  saidAt: SaidAt = () => undefined,
): Judged {
  const { policy, control, now } = input;
  const { id } = observation.run;
  const underIntent = control.openRunIds.has(id);
  const budgets = input.budgets ?? (input.ledger && standingsOf(policy, input.ledger, now));
  const outset = { policy, control, observation, budgets, now };
  const rules = judgeRun(policy, observation, now, { underIntent, budgets }).map((each) =>
    viewOfRule(each, outset),
  );
  const own = decide({ ...input, budgets }).decisions.filter(({ subject }) => subject.runId === id);
  const foreseen = own.map((decision) => foresee(decision, rules, input, saidAt));
  const stop = foreseen.find(({ action }) => action !== NOTICE);
  const notices = foreseen.filter(({ action }) => action === NOTICE);
  const [first, ...rest] = notices;
  if (stop) return { decision: stop, notices, rules };
  if (first) return { decision: first, notices: rest, rules };
  const why = whyNothing(rules, observation, underIntent);
  return { decision: { action: "nothing", called: false, why }, notices: [], rules };
}
