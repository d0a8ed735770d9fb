import type { Observation } from "../observation.ts";
import { type Mode, modeOf, type Policy, type Rule, type Step } from "../policy.ts";
import { type ControlView, type Guard, isExempt, isPaused } from "./guards.ts";
import { type Judgement, type JudgeOptions, judgeRun } from "./judgement.ts";
import type { Evidence, Verdict } from "./verdict.ts";
import { stronger } from "./weigh.ts";

/** A rule's breach, beside the one that a decision rests on. */
export type AlsoBreached = { readonly ruleId: string; readonly step: Step; readonly evidence: Evidence };

/** A rule, and what it finds against a run. */
export type Breach = {
  readonly rule: Rule;
  readonly verdict: Verdict & { readonly kind: "breach" };
  /** Why the rule may stop nothing now, if so. */
  readonly guard?: Guard;
};

/** What the rules find against a run, in their order. */
export const breachesOf = (judgements: readonly Judgement[]): readonly Breach[] =>
  judgements.flatMap((judgement) =>
    judgement.applies === "yes" && judgement.verdict.kind === "breach"
      ? [
          {
            rule: judgement.rule,
            verdict: judgement.verdict,
            ...(judgement.guard && { guard: judgement.guard }),
          },
        ]
      : [],
  );

/** A rule's wish to stop a run, before the blast radius is known. */
export type Stop = {
  readonly observation: Observation;
  readonly rule: Rule;
  readonly step: Step;
  readonly evidence: Evidence;
  readonly mode: Mode;
  readonly guard?: Guard;
  readonly also: readonly AlsoBreached[];
  /** What the rule does next, if anything. */
  readonly next?: Step;
};

/** What the rule does next, of what it has not done: a step above this one, or a stronger one that still waits. */
export const nextStep = ({ ahead }: Breach["verdict"], step: Step): Step | undefined =>
  ahead.find((each) => each.at > step.at || stronger(each, step));

/**
 * The one stop for a run: what may act before what a guard holds, enforce before observe, then the strongest
 * action, then the first rule. So neither an exemption nor an observed rule shields a run from another rule.
 */
export const stopFor = (
  policy: Policy,
  observation: Observation,
  control: ControlView,
  now: Date,
  options: JudgeOptions = {},
): Stop | undefined =>
  chooseStop(policy, observation, breachesOf(judgeRun(policy, observation, now, options)), control, now);

/** The same, of a run that was judged already. */
export function chooseStop(
  policy: Policy,
  observation: Observation,
  breaches: readonly Breach[],
  control: ControlView,
  now: Date,
): Stop | undefined {
  const stops = breaches.flatMap(({ rule, verdict, guard: own }) => {
    if (verdict.stop === undefined) return [];
    const exempt = isExempt(control, rule.id, observation, now);
    const guard: Guard | undefined = exempt ? "exemption" : isPaused(control, now) ? "pause" : own;
    const next = nextStep(verdict, verdict.stop.step);
    return [{ rule, ...verdict.stop, mode: modeOf(policy, rule), guard, next }];
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
  const { guard, next, ...stop } = chosen;
  return { observation, ...stop, ...(guard && { guard }), also, ...(next && { next }) };
}
