import { type Policy, typicalOf } from "../../policy/index.ts";
import { isOfProcess } from "../model/errors.ts";
import { type Known, skipFailed } from "../model/pass.ts";
import type { KnownTypical } from "../model/ports.ts";
import type { Learning } from "./looking.ts";
import { type Lookup, lookUp, unique } from "./lookup.ts";
import type { OfActor } from "./names.ts";

/** Does the policy measure runs against what is typical? */
export const policyNeedsTypical = (policy: Policy): boolean =>
  policy.rules.some(({ limit }) => limit?.metric.startsWith("timesTypical"));

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
