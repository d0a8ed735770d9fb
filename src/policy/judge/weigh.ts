import { type Known, known, type Measurement, unknown } from "../limits/limit.ts";
import { type Action, type Basis, basisOf, isStop, type RuleStep, type Step } from "../policy.ts";
import { reaches } from "../values/share.ts";
import type { Evidence, Reached, Unknown, Verdict, Waiting } from "./verdict.ts";

/** The figures that the steps of a rule ask for, by what they rest on. */
export type Figures = ReadonlyMap<Basis, Measurement>;

const STRENGTH: Readonly<Record<Action, number>> = { notify: 0, hold: 0, abort: 1, "abort-now": 2 };

/** Which of two steps does more. */
export const stronger = (a: Step, b: Step): boolean => STRENGTH[a.do] > STRENGTH[b.do];

const isHold = ({ do: action }: Step): boolean => action === "hold";

/** A step without its schedule: what is written down of it. */
export const plainStep = ({ at, do: action, basis }: Step): Step => ({
  at,
  do: action,
  ...(basis && { basis }),
});

/** The figure that a step goes by. A stop rests on nothing that may be more than what will be billed. */
export function figureFor(step: Step, figures: Figures): Measurement | undefined {
  const figure = figures.get(basisOf(step));
  if (figure?.kind !== "known" || figure.doubt === undefined || step.do === "notify") return figure;
  const { sure, reason } = figure.doubt;
  return sure === undefined ? unknown(reason, false) : known(sure);
}

const isAt = (figure: Measurement | undefined, step: Step, limit: number): figure is Known =>
  figure?.kind === "known" && reaches(figure.value, step.at, limit);

/** Does the figure that the step goes by reach it? */
export const isReached = (step: Step, figures: Figures, limit: number): boolean =>
  isAt(figureFor(step, figures), step, limit);

/** Why a step is not taken although a figure has reached it: that figure is in doubt. */
function doubted(step: Step, figures: Figures, limit: number): string | undefined {
  const figure = figures.get(basisOf(step));
  return isAt(figure, step, limit) && !isReached(step, figures, limit) ? figure.doubt?.reason : undefined;
}

/** What steps, figures and a limit make a verdict of; the same for what one run did and what many spent. */
export type Scales = {
  readonly ruleId: string;
  readonly metric: string;
  readonly steps: readonly RuleStep[];
  readonly figures: Figures;
  /** In the figures' unit. */
  readonly limit: number;
  /** What a step that the figure has reached still waits for, if anything. */
  readonly waitsFor: (step: RuleStep) => Waiting["for"] | undefined;
  readonly evidence: (basis: Basis, figure: Known) => Evidence;
};

/** Which steps are taken, which wait, and which are ahead. */
function sortSteps({ steps, figures, limit, waitsFor, evidence }: Scales) {
  const waiting: Waiting[] = [];
  const ahead: Step[] = [];
  const reached: Reached[] = [];
  for (const step of steps) {
    const figure = figureFor(step, figures);
    const isThere = isAt(figure, step, limit);
    const wait = isThere ? waitsFor(step) : undefined;
    if (wait) waiting.push({ step: plainStep(step), for: wait });
    if (isThere && !wait) reached.push({ step: plainStep(step), evidence: evidence(basisOf(step), figure) });
    else ahead.push(plainStep(step));
  }
  return { waiting, ahead, reached };
}

/** What of the figures is not known: one that is not told or, of one that is told, whether it is too high. */
function unknownOf({ steps, figures, limit, metric }: Scales): Unknown | undefined {
  const [missing] = [...figures.values()].filter((figure) => figure.kind === "unknown");
  if (missing) return { ...missing, metric };
  const [reason] = steps.flatMap((step) => doubted(step, figures, limit) ?? []);
  return reason === undefined ? undefined : { kind: "unknown", metric, reason, young: false, isDoubt: true };
}

/** The verdict: of the stops that are reached the strongest, of all others but holds the highest, of holds the first. */
export function weigh(scales: Scales): Verdict {
  const { ruleId, figures } = scales;
  const { waiting, ahead, reached } = sortSteps(scales);
  const untold = unknownOf(scales);
  const last = reached.at(-1);
  if (last === undefined) {
    if (untold) return untold;
    const [[basis, figure] = []] = figures;
    if (basis === undefined || figure?.kind !== "known") throw new Error(`rule "${ruleId}" has no steps`);
    return { kind: "within", evidence: scales.evidence(basis, figure), waiting };
  }
  const hold = reached.find(({ step }) => isHold(step));
  const highest = reached.findLast(({ step }) => !isHold(step));
  const stops = reached.filter(({ step }) => isStop(step));
  const stop =
    stops.length > 0
      ? stops.reduce((best, each) => (stronger(each.step, best.step) ? each : best))
      : undefined;
  return {
    kind: "breach",
    evidence: (stop ?? highest ?? last).evidence,
    waiting,
    ahead,
    ...(stop && { stop }),
    ...(hold && { hold }),
    ...(highest?.step.do === "notify" && { notice: highest }),
    ...(untold && { untold }),
  };
}
