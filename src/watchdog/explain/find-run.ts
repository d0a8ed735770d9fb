import { isEnded, namesNeeded, needsOwners, type Policy, type Run } from "../../policy/index.ts";
import type { Entry } from "../model/entry.ts";
import type { LiveRun } from "../model/live.ts";
import type { Known } from "../model/pass.ts";
import type { Named, NamedAnswer, Reading, ReadPorts } from "../model/ports.ts";
import { storedKnown } from "../observe/known.ts";
import { ownedBy } from "../observe/names.ts";
import { remember } from "../observe/remember.ts";
import { asEnded, endedSince } from "./ended-since.ts";
import type { Explanation } from "./explanation.ts";

type Sources = Pick<ReadPorts, "state" | "apify">;

export type Answer = Reading | { readonly kind: "unread"; readonly why: string };

/** Asks Apify for the run as it is now; that it can't be asked is an answer, too. */
export const readNow = ({ apify }: Sources, runId: string, signal: AbortSignal): Promise<Answer> =>
  apify
    .readRun(runId, signal)
    .catch((error: unknown) => ({ kind: "unread" as const, why: (error as Error).message }));

/** Why the run was not read just now, if so. */
export const whyUnread = (answer: Answer): string | undefined => {
  if (answer.kind === "unread") return answer.why;
  return answer.kind === "missing" ? "Apify has no such run" : undefined;
};

export type Found = {
  readonly live: LiveRun;
  readonly source: Explanation["source"];
  readonly hasEnded: boolean;
};

const asSeen = (live: LiveRun): Found => ({
  live,
  source: live.source,
  hasEnded: isEnded(live.run.status),
});

/**
 * The run as Apify tells it now, else as the last tick saw it or as its chain says that it has ended since, else as it is
 * recorded.
 */
export async function findRun(
  { state }: Sources,
  runId: string,
  answer: Answer,
  entries: readonly Entry[],
): Promise<Found | undefined> {
  const previous = (await state.readLive()).runs.get(runId);
  if (answer.kind === "found") {
    const { run, observedAt } = answer;
    const live = remember(previous, { run, observedAt, source: "detail" });
    return asSeen(live);
  }
  if (previous) {
    const end = isEnded(previous.run.status) ? undefined : endedSince(entries, previous);
    return end ? { live: asEnded(previous, end), source: "record", hasEnded: true } : asSeen(previous);
  }
  const record = await state.readRun(runId);
  if (record === undefined) return undefined;
  const { run, life, recordedAt } = record;
  // When a later life began is not recorded.
  const since = life === 0 ? run.startedAt : recordedAt;
  const seen = { run, observedAt: recordedAt, life: { number: life, since, looks: {} }, said: [] };
  return { live: { ...seen, source: "detail" }, source: "record", hasEnded: isEnded(run.status) };
}

/** What is known of a run's Actor, task and schedule: from the tables, and the names and owners that rules ask for from Apify where it answers. */
export async function knownOfRun(
  { state, apify }: Sources,
  run: Run,
  policy: Policy | undefined,
  signal: AbortSignal,
): Promise<Known> {
  const stored = (await storedKnown(state, policy, [run]))(run);
  const needed = namesNeeded(policy?.rules.map((rule) => rule.for) ?? []);
  const lacksOwner = policy !== undefined && needsOwners(policy) && stored.ownActor === undefined;
  const asked = async (answer: Promise<NamedAnswer>): Promise<Partial<Named>> => {
    const named = await answer.catch(() => undefined);
    return named?.kind === "found" ? named : {};
  };
  const lacksName = needed.actors && stored.actorName === undefined;
  const actor = lacksName || lacksOwner ? await asked(apify.actor(run.actorId, signal)) : {};
  const lacksTask = needed.tasks && run.actorTaskId !== undefined && stored.taskName === undefined;
  const task = lacksTask ? await asked(apify.task(run.actorTaskId, signal)) : {};
  const lacksSchedule = needed.schedules && run.scheduleId !== undefined && stored.scheduleName === undefined;
  const schedule = lacksSchedule ? await asked(apify.schedule(run.scheduleId, signal)) : {};
  const [actorName, taskName] = [stored.actorName ?? actor.name, stored.taskName ?? task.name];
  const scheduleName = stored.scheduleName ?? schedule.name;
  return {
    ...ownedBy({ ...(actor.userId !== undefined && { ownerId: actor.userId }) }, run),
    ...stored,
    ...(actorName && { actorName }),
    ...(taskName && { taskName }),
    ...(scheduleName && { scheduleName }),
  };
}
