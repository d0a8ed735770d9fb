import { type Blast, blastRooms, type ControlView, type Guard, isExempt, isPaused } from "./guards.ts";
import { type Judgement, type JudgeOptions, judgeRun } from "./judgement.ts";
import { type Action, type Mode, modeOf, type Policy, type Rule, type Step } from "./policy.ts";
import type { Observation } from "./run.ts";
import { type Evidence, stronger, type Verdict } from "./verdict.ts";

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
    return [{ rule, step: verdict.stop, evidence: verdict.evidence, mode: modeOf(policy, rule), guard }];
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

function noticesFor(policy: Policy, observation: Observation, now: Date): readonly Decision[] {
  return breachesOf(judgeRun(policy, observation, now)).flatMap(({ rule, verdict }) =>
    verdict.notice === undefined
      ? []
      : [
          {
            subject: subjectOf(observation),
            ruleId: rule.id,
            step: verdict.notice,
            action: "notify" as const,
            mode: modeOf(policy, rule),
            evidence: verdict.evidence,
            also: [],
          },
        ],
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
    };
  });
}

function countUnjudged(judgements: readonly Judgement[], unjudged: Record<string, number>): void {
  const reasons = judgements.flatMap((judgement) => {
    if (judgement.applies === "unresolved") return ["name not resolved"];
    const unknown =
      judgement.applies === "yes" && judgement.verdict.kind === "unknown" && !judgement.verdict.young;
    return unknown ? [`${judgement.rule.limit.metric} unknown`] : [];
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
    const blind = judgements.some(
      (each) =>
        each.applies === "yes" &&
        each.verdict.kind === "unknown" &&
        each.verdict.metric === "usageTotalUsd" &&
        !each.verdict.young,
    );
    if (blind) unknownCost.push(observation.run.id);
    if (control.openRunIds.has(observation.run.id)) continue;
    const stop = stopFor(policy, observation, control, now);
    if (stop) stops.push(stop);
  }
  const notices = observations.flatMap((observation) => noticesFor(policy, observation, now));
  return { decisions: [...applyBlast(stops.sort(byBurn), input), ...notices], unknownCost, unjudged };
}
