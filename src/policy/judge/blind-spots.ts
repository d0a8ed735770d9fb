import type { Judgement } from "./judgement.ts";
import type { Unknown } from "./verdict.ts";

/** What keeps rules from judging runs that they may be meant for. */

/** That a rule has no figure to judge the run by, past the time in which that means nothing. */
export function blindSpot(judgement: Judgement): Unknown | undefined {
  if (judgement.applies !== "yes" || judgement.verdict.kind === "within") return undefined;
  const { verdict } = judgement;
  const unknown = verdict.kind === "unknown" ? verdict : verdict.untold;
  return unknown?.young ? undefined : unknown;
}

const UNMATCHED = { unresolved: "name not resolved", untold: "settings not reported" } as const;

/** Counts the run once for each reason. */
export function countUnjudged(judgements: readonly Judgement[], unjudged: Record<string, number>): void {
  const reasons = judgements.flatMap((judgement) => {
    const { applies } = judgement;
    if (applies === "unresolved" || applies === "untold") return [UNMATCHED[applies]];
    const blind = blindSpot(judgement);
    return blind ? [`${blind.metric} ${blind.isDoubt ? "may be above the bill" : "unknown"}`] : [];
  });
  for (const reason of new Set(reasons)) unjudged[reason] = (unjudged[reason] ?? 0) + 1;
}
