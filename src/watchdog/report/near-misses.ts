import { modeOf, type Policy } from "../../policy/index.ts";
import { type NearMiss, nearest } from "../learn/left-alone.ts";
import type { KnownReads } from "../model/ports.ts";
import { storedKnown } from "../observe/known.ts";
import type { SeenRun } from "./seen-runs.ts";

export type NearRun = NearMiss & { readonly actorId: string; readonly at: Date };

/**
 * Of these runs, which were left alone: those that succeeded at 80 % or more of a step that stops, by the policy that is in force.
 * One that observed rules would have stopped came near those only that are enforced. What comes nearest leads.
 */
export async function nearMissesAmong(
  state: KnownReads,
  policy: Policy,
  seen: readonly SeenRun[],
  observed: ReadonlyMap<string, unknown>,
): Promise<readonly NearRun[]> {
  const enforced = { ...policy, rules: policy.rules.filter((rule) => modeOf(policy, rule) === "enforce") };
  const runs = seen.map(({ run }) => run).filter(({ status }) => status === "SUCCEEDED");
  const knownOf = await storedKnown(state, policy, runs);
  return runs
    .flatMap((run) => {
      const { actorName, taskName } = knownOf(run);
      const names = { ...(actorName && { actorName }), ...(taskName && { taskName }) };
      const by = observed.has(run.id) ? enforced : policy;
      const near = nearest(by, { run, stopped: false, ...names });
      return near ? { ...near, actorId: run.actorId, at: run.finishedAt ?? run.startedAt } : [];
    })
    .toSorted((a, b) => b.share - a.share);
}
