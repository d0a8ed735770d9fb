import { namesNeeded, type Policy, type Run } from "../policy/index.ts";
import type { Context } from "./context.ts";
import type { Name } from "./ports.ts";
import { forEachRun } from "./read-runs.ts";

type Kind = "actor" | "task";

const HOUR_MS = 3_600_000;
const KNOWN_FOR_MS = 24 * HOUR_MS;
/** A name that could not be resolved is tried again sooner. */
const UNKNOWN_FOR_MS = HOUR_MS;

const isCurrent = ({ name, readAt }: Name, now: Date): boolean =>
  now.getTime() - readAt.getTime() < (name === undefined ? UNKNOWN_FOR_MS : KNOWN_FOR_MS);

/** From memory, then the store, then Apify; a name lives for a day. What can't be read stays as it was. */
async function resolve(
  context: Context,
  kind: Kind,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const { memory, state, clock, apify } = context.ports;
  const key = (id: string): string => `${kind}#${id}`;
  const stale = (id: string): boolean => {
    const cached = memory.names.get(key(id));
    return cached === undefined || !isCurrent(cached, clock.now());
  };
  const unremembered = ids.filter(stale);
  if (unremembered.length > 0) {
    for (const [id, name] of await state.readNames(kind, unremembered)) memory.names.set(key(id), name);
  }
  const learnt = new Map<string, Name>();
  const ask = async (id: string): Promise<void> => {
    const name = await (kind === "actor" ? apify.actorName(id, signal) : apify.taskName(id, signal));
    learnt.set(id, { ...(name !== undefined && { name }), readAt: clock.now() });
  };
  await forEachRun(context, ids.filter(stale), `reading the name of a ${kind}`, ask, { signal });
  for (const [id, name] of learnt) memory.names.set(key(id), name);
  if (learnt.size > 0) await state.writeNames(kind, learnt);
  return new Map(
    ids.flatMap((id) => {
      const name = memory.names.get(key(id))?.name;
      return name === undefined ? [] : [[id, name] as const];
    }),
  );
}

/** What names hang on. */
export type Named = Pick<Run, "actorId" | "actorTaskId">;

type RunNames = (run: Named) => { readonly actorName?: string; readonly taskName?: string };

/** The names that the policy's selectors ask for; nothing is asked for where ids do. */
export async function resolveNames(
  context: Context,
  policy: Policy,
  runs: readonly Named[],
  signal: AbortSignal,
): Promise<RunNames> {
  const needed = namesNeeded(policy.rules.map((rule) => rule.for));
  const unique = (ids: readonly (string | undefined)[]) => [...new Set(ids.filter((id) => id !== undefined))];
  const actorIds = needed.actors ? unique(runs.map((run) => run.actorId)) : [];
  const taskIds = needed.tasks ? unique(runs.map((run) => run.actorTaskId)) : [];
  const actors = await resolve(context, "actor", actorIds, signal);
  const tasks = await resolve(context, "task", taskIds, signal);
  return (run) => {
    const actorName = actors.get(run.actorId);
    const taskName = run.actorTaskId === undefined ? undefined : tasks.get(run.actorTaskId);
    return { ...(actorName && { actorName }), ...(taskName && { taskName }) };
  };
}
