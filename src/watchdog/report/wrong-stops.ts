import type { EnforcedStop } from "./enforced.ts";
import type { ObservedStop } from "./observed.ts";

/** Stops that were wrong, or would have been, and by what that is known. */
export type WrongStops = {
  /** `undone` and `judged`: how many of them are wrong by that. */
  readonly enforced: { readonly count: number; readonly of: number; readonly undone: number };
  /** `unknown`: it is not known yet, or not any more, how so many of them ended. */
  readonly observed: {
    readonly count: number;
    readonly of: number;
    readonly succeeded: number;
    readonly unknown: number;
  };
};

export const isWrong = (stop: EnforcedStop | ObservedStop): boolean =>
  "undone" in stop ? stop.undone : stop.status === "SUCCEEDED";

export function wrongStops(enforced: readonly EnforcedStop[], observed: readonly ObservedStop[]): WrongStops {
  return {
    enforced: {
      count: enforced.filter(isWrong).length,
      of: enforced.length,
      undone: enforced.filter(({ undone }) => undone).length,
    },
    observed: {
      count: observed.filter(isWrong).length,
      of: observed.length,
      succeeded: observed.filter(({ status }) => status === "SUCCEEDED").length,
      unknown: observed.filter(({ status }) => status === undefined).length,
    },
  };
}
