import type { Run } from "../../src/policy/index.ts";
import type { History } from "../../src/watchdog/learn/past.ts";
import type { NamedKind, Ports } from "../../src/watchdog/model/ports.ts";

/** `username/name`, of a schedule its name alone; `undefined` where it is not known. */
export type NameOf = (kind: NamedKind, id: string | undefined) => string | undefined;

const PATIENCE_MS = 5_000;

type Spenders = Iterable<Pick<Run, "actorId" | "actorTaskId" | "scheduleId">>;

/** What the Actors, tasks and schedules of a history are called. */
export const namesOf = (
  ports: Pick<Ports, "state" | "apify">,
  { runs }: History,
  canAsk: boolean,
  signal: AbortSignal,
): Promise<NameOf> =>
  namesFor(
    ports,
    runs.map(({ run }) => run),
    canAsk,
    signal,
  );

/** The names that the tables know and, of the others, those that the account's lists tell: a few requests for any number. */
export async function namesFor(
  { state, apify }: Pick<Ports, "state" | "apify">,
  spenders: Spenders,
  canAsk: boolean,
  signal: AbortSignal,
): Promise<NameOf> {
  const all = [...spenders];
  const wanted = {
    actor: [...new Set(all.map(({ actorId }) => actorId))],
    task: [...new Set(all.flatMap(({ actorTaskId }) => actorTaskId ?? []))],
    schedule: [...new Set(all.flatMap(({ scheduleId }) => scheduleId ?? []))],
  };
  const names = {
    actor: new Map<string, string>(),
    task: new Map<string, string>(),
    schedule: new Map<string, string>(),
  };
  // A name is a comfort: nothing fails for want of it, nor waits long.
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  for (const kind of ["actor", "task", "schedule"] as const) {
    for (const [id, { name }] of await state.readNames(kind, wanted[kind]))
      if (name) names[kind].set(id, name);
    if (!canAsk || wanted[kind].every((id) => names[kind].has(id))) continue;
    for (const { id, name } of (await apify.listNamed(kind, patience).catch(() => [])) ?? [])
      if (name && !names[kind].has(id)) names[kind].set(id, name);
  }
  return (kind, id) => (id === undefined ? undefined : names[kind].get(id));
}
