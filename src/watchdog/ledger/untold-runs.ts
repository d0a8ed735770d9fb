import { isEnded, isUntold, spenderOf, type Unpriced } from "../../policy/index.ts";
import type { LiveRun } from "../model/live.ts";

/** A run that ended, and of which Apify has told no cost, as far back as ended runs are read again: a day. */
export function unpricedRun({ run, spent }: LiveRun): Unpriced | undefined {
  const { startedAt, finishedAt, status } = run;
  if (!isEnded(status) || spent !== undefined || finishedAt === undefined) return undefined;
  return { ...spenderOf(run), startedAt, finishedAt };
}

/** Runs that have cost something which Apify does not tell: live ones past their first two minutes, and ended ones. */
export const untoldRuns = (live: Iterable<LiveRun>, now: Date): readonly Unpriced[] =>
  [...live].flatMap((each) => {
    const { run } = each;
    if (isEnded(run.status)) return unpricedRun(each) ?? [];
    return isUntold(run, now) ? [{ ...spenderOf(run), startedAt: run.startedAt, finishedAt: now }] : [];
  });
