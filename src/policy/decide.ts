import { type Blast, blastRooms, type ControlView, type Guard, isExempt, isPaused } from "./guards.ts";
import { type Judgement, type JudgeOptions, judgeRun } from "./judgement.ts";
import { type Action, type Mode, modeOf, ownerOf, type Policy, type Rule, type Step } from "./policy.ts";
import type { Observation } from "./run.ts";
import { type Evidence, plainStep, type Reached, stronger, type Unknown, type Verdict } from "./verdict.ts";

/** A rule's breach, beside the one that a decision rests on. */
export type AlsoBreached = { readonly ruleId: string; readonly step: Step; readonly evidence: Evidence };

/**
 * What this tick will do about one run, and why. `hold` is a stop that a guard prevents; under `observe` the
 * action is what enforce would do, and nothing is called.
 */
export type Decision = {
  readonly subject: { readonly kind: "run"; readonly runId: string; readonly life: number };
  readonly ruleId: string;
  readonly step: Step;
  readonly action: Action | "hold";
  readonly mode: Mode;
  readonly guard?: Guard;
  readonly evidence: Evidence;
  readonly also: readonly AlsoBreached[];
  /** Whom to tell, as the rule or the policy says. */
  readonly owner?: string;
  /** The rule's next step above this one. */
  readonly next?: Step;
};

export type DecideInput = {
  readonly policy: Policy;
  readonly observations: readonly Observation[];
  readonly control: ControlView;
  readonly blast: Blast;
  readonly now: Date;
};

export type Decisions = {
  /** Stops first, the dearest burn rate leading; then notices. */
  readonly decisions: readonly Decision[];
  /** Runs whose cost a rule asks for and Apify does not tell, past their first two minutes. */
  readonly unknownCost: readonly string[];
  /** Why rules could not judge runs that they may be meant for, by reason: how often. */
  readonly unjudged: Readonly<Record<string, number>>;
};

const COST = "usageTotalUsd";

type Breach = { readonly rule: Rule; readonly verdict: Verdict & { readonly kind: "breach" } };

const breachesOf = (judgements: readonly Judgement[]): readonly Breach[] =>
  judgements.flatMap((judgement) =>
    judgement.applies === "yes" && judgement.verdict.kind === "breach"
      ? [{ rule: judgement.rule, verdict: judgement.verdict }]
      : [],
  );

/** A rule's wish to stop a run, before the blast radius is known. */
type Stop = {
  readonly observation: Observation;
  readonly rule: Rule;
  readonly step: Step;
  readonly evidence: Evidence;
  readonly mode: Mode;
  readonly guard?: Guard;
  readonly also: readonly AlsoBreached[];
};

/**
 * The one stop for a run: what may act before what a guard holds, enforce before observe, then the strongest
 * action, then the first rule. So neither an exemption nor an observed rule shields a run from another rule.
 */
export function stopFor(
  policy: Policy,
  observation: Observation,
  control: ControlView,
  now: Date,
  options: JudgeOptions = {},
): Stop | undefined {
  const stops = breachesOf(judgeRun(policy, observation, now, options)).flatMap(({ rule, verdict }) => {
    if (verdict.stop === undefined) return [];
    const exempt = isExempt(control, rule.id, observation, now);
    const guard: Guard | undefined = exempt ? "exemption" : isPaused(control, now) ? "pause" : undefined;
    return [{ rule, ...verdict.stop, mode: modeOf(policy, rule), guard }];
  });
  const rank = (stop: (typeof stops)[number]): number =>
    (stop.guard ? 0 : 2) + (stop.mode === "enforce" ? 1 : 0);
  const [first, ...rest] = stops;
  if (first === undefined) return undefined;
  const chosen = rest.reduce((best, stop) => {
    const ahead = rank(stop) - rank(best);
    return ahead > 0 || (ahead === 0 && stronger(stop.step, best.step)) ? stop : best;
  }, first);
  const also = stops
    .filter((stop) => stop !== chosen)
    .map(({ rule, step, evidence }) => ({ ruleId: rule.id, step, evidence }));
  const { guard, ...stop } = chosen;
  return { observation, ...stop, ...(guard && { guard }), also };
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
function outlook(policy: Policy, rule: Rule, { at }: Step): Pick<Decision, "owner" | "next"> {
  const owner = ownerOf(policy, rule);
  const next = rule.steps.find((step) => step.at > at);
  return { ...(owner !== undefined && { owner }), ...(next && { next: plainStep(next) }) };
}

const noticeOf = (
  policy: Policy,
  rule: Rule,
  observation: Observation,
  { step, evidence }: Reached,
): Decision => ({
  subject: subjectOf(observation),
  ruleId: rule.id,
  step,
  action: "notify",
  mode: modeOf(policy, rule),
  evidence,
  also: [],
  ...outlook(policy, rule, step),
});

function noticesFor(policy: Policy, observation: Observation, now: Date): readonly Decision[] {
  return breachesOf(judgeRun(policy, observation, now)).flatMap(({ rule, verdict }) =>
    verdict.notice === undefined ? [] : [noticeOf(policy, rule, observation, verdict.notice)],
  );
}

/** Takes the stops in order through the blast radius; what is over is held. */
function applyBlast(
  stops: readonly Stop[],
  { policy, control, blast, now }: DecideInput,
): readonly Decision[] {
  const rooms = blastRooms(policy, control, blast, now);
  return stops.map(({ observation, rule, step, evidence, mode, guard, also }) => {
    const held = guard ?? rooms[mode].take(observation.run.id, observation.life.number);
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
      ...outlook(policy, rule, step),
    };
  });
}

/** That a rule has no figure to judge the run by, past the time in which that means nothing. */
function blindSpot(judgement: Judgement): Unknown | undefined {
  if (judgement.applies !== "yes" || judgement.verdict.kind === "within") return undefined;
  const { verdict } = judgement;
  const unknown = verdict.kind === "unknown" ? verdict : verdict.untold;
  return unknown?.young ? undefined : unknown;
}

const UNMATCHED = { unresolved: "name not resolved", untold: "settings not told" } as const;

function countUnjudged(judgements: readonly Judgement[], unjudged: Record<string, number>): void {
  const reasons = judgements.flatMap((judgement) => {
    const { applies } = judgement;
    if (applies === "unresolved" || applies === "untold") return [UNMATCHED[applies]];
    const blind = blindSpot(judgement);
    return blind ? [`${blind.metric} unknown`] : [];
  });
  for (const reason of new Set(reasons)) unjudged[reason] = (unjudged[reason] ?? 0) + 1;
}

/**
 * Verdicts and guards together: what to do about these observations now. Pure; the same for the Lambda, the
 * command line and every test. A run that has an open intent gets no other stop.
 */
export function decide(input: DecideInput): Decisions {
  const { policy, observations, control, now } = input;
  const unjudged: Record<string, number> = {};
  const unknownCost: string[] = [];
  const stops: Stop[] = [];
  for (const observation of observations) {
    const judgements = judgeRun(policy, observation, now);
    countUnjudged(judgements, unjudged);
    if (judgements.some((each) => blindSpot(each)?.metric === COST)) unknownCost.push(observation.run.id);
    if (control.openRunIds.has(observation.run.id)) continue;
    const stop = stopFor(policy, observation, control, now);
    if (stop) stops.push(stop);
  }
  const notices = observations.flatMap((observation) => noticesFor(policy, observation, now));
  return { decisions: [...applyBlast(stops.sort(byBurn), input), ...notices], unknownCost, unjudged };
}
