import { HOUR_MS, type Run } from "../../policy/index.ts";
import type { Figure, LiveRun } from "../model/live.ts";

/**
 * Two looks nearer to each other than this make no rate: Apify's figures lag by seconds, and a list may lag by others
 * than a detail does.
 */
export const APART_MS = 30_000;

/** So many figures make two stretches. */
const FIGURES = 3;

/** The burn rate's memory after a look: a figure joins it when it differs from the last and is far enough from it. */
export function burnAfter(
  figures: readonly Figure[] = [],
  { run, observedAt }: { readonly run: Run; readonly observedAt: Date },
): readonly Figure[] {
  const usageMicroUsd = run.usageTotalMicroUsd;
  if (usageMicroUsd === undefined) return figures;
  const last = figures.at(-1);
  const isNews =
    last === undefined ||
    (usageMicroUsd !== last.usageMicroUsd && observedAt.getTime() - last.at.getTime() >= APART_MS);
  return isNews ? [...figures, { at: observedAt, usageMicroUsd }].slice(-FIGURES) : figures;
}

function rate(from: Figure, to: Figure, until: Date): number {
  const elapsedMs = Math.max(until.getTime(), to.at.getTime()) - from.at.getTime();
  return ((to.usageMicroUsd - from.usageMicroUsd) * HOUR_MS) / elapsedMs;
}

/**
 * Micro-dollars an hour: the lower of the rates over the last two stretches between figures that differed. So one jump,
 * however large, is no rate: the stretch before it or the one after it says otherwise. Nor does it matter that nobody
 * knows how old the first figure was. While the last figure rests the time since counts too, or a run that stopped
 * spending would burn for ever:
 *
 *     a ──── first ──── b ──── second ──── c ·········· last look
 *            (b − a) / first               (c − b) / (last look − b)
 *
 * A figure that Apify corrected downwards makes a rate of 0. `undefined` until there are three figures.
 */
export function measuredBurn({ burn = [], observedAt }: Pick<LiveRun, "burn" | "observedAt">) {
  const [a, b, c] = burn;
  if (a === undefined || b === undefined || c === undefined) return undefined;
  return Math.max(0, Math.min(rate(a, b, b.at), rate(b, c, observedAt)));
}

/** The faster of the last stretches between figures that differed, up to when the last figure was first seen. */
export function peakBurn({ burn = [] }: Pick<LiveRun, "burn">): number | undefined {
  const rates = burn.slice(1).flatMap((to, i) => {
    const from = burn[i];
    return from ? [rate(from, to, to.at)] : [];
  });
  return rates.length > 0 ? Math.max(0, ...rates) : undefined;
}

/** For putting runs in order, until there is a measurement: what the run cost an hour on the average since its start. */
export function averageBurn({
  run,
  observedAt,
  costAt = observedAt,
}: Pick<LiveRun, "run" | "observedAt" | "costAt">): number | undefined {
  const elapsedMs = costAt.getTime() - run.startedAt.getTime();
  if (run.usageTotalMicroUsd === undefined || elapsedMs <= 0) return undefined;
  return (run.usageTotalMicroUsd * HOUR_MS) / elapsedMs;
}
