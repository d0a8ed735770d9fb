import { DAY_MS, type Named, namesNeeded, needsOwners, type Policy, type Run } from "../../policy/index.ts";
import type { ActorOrTask, NamedKind } from "../model/apify-port.ts";
import type { Renamed } from "../model/live.ts";
import type { Known } from "../model/pass.ts";
import type { Former, Name, NamedAnswer } from "../model/ports.ts";
import { forEachRun } from "./for-each-run.ts";
import type { Learning } from "./looking.ts";
import { type Lookup, lookUp, unique } from "./lookup.ts";
import { PATIENCE_MS } from "./within-budget.ts";

/** So many former names at most. */
const MOST_FORMER = 10;

/** While a name that rules ask for is unknown they are blind to the run: what may be read again must soon be noticed. */
const BLIND_FOR_MS = 5 * 60_000;

/** No window of a budget is longer. */
const LONGEST_WINDOW_MS = 31 * DAY_MS;

/** What counts while this policy version is in force. Where that is not known, all do: a name more protects more. */
const countsUnder = (version: number | undefined) => (each: Former) =>
  version === undefined || each.policyVersion === undefined || each.policyVersion === version;

/** What an Actor, a task or a schedule is called, and whose it is, after asking for it: what was known stays known where this tells none. */
export function nameAfter(
  before: Name | undefined,
  answer: NamedAnswer,
  readAt: Date,
  policyVersion?: number,
): Name {
  const told = answer.kind === "found" ? answer.name : undefined;
  const unreadable = answer.kind === "found" ? {} : { unreadable: answer.kind };
  const goneUnder = before?.unreadable === "gone" ? before.goneUnder : policyVersion;
  const gone = answer.kind === "gone" && goneUnder !== undefined ? { goneUnder } : {};
  const old = before?.name;
  const name = told ?? old;
  const ownerId = (answer.kind === "found" ? answer.userId : undefined) ?? before?.ownerId;
  const under = policyVersion === undefined ? {} : { readUnder: policyVersion };
  const of = { readAt, ...under, ...unreadable, ...gone, ...(ownerId !== undefined && { ownerId }) };
  if (name === undefined) return of;
  const renamed =
    old === undefined ? [] : [{ name: old, ...(policyVersion !== undefined && { policyVersion }) }];
  const former = [...(before?.former ?? []).filter(countsUnder(policyVersion)), ...renamed]
    .filter(
      (each, i, all) => each.name !== name && all.findLastIndex((other) => other.name === each.name) === i,
    )
    .slice(-MOST_FORMER);
  const past = old === undefined || old === name ? [] : [{ name: old, until: readAt }];
  const earlier = [...(before?.earlier ?? []), ...past]
    .filter(({ until }) => readAt.getTime() - until.getTime() <= LONGEST_WINDOW_MS)
    .slice(-MOST_FORMER);
  const knownAt = told === undefined ? (before?.knownAt ?? before?.readAt) : undefined;
  return {
    name,
    ...of,
    ...(knownAt && { knownAt }),
    ...(former.length > 0 && { former }),
    ...(earlier.length > 0 && { earlier }),
  };
}

const isNamed = ({ name }: Name): boolean => name !== undefined;

const lookupOf = ({ inForce = {}, ports: { memory, state, apify, clock } }: Learning): Lookup<Name> => ({
  what: "reading the name of",
  memory: memory.names,
  read: (kind, ids) => state.readNames(kind, ids),
  write: (kind, names) => state.writeNames(kind, names),
  async ask(kind, id, signal, before) {
    const named = await apify[kind](id, signal);
    return nameAfter(before, named, clock.now(), inForce.version);
  },
  isKnown: isNamed,
  // Whoever pushes a policy writes the names of that day into it.
  isCurrent: ({ readUnder }) => inForce.version === undefined || readUnder === inForce.version,
});

/** What names, and what is typical, hang on. */
export type OfActor = Pick<Run, "actorId" | "actorTaskId" | "scheduleId" | "userId">;

/** What these Actors, tasks or schedules are called. */
export const readNames = (
  learning: Learning,
  kind: NamedKind,
  ids: readonly (string | undefined)[],
  signal: AbortSignal,
  asking: Partial<Lookup<Name>> = {},
): Promise<ReadonlyMap<string, Name>> =>
  lookUp(learning, { ...lookupOf(learning), ...asking }, kind, unique(ids), signal);

/**
 * The names that the policy's selectors and exemptions by name ask for, and the owners that its estimates hang on; nothing is
 * asked for where ids do. Of what is no run nothing is estimated.
 */
export async function resolveNames(
  learning: Learning,
  policy: Policy,
  runs: readonly OfActor[],
  signal: AbortSignal,
): Promise<(run: OfActor) => Omit<Known, "typical">> {
  const forRules = { unknownForMs: BLIND_FOR_MS };
  const needed = namesNeeded(policy.rules.map((rule) => rule.for));
  const owners = needsOwners(policy);
  const isWhole = owners ? (each: Name) => isNamed(each) && each.ownerId !== undefined : isNamed;
  const isNeeded = (kind: ActorOrTask, byRules: boolean): boolean =>
    byRules || learning.inForce?.named?.has(kind) === true;
  const owned = owners ? runs.filter(({ userId }) => userId !== undefined) : [];
  const actorIds = (isNeeded("actor", needed.actors) ? runs : owned).map((run) => run.actorId);
  const actors = await readNames(learning, "actor", actorIds, signal, { ...forRules, isKnown: isWhole });
  const taskIds = isNeeded("task", needed.tasks) ? runs.map((run) => run.actorTaskId) : [];
  const tasks = await readNames(learning, "task", taskIds, signal, forRules);
  const scheduleIds = needed.schedules ? runs.map((run) => run.scheduleId) : [];
  const schedules = await readNames(learning, "schedule", scheduleIds, signal, forRules);
  const foundFor = ({ actorId, actorTaskId = "", scheduleId = "" }: OfActor): NamesFound => ({
    actor: actors.get(actorId),
    task: tasks.get(actorTaskId),
    schedule: schedules.get(scheduleId),
  });
  return (run) => ({
    ...namesOf(foundFor(run), learning.inForce?.version),
    ...ownedBy(actors.get(run.actorId), run),
  });
}

/** Is the Actor the run's own user's, who is billed none of its events? Absent where one of the two is not known. */
export const ownedBy = (actor: Pick<Name, "ownerId"> | undefined, { userId }: OfActor) =>
  actor?.ownerId !== undefined && userId !== undefined ? { ownActor: actor.ownerId === userId } : {};

/** Asks at once for the names of what was just found to be gone: by another name it may be there, and a rule may have lost it. */
export async function readNamesAgain(
  learning: Learning,
  kind: ActorOrTask,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { what, memory, ask, write } = lookupOf(learning);
  const key = (id: string): string => `${kind}#${id}`;
  const isKnown = (id: string): boolean => {
    const { name, unreadable } = memory.get(key(id)) ?? {};
    return name !== undefined && unreadable === undefined;
  };
  const learnt = new Map<string, Name>();
  const again = async (id: string, within: AbortSignal): Promise<void> =>
    void learnt.set(id, await ask(kind, id, within, memory.get(key(id))));
  await forEachRun(learning, ids.filter(isKnown), `${what} what is gone`, again, {
    patienceMs: PATIENCE_MS,
    signal,
  });
  for (const [id, found] of learnt) memory.set(key(id), found);
  if (learnt.size > 0) await write(kind, learnt);
}

/** What was found of a run's or a spender's Actor, task and schedule. */
export type NamesFound = Readonly<Record<NamedKind, Name | undefined>>;

/** The names as observations carry them: what could not be resolved is absent. */
export const namesOf = ({ actor, task, schedule }: NamesFound, policyVersion?: number) => {
  const formerOf = (each: Name | undefined): readonly string[] =>
    (each?.former ?? []).filter(countsUnder(policyVersion)).map(({ name }) => name);
  const former = {
    formerActorNames: formerOf(actor),
    formerTaskNames: formerOf(task),
    formerScheduleNames: formerOf(schedule),
  };
  return {
    ...(actor?.name && { actorName: actor.name }),
    ...(task?.name && { taskName: task.name }),
    ...(schedule?.name && { scheduleName: schedule.name }),
    ...(Object.fromEntries(Object.entries(former).filter(([, names]) => names.length > 0)) as Partial<
      typeof former
    >),
  };
};

/** The names under which money was booked before, as budgets count it. */
export const earlierNamesOf = ({ actor, task, schedule }: NamesFound): Named => ({
  ...(actor?.earlier && { earlierActorNames: actor.earlier }),
  ...(task?.earlier && { earlierTaskNames: task.earlier }),
  ...(schedule?.earlier && { earlierScheduleNames: schedule.earlier }),
});

/** What was renamed or is gone since this policy was pushed, as far as this process knows. */
export function changedNames(names: ReadonlyMap<string, Name>, policyVersion: number): readonly Renamed[] {
  return [...names].flatMap(([key, { name, former = [], goneUnder, unreadable }]): readonly Renamed[] => {
    if (name === undefined) return [];
    if (unreadable === "gone") return goneUnder === policyVersion ? [{ key, from: name, policyVersion }] : [];
    const old = former.filter((each) => each.policyVersion === policyVersion);
    return old.map((each) => ({ key, from: each.name, to: name, policyVersion }));
  });
}
