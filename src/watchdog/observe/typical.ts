import pLimit from "p-limit";
import { type Comparable, type Policy, type Run, typicalOf } from "../../policy/index.ts";
import type { ActorOrTask } from "../model/apify-port.ts";
import { runChain } from "../model/entry.ts";
import { isOfProcess } from "../model/errors.ts";
import { type Known, skipFailed } from "../model/pass.ts";
import type { AuditReads, KnownTypical } from "../model/ports.ts";
import type { Learning } from "./looking.ts";
import { type Lookup, lookUp, unique } from "./lookup.ts";
import { type OfActor, readNamesAgain } from "./names.ts";

/** Does the policy measure runs against what is typical? */
export const policyNeedsTypical = (policy: Policy): boolean =>
  policy.rules.some(({ limit }) => limit?.metric.startsWith("timesTypical"));

/** So many chains are read at once. */
const CHAINS_AT_ONCE = 10;

/** Did the watchdog stop the run, and did nobody take that back? The last of it that its chain tells says so. */
async function wasStopped(audit: Pick<AuditReads, "readChain">, runId: string): Promise<boolean> {
  const chain = await audit.readChain(runChain(runId));
  const last = chain.findLast(({ copies: { kind } }) => kind === "abort.confirmed" || kind === "run.undone");
  return last?.copies.kind === "abort.confirmed";
}

/** Of the runs that were aborted, as far back as the successes go, those that we stopped: they might have cost any more. */
async function stoppedAmong(
  audit: Pick<AuditReads, "readChain">,
  aborted: readonly Run[],
  successes: readonly Run[],
): Promise<readonly Comparable[]> {
  const oldest = Math.min(...successes.map(({ startedAt }) => startedAt.getTime()));
  const limit = pLimit(CHAINS_AT_ONCE);
  const comparable = aborted.filter(({ startedAt }) => startedAt.getTime() >= oldest);
  const ours = await Promise.all(comparable.map(({ id }) => limit(() => wasStopped(audit, id))));
  return comparable.filter((_, i) => ours[i]).map((run) => ({ ...run, stopped: true }));
}

/** `userId`: the account's, as far as its runs tell. An Actor's list has the runs of others who pay for it, too. */
const lookupOf = (
  { ports: { audit, memory, state, apify } }: Learning,
  userId: string | undefined,
  gone: (kind: ActorOrTask, id: string) => void,
): Lookup<KnownTypical, ActorOrTask> => ({
  what: "reading what is typical of",
  memory: memory.typical,
  read: (kind, ids) => state.readTypical(kind, ids),
  write: (kind, typical) => state.writeTypical(kind, typical),
  async ask(kind, id, signal, before) {
    const recent = async (status: string) => {
      const answer = await apify.recentRuns({ kind, id }, [status], signal);
      const isOwn = (run: Run): boolean => !userId || !run.userId || run.userId === userId;
      return { ...answer, runs: answer.runs.filter(isOwn) };
    };
    const { runs, observedAt: readAt, unreadable } = await recent("SUCCEEDED");
    if (unreadable === "gone") gone(kind, id);
    // What was known of an Actor that is gone, or may not be read any more, stays.
    if (unreadable) return { ...before, readAt };
    if (runs.length === 0 || audit === undefined) return { typical: typicalOf(runs, readAt), readAt };
    const aborted = await recent("ABORTED");
    const stopped = await stoppedAmong(audit, aborted.runs, runs);
    return { typical: typicalOf([...runs, ...stopped], readAt), readAt };
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
    const gone = { actor: new Set<string>(), task: new Set<string>() };
    const userId = runs.find((run) => run.userId !== undefined)?.userId;
    const lookup = lookupOf(learning, userId, (kind, id) => gone[kind].add(id));
    const tasks = await lookUp(learning, lookup, "task", unique(runs.map((run) => run.actorTaskId)), signal);
    const actorIds = runs.filter((run) => run.actorTaskId === undefined).map((run) => run.actorId);
    const actors = await lookUp(learning, lookup, "actor", unique(actorIds), signal);
    await readNamesAgain(learning, "actor", [...gone.actor], signal);
    await readNamesAgain(learning, "task", [...gone.task], signal);
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
