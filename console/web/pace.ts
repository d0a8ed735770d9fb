import type { Budget, Run, StepAhead } from "./told.ts";

/** When things come, reckoned from what the last tick saw: `asOf` is when it looked. */

/** When a step comes, if all goes on as it did; `undefined`: that can't be determined. */
export const stepAt = (step: StepAhead | null | undefined, asOf: Date): Date | undefined =>
  step?.inSecs === undefined ? undefined : new Date(asOf.getTime() + step.inSecs * 1000);

export type Pace = {
  /** How much of the window is over, from 0 to 1. */
  readonly gone: number;
  /** When the budget is full, at the rate at which its runs spend now. */
  readonly fullAt?: Date;
  /** What of it is used up at the window's end, if it goes on as in the window so far. Too early in a window nothing follows from it. */
  readonly atEnd?: number;
};

/** Before so much of a window is over, what was spent in it says little of the rest. */
const EARLY = 0.05;

/** How a budget's spending stands to its window. */
export function paceOf({ share, nextStep, budget: { from, to } }: Budget, asOf: Date): Pace {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const gone = Math.min(1, Math.max(0, (asOf.getTime() - start) / (end - start)));
  const fullAt = fullOf(share, nextStep, asOf);
  return {
    gone,
    ...(fullAt && fullAt.getTime() < end && { fullAt }),
    ...(gone >= EARLY && { atEnd: share / gone }),
  };
}

/** The step ahead says at which rate it is spent now: what is left of the budget lasts for so long. */
function fullOf(share: number, next: StepAhead | undefined, asOf: Date): Date | undefined {
  if (next?.inSecs === undefined || next.inSecs <= 0 || share >= 1) return undefined;
  const toStep = next.at / 100 - share;
  if (toStep <= 0) return undefined;
  return new Date(asOf.getTime() + ((1 - share) / toStep) * next.inSecs * 1000);
}

/** From this share of a limit on a run is near it. */
export const NEAR = 0.8;

/** How near its limits a run is; one that is exempt from a rule is not near that rule's. */
export const nearness = ({ shares }: Run): number => shares.find(({ exempt }) => !exempt)?.share ?? 0;
