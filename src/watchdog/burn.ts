import type { Run } from "../policy/index.ts";
import type { LiveRun } from "./live.ts";

/**
 * Two looks nearer to each other than this make no rate: Apify's figures lag by seconds, and a list may lag by others
 * than a detail does.
 */
export const APART_MS = 30_000;
const HOUR_MS = 3_600_000;

/** The burn rate's memory after a look: a figure replaces the last one when it differs and is far enough from it. */
export function burnAfter(
  last: LiveRun["burn"],
  { run, observedAt }: { readonly run: Run; readonly observedAt: Date },
): LiveRun["burn"] {
  const usageMicroUsd = run.usageTotalMicroUsd;
  if (usageMicroUsd === undefined) return last;
  const figure = { at: observedAt, usageMicroUsd };
  if (last === undefined) return figure;
  const apartMs = observedAt.getTime() - last.at.getTime();
  if (usageMicroUsd === last.usageMicroUsd || apartMs < APART_MS) return last;
  return { ...figure, before: { at: last.at, usageMicroUsd: last.usageMicroUsd } };
}

/**
 * Micro-dollars an hour between the last two figures that differed. While the figure rests, the time since counts too,
 * or a run that stopped spending would burn for ever:
 *
 *     before ──── moved ·········· last look         (figure − before) / (last look − before)
 *
 * A figure that Apify corrected downwards makes a rate of 0.
 */
export function measuredBurn({ burn, observedAt }: Pick<LiveRun, "burn" | "observedAt">): number | undefined {
  if (burn?.before === undefined) return undefined;
  const { before, at, usageMicroUsd } = burn;
  const elapsedMs = Math.max(observedAt.getTime(), at.getTime()) - before.at.getTime();
  return Math.max(0, ((usageMicroUsd - before.usageMicroUsd) * HOUR_MS) / elapsedMs);
}

/** For putting runs in order, until there is a measurement: what the run cost an hour on the average since its start. */
export function averageBurn({ run, observedAt }: Pick<LiveRun, "run" | "observedAt">): number | undefined {
  const elapsedMs = observedAt.getTime() - run.startedAt.getTime();
  if (run.usageTotalMicroUsd === undefined || elapsedMs <= 0) return undefined;
  return (run.usageTotalMicroUsd * HOUR_MS) / elapsedMs;
}
