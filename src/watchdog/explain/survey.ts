import pLimit from "p-limit";
import {
  countSelected,
  isLimitRule,
  type LimitRule,
  matchSelector,
  type Observation,
  type Policy,
  type Run,
  type SelectedCount,
  stopsAtTimes,
  type TypicalShare,
  takesNothingWarnings,
  typicalShare,
  type Warning,
} from "../../policy/index.ts";
import { isOfProcess } from "../model/errors.ts";
import { errorText } from "../model/pass.ts";
import type { ActorOrTask, ActorsOnApify, ControlReads, NamedKind, NamedList } from "../model/ports.ts";

/** What a policy comes to on an account: what its rules select there, and what its stops on the usual would have ended. */
export type Survey = {
  readonly selected: readonly SelectedCount[];
  readonly warnings: readonly Warning[];
  readonly typical: readonly (TypicalShare & { readonly ruleId: string; readonly sources: number })[];
  /** What could not be read, and is not counted. */
  readonly notes: readonly string[];
};

export type Surveying = {
  readonly ports: { readonly apify: ActorsOnApify; readonly state: Pick<ControlReads, "readControl"> };
  /** The live runs. */
  readonly observations: ReadonlyMap<string, Observation>;
  readonly signal: AbortSignal;
};

const WORDS = { actor: "Actors", task: "tasks", schedule: "schedules" } as const;
/** Of so many Actors, and so many tasks, recorded runs are read for a stop on the usual. */
const MOST_SOURCES = 20;
const AT_ONCE = 5;

async function listed({ ports, signal }: Surveying, kind: NamedKind, notes: string[]): Promise<NamedList> {
  try {
    const list = await ports.apify.listNamed(kind, signal);
    if (list === undefined) notes.push(`the token may not list ${WORDS[kind]}, so they are not counted`);
    return list;
  } catch (error) {
    if (isOfProcess(error)) throw error;
    notes.push(`${WORDS[kind]} are not counted: ${errorText(error)}`);
    return undefined;
  }
}

type Source = {
  readonly kind: ActorOrTask;
  readonly id: string;
  readonly name?: string;
  readonly actorName?: string;
};

/** The recorded successes of tasks and Actors; a run of a task is compared with those of its task alone. */
async function successesOf(
  { ports, signal }: Surveying,
  sources: readonly Source[],
  userId: string | undefined,
  notes: string[],
) {
  const limit = pLimit(AT_ONCE);
  const read = async ({ kind, id, name, actorName }: Source) => {
    try {
      const { runs, observedAt } = await ports.apify.recentRuns({ kind, id }, ["SUCCEEDED"], signal);
      const isOwn = (run: Run) => !userId || !run.userId || run.userId === userId;
      const own = runs.filter((run) => isOwn(run) && (kind === "task" || run.actorTaskId === undefined));
      const names = kind === "task" ? { taskName: name, actorName } : { actorName: name };
      return [{ runs: own, readAt: observedAt, names }];
    } catch (error) {
      if (isOfProcess(error)) throw error;
      notes.push(`recorded runs of ${name ?? id} are not counted: ${errorText(error)}`);
      return [];
    }
  };
  return (await Promise.all(sources.map((each) => limit(() => read(each))))).flat();
}

async function sharesOf(
  surveying: Surveying,
  rules: readonly LimitRule[],
  { actors = [], tasks = [] }: { readonly actors?: NamedList; readonly tasks?: NamedList },
  notes: string[],
): Promise<Survey["typical"]> {
  const { apifyUserId } = await surveying.ports.state.readControl();
  const names = new Map(actors.map(({ id, name }) => [id, name]));
  const ofTask = ({ id, name, actorId = "" }: NonNullable<NamedList>[number]): Source => {
    const actorName = names.get(actorId);
    return { kind: "task", id, ...(name && { name }), ...(actorName && { actorName }) };
  };
  const ofActor = ({ id, name }: { id: string; name?: string }): Source => ({
    kind: "actor",
    id,
    ...(name && { name }),
  });
  const all = [...tasks.slice(0, MOST_SOURCES).map(ofTask), ...actors.slice(0, MOST_SOURCES).map(ofActor)];
  if (Math.max(actors.length, tasks.length) > MOST_SOURCES)
    notes.push(`recorded runs were read of ${MOST_SOURCES} Actors and ${MOST_SOURCES} tasks, not of all`);
  const read = await successesOf(surveying, all, apifyUserId, notes);
  return rules.map((rule) => {
    const shares = read.map(({ runs, readAt, names: named }) => {
      const known = Object.fromEntries(Object.entries(named).filter(([, name]) => name !== undefined));
      const of = runs.filter((run) => matchSelector(rule.for, { run, ...known }).kind === "match");
      return typicalShare(rule, of, readAt);
    });
    const counted = shares.filter(({ of }) => of > 0);
    return {
      ruleId: rule.id,
      ended: counted.reduce((sum, { ended }) => sum + ended, 0),
      of: counted.reduce((sum, { of }) => sum + of, 0),
      sources: counted.length,
    };
  });
}

/** Counts a policy against the account. What can't be read is noted, and not counted. */
export async function surveyPolicy(surveying: Surveying, policy: Policy): Promise<Survey> {
  const notes: string[] = [];
  const lists = {
    actors: await listed(surveying, "actor", notes),
    tasks: await listed(surveying, "task", notes),
  };
  const { actors, tasks } = lists;
  const namesSchedules = policy.rules.some((rule) => rule.for?.schedules ?? rule.for?.except?.schedules);
  const schedules = namesSchedules ? await listed(surveying, "schedule", notes) : undefined;
  const runs = [...surveying.observations.values()];
  const account = {
    ...(actors && { actors }),
    ...(tasks && { tasks }),
    ...(schedules && { schedules }),
    runs,
  };
  const selected = countSelected(policy, account);
  const stopping = policy.rules.filter(isLimitRule).filter((rule) => stopsAtTimes(rule) !== undefined);
  const typical = stopping.length > 0 ? await sharesOf(surveying, stopping, lists, notes) : [];
  return { selected, warnings: takesNothingWarnings(policy, selected), typical, notes };
}
