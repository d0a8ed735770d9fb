import type { Named, Observation, Policy } from "../../policy/index.ts";
import type { Known } from "../model/pass.ts";
import type { KnownReads } from "../model/ports.ts";
import type { Learning } from "./looking.ts";
import { unique } from "./lookup.ts";
import { earlierNamesOf, type NamesFound, namesOf, type OfActor, ownedBy, resolveNames } from "./names.ts";
import { policyNeedsTypical, resolveTypical, typicalFrom } from "./typical.ts";

/** What is known of a run's Actor, task and schedule, of an observation that has it. */
export const knownOf = ({
  actorName,
  taskName,
  scheduleName,
  formerActorNames,
  formerTaskNames,
  formerScheduleNames,
  ownActor,
  typical,
}: Partial<Observation>): Known => ({
  ...(actorName && { actorName }),
  ...(taskName && { taskName }),
  ...(scheduleName && { scheduleName }),
  ...(formerActorNames && { formerActorNames }),
  ...(formerTaskNames && { formerTaskNames }),
  ...(formerScheduleNames && { formerScheduleNames }),
  ...(ownActor !== undefined && { ownActor }),
  ...(typical && { typical }),
});

/** All that the policy asks for of these runs' Actors, tasks and schedules. */
export async function resolveKnown(
  learning: Learning,
  policy: Policy,
  runs: readonly OfActor[],
  signal: AbortSignal,
): Promise<(run: OfActor) => Known> {
  const names = await resolveNames(learning, policy, runs, signal);
  const typical = await resolveTypical(learning, policy, runs, signal);
  return (run) => ({ ...names(run), ...typical(run) });
}

async function readNames(state: KnownReads, runs: readonly OfActor[]) {
  const actors = await state.readNames("actor", unique(runs.map((run) => run.actorId)));
  const tasks = await state.readNames("task", unique(runs.map((run) => run.actorTaskId)));
  const schedules = await state.readNames("schedule", unique(runs.map((run) => run.scheduleId)));
  return ({ actorId, actorTaskId = "", scheduleId = "" }: OfActor): NamesFound => ({
    actor: actors.get(actorId),
    task: tasks.get(actorTaskId),
    schedule: schedules.get(scheduleId),
  });
}

/** By the store alone, what spenders are called and were, for budgets to be judged by. */
export async function storedNames(
  state: KnownReads,
  spenders: readonly OfActor[],
): Promise<(spender: OfActor) => Named> {
  const namesFor = await readNames(state, spenders);
  return (spender) => ({ ...namesOf(namesFor(spender)), ...earlierNamesOf(namesFor(spender)) });
}

/** The same from the store alone, for those who look at what ticks left there: every name that is known. */
export async function storedKnown(
  state: KnownReads,
  policy: Policy | undefined,
  runs: readonly OfActor[],
): Promise<(run: OfActor) => Known> {
  const [actorIds, taskIds] = [
    unique(runs.map((run) => run.actorId)),
    unique(runs.map((run) => run.actorTaskId)),
  ];
  const namesFor = await readNames(state, runs);
  const typical =
    policy && policyNeedsTypical(policy)
      ? typicalFrom(await state.readTypical("actor", actorIds), await state.readTypical("task", taskIds))
      : () => ({});
  return (run) => ({
    ...namesOf(namesFor(run)),
    ...ownedBy(namesFor(run).actor, run),
    ...typical(run),
  });
}
