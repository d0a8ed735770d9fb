import { looksAfter } from "../policy/judge/judge.ts";
import { limitKey } from "../policy/limits/limit.ts";
import { TWO_LOOKS_SECS } from "../policy/limits/looks.ts";
import type { Life, Observation } from "../policy/observation.ts";
import type { Policy } from "../policy/policy.ts";
import { isStopping, type Run } from "../policy/run.ts";
import { isName, isScheduleName } from "../policy/values/patterns.ts";
import type { WrittenRun } from "./run-form.ts";

/** How long a run has been running of which nothing is said: old enough that no figure may be missing for its youth. */
const RUNNING_SECS = 600;
/** Of how many runs a typical figure is, where that is not said: enough for any rule that does not ask for more. */
const TYPICAL_RUNS = 10;

/** An Actor that is written by name needs some id: the name will do. */
export const idOf = (nameOrId: string): string => nameOrId.replace("~", "/");

const before = (now: Date, secs: number): Date => new Date(now.getTime() - secs * 1000);

/** Keys with a value, which the strict types tell from keys that are there and undefined. */
const told = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

export function statusOf({ status, abortingFor, queuedFor, runningFor, startedAt }: WrittenRun): string {
  if (status !== undefined) return status;
  if (abortingFor !== undefined) return "ABORTING";
  const isQueued = queuedFor !== undefined && runningFor === undefined && startedAt === undefined;
  return isQueued ? "READY" : "RUNNING";
}

/**
 *     since            readyUntil                       now
 *     |--- queuedFor ---|--------- runningFor -----------|
 *                                       |- abortingFor --|
 */
function lifeOf(written: WrittenRun, now: Date): Life {
  const { startedAt, queuedFor, runningFor = RUNNING_SECS, abortingFor = 0, resurrects = 0 } = written;
  const status = statusOf(written);
  const running = startedAt ?? before(now, runningFor);
  const since = queuedFor === undefined ? running : before(status === "READY" ? now : running, queuedFor);
  return {
    number: resurrects,
    since,
    ...(status === "READY" && { readyUntil: now }),
    ...(status !== "READY" && queuedFor !== undefined && { readyUntil: running }),
    ...(isStopping(status) && { stoppingSince: before(now, abortingFor) }),
    looks: {},
  };
}

function detailOf(written: WrittenRun): Run["detail"] {
  const { stats = {}, usage, usageUsd, events, eventPrices, accountedEvents, idleFor, resurrects } = written;
  // A run whose idleness is said must tell its CPU; one that works takes some.
  const cpu = idleFor === undefined ? {} : { cpuCurrentUsage: idleFor > 0 ? 0 : 50 };
  return {
    stats: { ...cpu, ...stats, ...(resurrects !== undefined && { resurrectCount: resurrects }) },
    ...(resurrects !== undefined && { resurrectCount: resurrects }),
    ...told({ usage, usageMicroUsd: usageUsd, events, eventMicroUsd: eventPrices, accountedEvents }),
  };
}

/** A cap of which it is not said who set it is the user's own. */
function capOf({ maxTotalChargeUsd: cap, capSetBy = "user" }: WrittenRun): Run["settings"] {
  if (cap === undefined) return {};
  return cap === 0
    ? { capSetByUser: false }
    : { maxTotalChargeMicroUsd: cap, capSetByUser: capSetBy === "user" };
}

function runOf(written: WrittenRun, id: string, life: Life): Run {
  const { actor = "unknown", task, schedule, usageTotalUsd, resurrects = 0 } = written;
  const { origin = schedule === undefined ? "API" : "SCHEDULER" } = written;
  const { build, buildNumber, memory, timeout, pricingModel } = written;
  const detail = detailOf(written);
  return {
    id,
    actorId: idOf(actor),
    ...(task !== undefined && { actorTaskId: idOf(task) }),
    ...(schedule !== undefined && { scheduleId: schedule }),
    status: statusOf(written),
    // An earlier life began before this one.
    startedAt: resurrects > 0 ? before(life.since, 86_400) : life.since,
    origin,
    ...(usageTotalUsd !== undefined && { usageTotalMicroUsd: usageTotalUsd }),
    settings: {
      ...told({ build, buildNumber, memoryMbytes: memory, timeoutSecs: timeout, pricingModel }),
      ...capOf(written),
    },
    ...(detail && { detail }),
  };
}

function typicalOf({ typical }: WrittenRun): Observation["typical"] {
  if (typical === undefined) return undefined;
  const { usd, runTime, runs = TYPICAL_RUNS } = typical;
  return {
    ...(usd !== undefined && { usageTotalMicroUsd: { median: usd, runs } }),
    ...(runTime !== undefined && { runTimeSecs: { median: runTime, runs } }),
  };
}

/** The looks before this one: as many as gauges need, unless this is the first; and since when it has idled. */
function looksOf(written: WrittenRun, { rules }: Policy, seen: Observation, now: Date): Life["looks"] {
  const { looks = "two", idleFor = 0 } = written;
  const idle = rules.flatMap(({ limit }) => (limit?.metric === "idleTime" ? limitKey(limit) : []));
  const earlier = { ...seen, observedAt: before(now, TWO_LOOKS_SECS) };
  const gauges = Object.entries(looks === "two" ? looksAfter(rules, earlier, now) : {});
  const since = idleFor > 0 ? idle.map((key) => [key, before(now, idleFor)] as const) : [];
  return Object.fromEntries([...gauges.filter(([key]) => !idle.includes(key)), ...since]);
}

/** A run as a tick would have observed it at that instant, in Apify's detail. */
export function observationFrom(written: WrittenRun, id: string, policy: Policy, now: Date): Observation {
  const life = lifeOf(written, now);
  const run = runOf(written, id, life);
  const { actor, task, schedule, usdPerHour, idleFor, unmovedFor, ownActor } = written;
  const typical = typicalOf(written);
  const activity = {
    overSecs: TWO_LOOKS_SECS,
    netBytes: 0,
    outputs: 0,
    ...(unmovedFor && { unmovedSince: before(now, unmovedFor) }),
  };
  const seen: Observation = {
    run,
    observedAt: now,
    source: "detail",
    life,
    ...(actor !== undefined && isName(actor) && { actorName: idOf(actor) }),
    ...(task !== undefined && isName(task) && { taskName: idOf(task) }),
    ...(schedule !== undefined && isScheduleName(schedule) && { scheduleName: schedule }),
    ...(ownActor !== undefined && { ownActor }),
    ...(usdPerHour !== undefined && {
      burnMicroUsdPerHour: usdPerHour,
      measuredBurnMicroUsdPerHour: usdPerHour,
    }),
    ...(idleFor !== undefined && { activity }),
    ...(typical && { typical }),
  };
  return { ...seen, life: { ...life, looks: looksOf(written, policy, seen, now) } };
}
