import {
  type Ahead,
  BUDGET,
  type BudgetStanding,
  type BudgetStandings,
  budgetStepsAhead,
  budgetWords,
  type ControlView,
  covers,
  type Exemption,
  exempts,
  isBudgetRule,
  isStop,
  type Judgement,
  type LimitRule,
  modeOf,
  type Observation,
  ownerOf,
  type Policy,
  plainAmount,
  plainFigure,
  type Rule,
  type Step,
  standingFor,
  stepsAhead,
  toUsd,
  unitOf,
  unitOfBudget,
} from "../../policy/index.ts";
import { plainEvidence, plainPlace } from "../model/evidence.ts";
import { subjectWords } from "../model/exemption.ts";
import { budgetAhead } from "./budget-view.ts";
import { saysOf } from "./explain-words.ts";
import type { ExemptionView, RuleView, StepAhead } from "./explanation.ts";
import { heldAhead } from "./held-ahead.ts";

/** Everything that a rule's view of a run hangs on. */
export type Outset = {
  readonly policy: Policy;
  readonly control: ControlView;
  readonly observation: Observation;
  readonly budgets?: BudgetStandings | undefined;
  readonly now: Date;
};

function viewOfExemption(exemption: Exemption, holds: boolean): ExemptionView {
  const { subject } = exemption;
  const of = { holds, subject: subjectWords(subject) };
  if (exemption.kind === "malformed") return { ...of, problem: exemption.problem };
  const { until, ceilingMicroUsd, owner, reason } = exemption;
  const end = Number.isNaN(until.getTime()) ? {} : { until: until.toISOString() };
  const ceiling = ceilingMicroUsd === undefined ? {} : { ceilingUsd: toUsd(ceilingMicroUsd) };
  return { ...of, ...end, ...ceiling, owner, reason };
}

/** The exemption that keeps the rule from stopping the run; else one that covers it and has come to its end. */
function exemptionOf(rule: Rule, { control, observation, now }: Outset): ExemptionView | undefined {
  const covering = control.exemptions.filter((each) => covers(each, rule.id, observation));
  const holds = (each: Exemption): boolean => exempts(each, rule.id, observation, now);
  const first = covering.find(holds) ?? covering[0];
  return first && viewOfExemption(first, holds(first));
}

const aheadOf = (rule: LimitRule, { step, value, inSecs }: Ahead): StepAhead => ({
  ...step,
  figure: plainFigure(unitOf(rule.limit.metric), value),
  ...(inSecs !== undefined && { inSecs }),
});

/** Where the budget of the run's group stands, as far as that is known. */
function standingIn(rule: Rule, { observation, budgets }: Outset): BudgetStanding | undefined {
  const standing = isBudgetRule(rule) ? standingFor(rule, observation.run, budgets) : undefined;
  return standing && "place" in standing ? standing : undefined;
}

function aheadFor(rule: Rule, outset: Outset): readonly StepAhead[] {
  const { observation, now } = outset;
  if (!isBudgetRule(rule)) return stepsAhead(rule, observation, now).map((each) => aheadOf(rule, each));
  const standing = standingIn(rule, outset);
  return standing
    ? budgetStepsAhead(standing, now).map((each) => budgetAhead(standing.rule.budget, each))
    : [];
}

/** The step that comes next, and the next that stops where that is another. */
export function nextOf(rule: Rule, outset: Outset): Pick<RuleView, "nextStep" | "nextStop"> {
  const ahead = aheadFor(rule, outset).map((step) => {
    const held = heldAhead(rule, step, outset);
    return held ? { ...step, held } : step;
  });
  const [nextStep] = ahead;
  const stop = ahead.find(isStop);
  return { ...(nextStep && { nextStep }), ...(stop && stop !== nextStep && { nextStop: stop }) };
}

type Finding = Pick<
  RuleView,
  | "place"
  | "guard"
  | "measured"
  | "share"
  | "basis"
  | "facts"
  | "unknown"
  | "reached"
  | "waiting"
  | "nextStep"
  | "nextStop"
>;

const NOTHING: Finding = { reached: [], waiting: [] };

function findingOf(judgement: Judgement, outset: Outset): Finding {
  if (judgement.applies !== "yes") return NOTHING;
  const { rule, verdict } = judgement;
  if (verdict.kind === "unknown") {
    const { reason, young } = verdict;
    return { ...NOTHING, ...nextOf(rule, outset), unknown: { reason, young } };
  }
  const { measured, limit, basis, facts } = plainEvidence(verdict.evidence);
  const steps: readonly (Step | undefined)[] =
    verdict.kind === "breach" ? [verdict.stop?.step, verdict.hold?.step, verdict.notice?.step] : [];
  const untold = verdict.kind === "breach" ? verdict.untold : undefined;
  return {
    measured,
    share: measured / limit,
    basis,
    ...(facts && { facts }),
    ...(untold && { unknown: { reason: untold.reason, young: untold.young } }),
    reached: steps.filter((step) => step !== undefined),
    waiting: verdict.waiting.map((each) => ({ ...each.step, for: each.for })),
    ...nextOf(rule, outset),
  };
}

/** What is spent of the budget of the run's group, whatever its steps rest on. */
function spentOf({ rule, applies }: Judgement, outset: Outset): Partial<Finding> {
  const standing = applies === "yes" ? standingIn(rule, outset) : undefined;
  if (standing === undefined) return {};
  const { runsOfUnknownCost, spent, guard } = standing;
  const { budget } = standing.rule;
  return {
    place: plainPlace(standing.place),
    measured: plainAmount(budget, spent),
    share: spent / budget.limit,
    basis: "actual",
    ...(runsOfUnknownCost > 0 && { facts: { runsOfUnknownCost } }),
    ...(guard && { guard }),
  };
}

/** What the rule limits. What a budget measures is no metric of a run. */
const measureOf = (rule: Rule) =>
  isBudgetRule(rule)
    ? { metric: BUDGET, value: rule.budget.limit, unit: unitOfBudget(rule.budget) }
    : { ...rule.limit, unit: unitOf(rule.limit.metric) };

/** One rule's judgement of a run, for people. */
export function viewOfRule(judgement: Judgement, outset: Outset): RuleView {
  const { rule, applies } = judgement;
  const { metric, value, unit } = measureOf(rule);
  const owner = ownerOf(outset.policy, rule);
  const exempt = exemptionOf(rule, outset);
  const view: Omit<RuleView, "says"> = {
    ruleId: rule.id,
    mode: modeOf(outset.policy, rule),
    ...(owner !== undefined && { owner }),
    applies,
    ...(judgement.applies !== "yes" && { because: judgement.because }),
    metric,
    ...(rule.budget && { budget: budgetWords(rule.budget) }),
    limit: plainFigure(unit, value),
    unit,
    ...findingOf(judgement, outset),
    ...spentOf(judgement, outset),
    ...(exempt && { exempt }),
  };
  return { ...view, says: saysOf(view, rule, outset.observation) };
}
