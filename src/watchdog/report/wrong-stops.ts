import { countVerdicts, type Verdict } from "../audit/verdicts.ts";
import type { EnforcedStop } from "./enforced.ts";
import type { ObservedStop } from "./observed.ts";

type Stop = EnforcedStop | ObservedStop;

/** So many stops, how many of them were wrong, or would have been, and how many a person judged, by verdict. */
type Wrong = {
  readonly count: number;
  readonly of: number;
  readonly judged: Readonly<Record<Verdict, number>>;
};

export type WrongStops = {
  readonly enforced: Wrong & { readonly undone: number };
  /** `unknown`: so many were not judged, and how they ended is not known yet, or not any more. */
  readonly observed: Wrong & { readonly succeeded: number; readonly unknown: number };
};

/** A verdict counts before all else; without one a stop was wrong that was undone, or whose run in truth succeeded. */
export function isWrong(stop: Stop): boolean {
  if (stop.verdict !== undefined) return stop.verdict === "wrong";
  return "undone" in stop ? stop.undone : stop.status === "SUCCEEDED";
}

const wrongOf = (stops: readonly Stop[]): Wrong => ({
  count: stops.filter(isWrong).length,
  of: stops.length,
  judged: countVerdicts(stops),
});

export const wrongStops = (
  enforced: readonly EnforcedStop[],
  observed: readonly ObservedStop[],
): WrongStops => ({
  enforced: { ...wrongOf(enforced), undone: enforced.filter(({ undone }) => undone).length },
  observed: {
    ...wrongOf(observed),
    succeeded: observed.filter(({ status }) => status === "SUCCEEDED").length,
    unknown: observed.filter(({ status, verdict }) => status === undefined && verdict === undefined).length,
  },
});
