import type { Observation } from "../observation.ts";
import type { Criteria, Selector } from "../policy.ts";
import type { RunSettings } from "../run.ts";
import type { MemoryRange } from "../values/memory.ts";
import { canonical, globMatches, isName, isScheduleName } from "../values/patterns.ts";

/**
 * Why a rule does not apply, if so. `unresolved`: it hangs on a name that could not be resolved; `untold`: on something of
 * the run that Apify has not told. `because` is the key that says so.
 */
export type Match =
  | { readonly kind: "match" }
  | { readonly kind: "no" | "unresolved" | "untold"; readonly because: string };

export type Answer = Match["kind"];

/** What selectors name by id or by name. */
export type NamedKey = "actors" | "tasks" | "schedules";

/** Is it a name, and no id? */
export const IS_NAME: Readonly<Record<NamedKey, (pattern: string) => boolean>> = {
  actors: isName,
  tasks: isName,
  schedules: isScheduleName,
};

/**
 * Do the patterns of Actors, tasks or schedules match this one? Without its name, only an id or `*` can. `former`: what
 * else it counts as being called.
 */
export function matchNamed(
  key: NamedKey,
  patterns: readonly string[],
  id: string | undefined,
  name: string | undefined,
  former: readonly string[] = [],
): Answer {
  if (id === undefined) return "no";
  if (patterns.some((pattern) => pattern === id || pattern === "*")) return "match";
  const names = patterns.filter(IS_NAME[key]).map(canonical);
  if (names.length === 0) return "no";
  if (name === undefined) return "unresolved";
  const isMatch = [name, ...former].some((each) =>
    names.some((pattern) => globMatches(pattern, canonical(each))),
  );
  return isMatch ? "match" : "no";
}

/** Where a schedule started it, and Apify does not say which, it is of all, and none of them can be ruled out. */
function matchSchedule(schedules: readonly string[], { run, ...named }: Selected): Answer {
  if (run.origin === "SCHEDULER" && run.scheduleId === undefined)
    return schedules.includes("*") ? "match" : "unresolved";
  const { scheduleName, formerScheduleNames } = named;
  return matchNamed("schedules", schedules, run.scheduleId, scheduleName, formerScheduleNames);
}

const matchOrigin = (origins: readonly string[], origin: string | undefined): Answer => {
  if (origin === undefined) return "unresolved";
  return origins.includes(origin) ? "match" : "no";
};

/** By the tag that was asked for or by number; while either is not told, a mismatch is no answer. */
function matchBuild(patterns: readonly string[], { build, buildNumber }: RunSettings): Answer {
  const told = [build, buildNumber].filter((each) => each !== undefined);
  if (patterns.some((pattern) => told.some((each) => globMatches(pattern, each)))) return "match";
  return told.length < 2 ? "untold" : "no";
}

const COMPARE: Readonly<Record<MemoryRange["op"], (memory: number, bound: number) => boolean>> = {
  "=": (memory, bound) => memory === bound,
  "<": (memory, bound) => memory < bound,
  "<=": (memory, bound) => memory <= bound,
  ">": (memory, bound) => memory > bound,
  ">=": (memory, bound) => memory >= bound,
};

function matchMemory(ranges: readonly MemoryRange[], memory: number | undefined): Answer {
  if (memory === undefined || !Number.isFinite(memory)) return "untold";
  return ranges.some(({ op, mbytes }) => COMPARE[op](memory, mbytes)) ? "match" : "no";
}

const matchPricing = (models: readonly string[], model: string | undefined): Answer => {
  if (model === undefined) return "untold";
  return models.includes(model) ? "match" : "no";
};

type Key = { readonly key: keyof Criteria; readonly answer: Answer };

/** What of a run selectors look at. */
export type Selected = {
  readonly run: Pick<Observation["run"], "actorId" | "actorTaskId" | "scheduleId" | "origin" | "settings">;
} & Pick<
  Observation,
  "actorName" | "taskName" | "scheduleName" | "formerActorNames" | "formerTaskNames" | "formerScheduleNames"
>;

/** A rule is of what is called so now. */
const asNow = ({ run, actorName, taskName, scheduleName }: Selected): Selected => ({
  run,
  ...(scheduleName !== undefined && { scheduleName }),
  ...(actorName !== undefined && { actorName }),
  ...(taskName !== undefined && { taskName }),
});

function matchKeys(criteria: Criteria, seen: Selected): readonly Key[] {
  const { run, actorName, taskName, formerActorNames, formerTaskNames } = seen;
  const { actors, tasks, schedules, origins, builds, memory, pricingModels } = criteria;
  const { settings = {} } = run;
  const keys: Key[] = [];
  if (actors)
    keys.push({
      key: "actors",
      answer: matchNamed("actors", actors, run.actorId, actorName, formerActorNames),
    });
  if (tasks)
    keys.push({
      key: "tasks",
      answer: matchNamed("tasks", tasks, run.actorTaskId, taskName, formerTaskNames),
    });
  if (schedules) keys.push({ key: "schedules", answer: matchSchedule(schedules, seen) });
  if (origins) keys.push({ key: "origins", answer: matchOrigin(origins, run.origin) });
  if (builds) keys.push({ key: "builds", answer: matchBuild(builds, settings) });
  if (memory) keys.push({ key: "memory", answer: matchMemory(memory, settings.memoryMbytes) });
  if (pricingModels)
    keys.push({ key: "pricingModels", answer: matchPricing(pricingModels, settings.pricingModel) });
  return keys;
}

/** Does a key of the exceptions certainly match the run? */
export const isExcepted = (except: Criteria, seen: Selected): boolean =>
  matchKeys(except, seen).some(({ answer }) => answer === "match");

/** Settings are asked for before names are given up: one more reading tells them. */
const OPEN = ["untold", "unresolved"] as const;

/**
 * Does a rule with this selector apply to the run? An unknown `for` does not match, an unknown `except` excepts:
 * whatever we can't tell protects the run. An exception goes on for what was called so when it was written.
 */
export function matchSelector(selector: Selector | undefined, observation: Selected): Match {
  const { origin } = observation.run;
  if (!selector?.origins?.includes("STANDBY")) {
    if (origin === "STANDBY") return { kind: "no", because: "origin STANDBY must be named" };
    // It may be STANDBY, which must be named.
    if (origin === undefined) return { kind: "unresolved", because: "its origin" };
  }
  return matchSpender(selector, observation);
}

/** Does what the run spends count for this selector? That of STANDBY does, named or not: only to be stopped it is named. */
export function matchSpender(selector: Selector | undefined, observation: Selected): Match {
  if (selector === undefined) return { kind: "match" };
  const wanted = matchKeys(selector, asNow(observation));
  const missed = wanted.find(({ answer }) => answer === "no");
  if (missed) return { kind: "no", because: `for.${missed.key}` };
  const excepted = selector.except ? matchKeys(selector.except, observation) : [];
  const spared = excepted.find(({ answer }) => answer === "match");
  if (spared) return { kind: "no", because: `for.except.${spared.key}` };
  for (const kind of OPEN) {
    const open = [...wanted, ...excepted].find(({ answer }) => answer === kind);
    if (open) return { kind, because: open.key };
  }
  return { kind: "match" };
}

/** Which names must be resolved before the selectors can be judged. */
export function namesNeeded(selectors: readonly (Selector | undefined)[]): {
  actors: boolean;
  tasks: boolean;
  schedules: boolean;
} {
  const criteria = selectors.flatMap((selector) => (selector ? [selector, selector.except ?? {}] : []));
  const isNeeded = (key: NamedKey): boolean =>
    criteria.some((each) => each[key]?.some((pattern) => IS_NAME[key](pattern) && pattern !== "*"));
  return { actors: isNeeded("actors"), tasks: isNeeded("tasks"), schedules: isNeeded("schedules") };
}
