import { upperEnd } from "../binomial.ts";
import { FIGURES, type Past, type Quantity } from "../past.ts";
import { FEWEST, type SelfCheck, selfCheck } from "./self-check.ts";

/** A limit from history, in micro-dollars or seconds, and what it promises. */
export type Suggested = {
  readonly kind: "suggested";
  readonly limit: number;
  /** How many runs that succeeded it rests on. */
  readonly n: number;
  /** How many were stopped: each may have come to any more. */
  readonly stopped: number;
  /** The highest figure of either. */
  readonly most: number;
  /** The limit is so many times that. */
  readonly factor: number;
  /** If each run is like any other, the next one passes that with at most this probability. */
  readonly expected: number;
  /** At 95 % confidence at most this share of such runs passes it. */
  readonly atMost95: number;
  readonly selfCheck: SelfCheck;
  /** Runs that succeeded, and whose figure is not known: nothing is said of them. */
  readonly unknown: number;
};

/** Why there is none. */
export type Refused = Pick<Suggested, "n" | "stopped" | "unknown"> & {
  readonly kind: "refused";
  /** `few` and `zero` say nothing; `stopped` and `drift` speak against any limit. */
  readonly because: "few" | "stopped" | "zero" | "drift";
  readonly why: string;
  readonly selfCheck?: SelfCheck;
};

/** What 22 successes promise where none was stopped; nothing that promises less is suggested. */
export const MOST_WRONG = 0.128;
/** What is promised better than this needs less room above what was seen. */
const FEW_WRONG = 0.01;

const ofHundred = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

const counted = (n: number, stopped: number): string =>
  `${n} that succeeded${stopped > 0 ? ` and ${stopped} that were stopped` : ""}`;

const STEPS: Readonly<Record<Quantity, (figure: number) => number>> = {
  usd: (microUsd) =>
    microUsd >= 1_000_000 ? 10_000 : 10 ** Math.max(0, Math.floor(Math.log10(microUsd)) - 1),
  runTime: (secs) => (secs >= 3_600 ? 60 : 1),
};

/** Rounded up to what people would write: cents from a dollar on, else two digits; minutes from an hour on, else seconds. */
export function roundUp(figure: number, quantity: Quantity): number {
  const step = STEPS[quantity](figure);
  return Math.ceil(figure / step) * step;
}

/** One of which a person says that it had to be stopped tells nothing of healthy runs. */
const isComparable = ({ run, stopped, verdict }: Past): boolean =>
  run.origin !== "STANDBY" && verdict !== "right" && (stopped || run.status === "SUCCEEDED");

/**
 * The limit that runs like these should have, given in the order in which they began. A run that was stopped takes part with
 * what it came to by then, and counts as one that passed it: left out, each stop would make the next limit tighter.
 */
export function suggestLimit(past: readonly Past[], quantity: Quantity): Suggested | Refused {
  const figureOf = FIGURES[quantity];
  const comparable = past.filter(isComparable);
  const successes = comparable.filter(({ stopped }) => !stopped);
  const stopped = comparable.length - successes.length;
  const unknown = successes.filter((each) => figureOf(each) === undefined).length;
  const n = successes.length - unknown;
  const counts = { n, stopped, unknown };
  const refused = (because: Refused["because"], why: string, check?: SelfCheck): Refused => ({
    kind: "refused",
    ...counts,
    because,
    why,
    ...(check && { selfCheck: check }),
  });

  const all = n + stopped;
  const atMost95 = upperEnd(stopped, all);
  if (all === 0 || atMost95 > MOST_WRONG) {
    const missing = unknown > 0 ? `; of ${unknown} more the figure is not known` : "";
    if (n < FEWEST)
      return refused(
        "few",
        `too few runs to compare: ${counted(n, stopped)}, and ${FEWEST} are the fewest${missing}`,
      );
    return refused(
      "stopped",
      `too many of them were stopped: ${counted(n, stopped)}, so up to ${ofHundred(atMost95)} may come to any more; ` +
        `${ofHundred(MOST_WRONG)} is the most${missing}`,
    );
  }
  const figures = comparable.flatMap((each) => figureOf(each) ?? []);
  const most = figures.reduce((a, b) => Math.max(a, b), 0);
  if (most <= 0)
    return refused("zero", `all ${counted(n, stopped)} came to 0: that is no measure of the next one`);
  const check = selfCheck(figures);
  if (!check.passed)
    return refused(
      "drift",
      `this drifts: ${check.exceeded} runs passed all that ran before them, ${ofHundred(check.low)} or more at 95 % ` +
        `confidence, where ${ofHundred(check.promised)} were expected`,
      check,
    );
  const factor = atMost95 <= FEW_WRONG ? 1.5 : 2;
  return {
    kind: "suggested",
    ...counts,
    limit: roundUp(factor * most, quantity),
    most,
    factor,
    expected: (stopped + 1) / (all + 1),
    atMost95,
    selfCheck: check,
  };
}
