import {
  type HoldSource,
  type LedgerView,
  type Named,
  type Policy,
  type Spender,
  spenderKey,
} from "../../policy/index.ts";
import { isOfProcess } from "../model/errors.ts";
import { skipFailed } from "../model/pass.ts";
import type { ActorsOnApify, Schedule, ScheduleStart } from "../model/ports.ts";
import type { Learning } from "../observe/looking.ts";
import { resolveNames } from "../observe/names.ts";

const SCHEDULER = "SCHEDULER";

/** Whose runs schedules have started, by the money that is recorded of them and by the live runs. */
export function startedBySchedules(ledger: LedgerView | undefined): readonly (Spender & Named)[] {
  if (ledger === undefined) return [];
  const { recorded, live } = ledger;
  const all = [...recorded.cells, ...live].filter(({ scheduleId }) => scheduleId !== undefined);
  const each = new Map(all.map((spender) => [spenderKey(spender), spender]));
  return [...each.values()].map(({ actorId, actorTaskId, origin, scheduleId }) => {
    const spender = {
      actorId,
      ...(actorTaskId !== undefined && { actorTaskId }),
      ...(origin !== undefined && { origin }),
      ...(scheduleId !== undefined && { scheduleId }),
    };
    return { ...spender, ...recorded.nameOf(spender) };
  });
}

/** Of which Actors tasks are. An Actor that is not known matches no selector of Actors. */
async function actorsOfTasks(
  learning: Learning & { readonly ports: { readonly apify: ActorsOnApify } },
  schedules: readonly Schedule[],
  started: readonly Spender[],
): Promise<ReadonlyMap<string, string>> {
  const known = new Map(
    started.flatMap(({ actorTaskId, actorId }) =>
      actorTaskId === undefined ? [] : [[actorTaskId, actorId]],
    ),
  );
  const isUnknown = ({ kind, id }: ScheduleStart): boolean => kind === "task" && !known.has(id);
  if (!schedules.some(({ starts }) => starts.some(isUnknown))) return known;
  try {
    const tasks = (await learning.ports.apify.listNamed("task", learning.signal)) ?? [];
    return new Map([
      ...tasks.flatMap(({ id, actorId }) => (actorId ? [[id, actorId] as const] : [])),
      ...known,
    ]);
  } catch (error) {
    if (isOfProcess(error)) throw error;
    skipFailed(learning, "reading the list of tasks", error);
    return known;
  }
}

/** The schedules of the account with whose runs they start: by their actions, and by the runs that name them. */
export async function sourcesOf(
  learning: Learning & { readonly ports: { readonly apify: ActorsOnApify } },
  policy: Policy,
  schedules: readonly Schedule[],
  ledger: LedgerView | undefined,
): Promise<readonly HoldSource[]> {
  const started = startedBySchedules(ledger);
  const actorOf = await actorsOfTasks(learning, schedules, started);
  const planned = schedules.flatMap(({ id: scheduleId, starts }) =>
    starts.map(({ kind, id }): Spender => {
      const of = { origin: SCHEDULER, scheduleId };
      return kind === "task"
        ? { actorId: actorOf.get(id) ?? "", actorTaskId: id, ...of }
        : { actorId: id, ...of };
    }),
  );
  const ofActors = planned.filter(({ actorId }) => actorId !== "");
  const nameOf = await resolveNames(learning, policy, ofActors, learning.signal);
  const all = [...planned.map((spender) => ({ ...spender, ...nameOf(spender) })), ...started];
  const ids = new Set([
    ...schedules.map(({ id }) => id),
    ...all.flatMap(({ scheduleId }) => scheduleId ?? []),
  ]);
  const bySchedule = Map.groupBy(all, ({ scheduleId }) => scheduleId);
  return [...ids].map((id) => ({ id, starts: bySchedule.get(id) ?? [] }));
}
