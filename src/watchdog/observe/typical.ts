import type { Policy, Run, Typical, TypicalFigure } from "../../policy/index.ts";
import { isOfProcess } from "../model/errors.ts";
import { type Known, skipFailed } from "../model/pass.ts";
import type { KnownTypical } from "../model/ports.ts";
import type { Learning } from "./looking.ts";
import { type Lookup, lookUp, unique } from "./lookup.ts";
import type { OfActor } from "./names.ts";

/** Until then the figure of a run that ended may still move. */
const RESTS_AFTER_MS = 60_000;

/** Does the policy measure runs against what is typical? */
export const policyNeedsTypical = (policy: Policy): boolean =>
  policy.rules.some(({ limit }) => limit?.metric.startsWith("timesTypical"));

function figureOf(values: readonly (number | undefined)[]): TypicalFigure | undefined {
  const sorted = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) return undefined;
  return { median: (low + high) / 2, runs: sorted.length };
}

/** From start to end: the time in the queue and, of a resurrected run, between its lives is in it. */
function runTimeSecs({ startedAt, finishedAt = startedAt }: Run): number | undefined {
  const secs = (finishedAt.getTime() - startedAt.getTime()) / 1_000;
  return secs >= 0 ? secs : undefined;
}

/** What is typical by these runs, as they were read at that time. A run that does not tell a figure has no say in it. */
export function typicalOf(runs: readonly Run[], readAt: Date): Typical {
  const counted = runs.filter(
    ({ status, finishedAt }) =>
      status === "SUCCEEDED" && finishedAt && readAt.getTime() - finishedAt.getTime() >= RESTS_AFTER_MS,
  );
  const usage = figureOf(counted.map((run) => run.usageTotalMicroUsd));
  const time = figureOf(counted.map(runTimeSecs));
  return {
    ...(usage && { usageTotalMicroUsd: { ...usage, median: Math.round(usage.median) } }),
    ...(time && { runTimeSecs: time }),
  };
}

const lookupOf = ({ ports: { memory, state, apify } }: Learning): Lookup<KnownTypical> => ({
  what: "reading what is typical of",
  memory: memory.typical,
  read: (kind, ids) => state.readTypical(kind, ids),
  write: (kind, typical) => state.writeTypical(kind, typical),
  async ask(kind, id, signal) {
    const { runs, observedAt: readAt } = await apify.recentRuns({ kind, id }, ["SUCCEEDED"], signal);
    return { typical: typicalOf(runs, readAt), readAt };
  },
  isKnown: ({ typical = {} }) => Object.keys(typical).length > 0,
  failed: (readAt) => ({ readAt }),
});

/**
 * What is typical of the runs' tasks or, for those without one, their Actors, where the policy asks for it. Where
 * there is no history yet it is empty; what can't be had is absent and counted, and nothing else suffers.
 */
export async function resolveTypical(
  learning: Learning,
  policy: Policy,
  runs: readonly OfActor[],
  signal: AbortSignal,
): Promise<(run: OfActor) => Pick<Known, "typical">> {
  if (!policyNeedsTypical(policy)) return () => ({});
  try {
    const lookup = lookupOf(learning);
    const tasks = await lookUp(learning, lookup, "task", unique(runs.map((run) => run.actorTaskId)), signal);
    const actorIds = runs.filter((run) => run.actorTaskId === undefined).map((run) => run.actorId);
    const actors = await lookUp(learning, lookup, "actor", unique(actorIds), signal);
    return typicalFrom(actors, tasks);
  } catch (error) {
    if (isOfProcess(error)) throw error;
    skipFailed(learning, "reading what is typical", error);
    return () => ({});
  }
}

/** A run of a task is like others of that task, or like none: its Actor's other runs may have another size. */
export const typicalFrom =
  (actors: ReadonlyMap<string, KnownTypical>, tasks: ReadonlyMap<string, KnownTypical>) =>
  ({ actorId, actorTaskId }: OfActor): Pick<Known, "typical"> => {
    const known = actorTaskId === undefined ? actors.get(actorId) : tasks.get(actorTaskId);
    return known?.typical ? { typical: known.typical } : {};
  };
