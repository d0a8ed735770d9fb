import { namesNeeded, type Policy, type Run } from "../policy/index.ts";
import { type Context, errorText, skip } from "./context.ts";
import { ApifyError } from "./errors.ts";
import type { Name } from "./ports.ts";

type Kind = "actor" | "task";

const HOUR_MS = 3_600_000;
const KNOWN_FOR_MS = 24 * HOUR_MS;
/** A name that could not be resolved is tried again sooner. */
const UNKNOWN_FOR_MS = HOUR_MS;

const isCurrent = ({ name, readAt }: Name, now: Date): boolean =>
  now.getTime() - readAt.getTime() < (name === undefined ? UNKNOWN_FOR_MS : KNOWN_FOR_MS);

/** Asks Apify for one name. A failure leaves the name as it was: what can't be told protects the run. */
async function ask(context: Context, kind: Kind, id: string): Promise<Name | undefined> {
  const { apify, clock } = context.ports;
  try {
    const name = await (kind === "actor"
      ? apify.actorName(id, context.signal)
      : apify.taskName(id, context.signal));
    return { ...(name !== undefined && { name }), readAt: clock.now() };
  } catch (error) {
    if (error instanceof ApifyError && error.isAuthorisation) throw error;
    context.ports.log.warn(`the name of ${kind} ${id} could not be read`, { error: errorText(error) });
    skip(context, `${kind} name not read`);
    return undefined;
  }
}

/** From memory, then the store, then Apify; a name lives for a day. */
async function resolve(
  context: Context,
  kind: Kind,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { memory, state, clock } = context.ports;
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
  for (const id of ids.filter(stale)) {
    if (context.signal.aborted) break;
    const name = await ask(context, kind, id);
    if (name) learnt.set(id, name);
  }
  for (const [id, name] of learnt) memory.names.set(key(id), name);
  if (learnt.size > 0) await state.writeNames(kind, learnt);
  return new Map(
    ids.flatMap((id) => {
      const name = memory.names.get(key(id))?.name;
      return name === undefined ? [] : [[id, name] as const];
    }),
  );
}

export type RunNames = (run: Run) => { readonly actorName?: string; readonly taskName?: string };

/** The names that the policy's selectors ask for; nothing is asked for where ids do. */
export async function resolveNames(
  context: Context,
  policy: Policy,
  runs: readonly Run[],
): Promise<RunNames> {
  const needed = namesNeeded(policy.rules.map((rule) => rule.for));
  const unique = (ids: readonly (string | undefined)[]) => [...new Set(ids.filter((id) => id !== undefined))];
  const none: ReadonlyMap<string, string> = new Map();
  const actors = needed.actors
    ? await resolve(context, "actor", unique(runs.map((run) => run.actorId)))
    : none;
  const tasks = needed.tasks
    ? await resolve(context, "task", unique(runs.map((run) => run.actorTaskId)))
    : none;
  return (run) => {
    const actorName = actors.get(run.actorId);
    const taskName = run.actorTaskId === undefined ? undefined : tasks.get(run.actorTaskId);
    return { ...(actorName && { actorName }), ...(taskName && { taskName }) };
  };
}
