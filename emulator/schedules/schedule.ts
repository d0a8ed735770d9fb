import { holdsAt, several } from "../ground/during.ts";
import type { Random } from "../ground/random.ts";
import type { Actor, Task, User } from "../runs/actor.ts";
import type { Run } from "../runs/run.ts";
import type { ScheduleEdit, ScheduleSpec } from "../world/schedule.ts";
import type { RunScript } from "../world/script.ts";
import { parseCron } from "./cron.ts";
import { nextTime, zoneOf } from "./next-time.ts";

/** What a schedule starts: an Actor with an input, or a task; `told` are the input and options that a caller gave for it. */
export type Action = {
  readonly id: string;
  readonly actor: Actor;
  readonly task: Task | undefined;
  readonly script: RunScript;
  readonly told: Readonly<Record<string, unknown>>;
};

/** A schedule as it is now. */
export type Schedule = {
  readonly id: string;
  readonly user: User;
  readonly spec: ScheduleSpec;
  name: string;
  title: string | null;
  description: string | null;
  isEnabled: boolean;
  isExclusive: boolean;
  cronExpression: string;
  timezone: string;
  actions: readonly Action[];
  readonly createdAtMs: number;
  modifiedAtMs: number;
  /** When it is due next; undefined while it is disabled. */
  nextMs: number | undefined;
  lastMs: number | undefined;
  disabledAtMs: number | undefined;
  isDeleted: boolean;
  /** Of `everyMs`: an instant at which it was due. Undefined once it has a cron expression. */
  beatFromMs: number | undefined;
  /** How often it has fired, for labels. */
  count: number;
  reenablings: number;
  /** The runs that it started last. */
  readonly started: Run[];
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CREATED_MS = Date.UTC(2025, 10, 3, 9);
/** Apify docs: "if your next run is scheduled sooner than 10 seconds after the previous run, the next run will be skipped". */
const LEAST_DISTANCE_MS = 10_000;

/** A schedule as the world declares it, the `index`th. */
export function scheduleOf(
  spec: ScheduleSpec,
  {
    user,
    actions,
    startedAtMs,
    index,
  }: Pick<Schedule, "user" | "actions"> & { startedAtMs: number; index: number },
  random: Random,
): Schedule {
  const { name, cron, everyMs, fromMs = 0 } = spec;
  if ((cron === undefined) === (everyMs === undefined)) {
    throw new Error(`The schedule ${name} needs either cron or everyMs, and not both.`);
  }
  if (everyMs !== undefined && everyMs < 1_000) {
    throw new RangeError(
      `In this world the schedule ${name} starts runs each ${everyMs} ms: give 1,000 or more.`,
    );
  }
  const firstMs = startedAtMs + fromMs;
  const schedule: Schedule = {
    id: spec.id ?? random.id(),
    user,
    spec,
    name,
    title: spec.title ?? null,
    description: null,
    isEnabled: spec.isEnabled ?? true,
    isExclusive: spec.isExclusive === true,
    cronExpression: cron ?? nearestCron(everyMs ?? HOUR),
    timezone: spec.timezone ?? "UTC",
    actions,
    createdAtMs: CREATED_MS + index * MINUTE,
    modifiedAtMs: CREATED_MS + index * MINUTE,
    nextMs: undefined,
    lastMs: undefined,
    disabledAtMs: spec.isEnabled === false ? startedAtMs : undefined,
    isDeleted: false,
    beatFromMs: everyMs === undefined ? undefined : firstMs,
    count: 0,
    reenablings: 0,
    started: [],
  };
  const wrong = refusedEdit({ cronExpression: schedule.cronExpression, timezone: schedule.timezone });
  if (wrong) throw new Error(`The schedule ${name}: ${wrong}`);
  if (schedule.isEnabled) schedule.nextMs = dueAfter(schedule, firstMs - 1);
  return schedule;
}

/** `everyMs` knows no calendar: this is how it is told, to the minute. */
function nearestCron(everyMs: number): string {
  if (everyMs < HOUR) return `*/${Math.max(1, Math.round(everyMs / MINUTE))} * * * *`;
  return everyMs < 24 * HOUR ? `0 */${Math.round(everyMs / HOUR)} * * *` : "0 0 * * *";
}

/** When it would be due next after the instant if it is enabled. */
function dueAfter(
  { beatFromMs, spec, cronExpression, timezone }: Schedule,
  afterMs: number,
): number | undefined {
  if (beatFromMs !== undefined && spec.everyMs !== undefined) {
    const beats = Math.max(0, Math.floor((afterMs - beatFromMs) / spec.everyMs) + 1);
    return beatFromMs + beats * spec.everyMs;
  }
  const [cron, zone] = [parseCron(cronExpression), zoneOf(timezone)];
  return cron && zone && nextTime(cron, zone, afterMs);
}

/** What is wrong with the changes, as a schedule can't have them; undefined: nothing. */
export function refusedEdit({ cronExpression, timezone }: ScheduleEdit): string | undefined {
  if (cronExpression !== undefined && !parseCron(cronExpression)) {
    return `Cron expression is not valid: "${cronExpression}"`;
  }
  if (timezone !== undefined && !zoneOf(timezone)) return `Timezone is not valid: "${timezone}"`;
  return undefined;
}

/** Changes a schedule at the instant, by whomever. */
export function edit(
  schedule: Schedule,
  { isEnabled, cronExpression, timezone, ...rest }: ScheduleEdit & { readonly actions?: readonly Action[] },
  atMs: number,
): void {
  const wasEnabled = schedule.isEnabled;
  const missedMs =
    schedule.disabledAtMs === undefined ? undefined : dueAfter(schedule, schedule.disabledAtMs);
  Object.assign(schedule, rest, { modifiedAtMs: atMs });
  if (cronExpression !== undefined) Object.assign(schedule, { cronExpression, beatFromMs: undefined });
  if (timezone !== undefined) schedule.timezone = timezone;
  if (isEnabled !== undefined) schedule.isEnabled = isEnabled;
  if (!schedule.isEnabled) {
    if (wasEnabled) schedule.disabledAtMs = atMs;
    schedule.nextMs = undefined;
    return;
  }
  const isMissed = !wasEnabled && missedMs !== undefined && missedMs <= atMs;
  if (!wasEnabled || cronExpression !== undefined || timezone !== undefined) {
    schedule.nextMs = isMissed && schedule.spec.catchesUp ? atMs : dueAfter(schedule, atMs);
  }
  schedule.disabledAtMs = undefined;
}

/** Takes the time that has come, and sets the next one. False: it was missed. */
export function takeTime(schedule: Schedule, dueMs: number, startedAtMs: number): boolean {
  let next = dueAfter(schedule, dueMs);
  const isTooSoon = () =>
    schedule.beatFromMs === undefined && next !== undefined && next - dueMs < LEAST_DISTANCE_MS;
  while (isTooSoon()) next = dueAfter(schedule, next ?? dueMs);
  schedule.nextMs = next;
  return !several(schedule.spec.misses).some((during) => holdsAt(during, dueMs - startedAtMs));
}
