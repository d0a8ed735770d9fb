import type { Observation } from "../observation.ts";
import { isBudgetRule, modeOf, ownerOf, type Policy, type Rule, type Step } from "../policy.ts";
import { isOpen } from "../values/schedule.ts";
import { blastRooms } from "./blast/blast.ts";
import { blindSpot, countUnjudged } from "./blind-spots.ts";
import { type BudgetStanding, standingsOf } from "./budgets/budgets.ts";
import type { BudgetDecision, DecideInput, Decision, Decisions } from "./decision.ts";
import { dueHold } from "./holds/due-holds.ts";
import { type Judgement, judgeRun } from "./judgement.ts";
import { type Breach, breachesOf, chooseStop, nextStep, type Stop } from "./stop.ts";
import type { Reached } from "./verdict.ts";

const COST = "usageTotalUsd";

/** Does Apify not tell the cost that the rule asks for? */
function lacksCost(judgement: Judgement): boolean {
  const blind = blindSpot(judgement);
  return blind?.metric === COST && !blind.isDoubt;
}

const finite = (figure: number | undefined): number => (Number.isFinite(figure) ? Number(figure) : 0);
const burnOf = ({ observation }: Stop): number => finite(observation.burnMicroUsdPerHour);
const costOf = ({ observation }: Stop): number => finite(observation.run.usageTotalMicroUsd);

const byBurn = (a: Stop, b: Stop): number =>
  burnOf(b) - burnOf(a) || costOf(b) - costOf(a) || (a.observation.run.id < b.observation.run.id ? -1 : 1);

const subjectOf = ({ run, life }: Observation): Decision["subject"] => ({
  kind: "run",
  runId: run.id,
  life: life.number,
});

/** Who owns the rule, and what it does next when things go on as they do. */
function outlook(policy: Policy, rule: Rule, next: Step | undefined): Pick<Decision, "owner" | "next"> {
  const owner = ownerOf(policy, rule);
  return { ...(owner !== undefined && { owner }), ...(next && { next }) };
}

const noticeOf = (
  policy: Policy,
  breach: Breach,
  observation: Observation,
  { step, evidence }: Reached,
): Decision => ({
  subject: subjectOf(observation),
  ruleId: breach.rule.id,
  step,
  action: "notify",
  mode: modeOf(policy, breach.rule),
  evidence,
  also: [],
  ...outlook(policy, breach.rule, nextStep(breach.verdict, step)),
});

const noticesFor = (
  policy: Policy,
  observation: Observation,
  breaches: readonly Breach[],
): readonly Decision[] =>
  breaches.flatMap((breach) =>
    breach.verdict.notice && !isBudgetRule(breach.rule)
      ? [noticeOf(policy, breach, observation, breach.verdict.notice)]
      : [],
  );

/** What is told of a budget: its highest step and, where others stop or hold, those too. */
function budgetNotices(policy: Policy, standing: BudgetStanding, now: Date): readonly BudgetDecision[] {
  const { rule, place, verdict, guard } = standing;
  if (verdict.kind !== "breach" || (rule.schedule && !isOpen(rule.schedule, now))) return [];
  const { stop, hold, notice } = verdict;
  // What Apify says of the account rests on no ledger.
  const heldBy = ({ step }: Reached) => (guard && step.basis !== "account" ? { guard } : {});
  return [stop, hold, notice].flatMap((reached) =>
    reached
      ? [
          {
            subject: { kind: "budget", ruleId: rule.id, group: place.group, from: place.from },
            ruleId: rule.id,
            step: reached.step,
            action: "notify",
            mode: modeOf(policy, rule),
            ...heldBy(reached),
            evidence: { ...reached.evidence, budget: place },
            ...outlook(policy, rule, nextStep(verdict, reached.step)),
          },
        ]
      : [],
  );
}

/** Takes the stops in order through the blast radius; what is over is held. */
function applyBlast(
  stops: readonly Stop[],
  { policy, control, blast, now }: DecideInput,
): readonly Decision[] {
  const rooms = blastRooms(policy, control, blast, blast.now ?? now);
  return stops.map(({ observation, rule, step, evidence, mode, guard, also, next }) => {
    const held = guard ?? rooms[mode].take(observation);
    const observed = mode === "observe" ? ("observe" as const) : undefined;
    const reason = held ?? observed;
    return {
      subject: subjectOf(observation),
      ruleId: rule.id,
      step,
      action: held ? ("hold" as const) : step.do,
      mode,
      ...(reason && { guard: reason }),
      evidence,
      also,
      ...outlook(policy, rule, next),
    };
  });
}

/**
 * Verdicts and guards together: what to do about these observations now. Pure; the same for the Lambda, the
 * command line and every test. A run that has an open intent gets no other stop.
 */
export function decide(input: DecideInput): Decisions {
  const { policy, observations, ledger, control, now } = input;
  const budgets = input.budgets ?? (ledger && standingsOf(policy, ledger, now));
  const unjudged: Record<string, number> = {};
  const unknownCost: string[] = [];
  const stops: Stop[] = [];
  const notices: Decision[] = [];
  for (const observation of observations) {
    const judgements = judgeRun(policy, observation, now, { budgets });
    countUnjudged(judgements, unjudged);
    if (judgements.some(lacksCost)) unknownCost.push(observation.run.id);
    const breaches = breachesOf(judgements);
    notices.push(...noticesFor(policy, observation, breaches));
    const hasIntent = control.openRunIds.has(observation.run.id);
    const stop = hasIntent ? undefined : chooseStop(policy, observation, breaches, control, now);
    if (stop) stops.push(stop);
  }
  const standings = [...(budgets?.groups.values() ?? [])];
  return {
    decisions: [...applyBlast(stops.sort(byBurn), input), ...notices],
    budgets: standings.flatMap((standing) => budgetNotices(policy, standing, now)),
    holds: standings.flatMap((standing) => dueHold(policy, standing, control, now)),
    unknownCost,
    unjudged,
  };
}
