import {
  calendarDay,
  DAY_MS,
  DEFAULT_TIME_ZONE,
  formatDuration,
  HOUR_MS,
  monthOf,
  startOfDay,
  type Window,
} from "../../src/policy/index.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { type PolicySources, policyInForce } from "../../src/watchdog/policies/policy-in-force.ts";
import type { Args } from "./args.ts";
import { dayWritten, instantWritten, TIMES_WRITTEN, type Way } from "./time-written.ts";
import { UsageError } from "./usage-error.ts";

/** Where days begin for every command: in the policy's time zone. */
const timeZoneOf = async (ports: PolicySources): Promise<string> =>
  (await policyInForce(ports, await ports.state.readControl()))?.policy.timeZone ?? DEFAULT_TIME_ZONE;

/** A time as it was written for `--name`. The policy is read only where a day's beginning depends on it. */
export async function timeOf(name: string, text: string, way: Way, ports: PolicySources): Promise<Date> {
  const now = ports.clock.now();
  const instant = instantWritten(text, way, now);
  if (instant) return instant;
  const isDay = dayWritten(text, way, now, DEFAULT_TIME_ZONE) !== undefined;
  const at = isDay ? dayWritten(text, way, now, await timeZoneOf(ports)) : undefined;
  if (at) return at;
  throw new UsageError(`--${name}: got "${text}", wanted ${TIMES_WRITTEN[way]}.`);
}

/** The end that `--until` names: still to come, and at most so far from now. */
export async function untilOf(
  text: string,
  ports: PolicySources,
  mostMs = Number.POSITIVE_INFINITY,
): Promise<Date> {
  const now = ports.clock.now();
  const at = await timeOf("until", text, "on", ports);
  if (at <= now)
    throw new UsageError(`--until: ${minuteOf(at)} UTC is not in the future; it is ${minuteOf(now)} UTC.`);
  const aheadMs = at.getTime() - now.getTime();
  if (aheadMs <= mostMs) return at;
  throw new UsageError(
    `--until: ${minuteOf(at)} UTC is ${formatDuration(aheadMs / 1000)} from now; it may be ` +
      `${formatDuration(mostMs / 1000)} at most.`,
  );
}

/** What `--since` and `--until` name of the past; `to` is absent where nothing was said of it. */
export async function pastSpan(args: Args, ports: PolicySources, defaultDays: number): Promise<PastSpan> {
  const [since, until] = [args.text("since"), args.text("until")];
  const from =
    since === undefined
      ? new Date(ports.clock.now().getTime() - defaultDays * DAY_MS)
      : await timeOf("since", since, "back", ports);
  const to = until === undefined ? undefined : await timeOf("until", until, "back", ports);
  const end = to ?? ports.clock.now();
  if (from >= end) throw notBefore(from, end, until);
  return { from, ...(to && { to }) };
}

export type PastSpan = { readonly from: Date; readonly to?: Date };

const notBefore = (from: Date, to: Date, until: string | undefined): UsageError =>
  new UsageError(
    until === undefined
      ? `--since: ${minuteOf(from)} UTC is not in the past; it is ${minuteOf(to)} UTC.`
      : `--since (${minuteOf(from)} UTC) is not before --until (${minuteOf(to)} UTC).`,
  );

const floorHour = (ms: number): Date => new Date(Math.floor(ms / HOUR_MS) * HOUR_MS);

/** The beginning of the UTC hour that a time is in: spend is kept by the hour. */
export const hourOf = (at: Date): Date => floorHour(at.getTime());

/** The whole UTC hours that `--since` and `--until` name; without them the month that is now, up to the end of this hour. */
export async function hoursSpan(args: Args, ports: PolicySources, timeZone: string): Promise<Window> {
  const nowMs = ports.clock.now().getTime();
  const thisHour = floorHour(nowMs + HOUR_MS);
  const [since, until] = [args.text("since"), args.text("until")];
  const [firstDay] = monthOf(calendarDay(timeZone, nowMs));
  const from =
    since === undefined
      ? new Date(startOfDay(timeZone, firstDay))
      : hourOf(await timeOf("since", since, "back", ports));
  const to = until === undefined ? thisHour : hourOf(await timeOf("until", until, "back", ports));
  if (from >= to) throw notBefore(from, until === undefined ? ports.clock.now() : to, until);
  return { from, to: to < thisHour ? to : thisHour };
}

/** Of every list of the past. `from`: what is shown where nothing is said. */
export const spanOptions = (from: string) =>
  ({
    since: { value: "WHEN", about: `From a day (monday), or for a span (24h) (default: ${from})` },
    until: { value: "WHEN", about: "Up to the beginning of a day, or to so long ago (default: now)" },
  }) as const;

/** The whole UTC hours of the month that `--month` names, up to the end of this hour; else as `hoursSpan` has it. */
export async function monthSpan(args: Args, ports: PolicySources, timeZone: string): Promise<Window> {
  const month = args.text("month");
  if (month === undefined) return hoursSpan(args, ports, timeZone);
  if (args.text("since") !== undefined || args.text("until") !== undefined)
    throw new UsageError("--month names all of the span: leave out --since and --until, or --month.");
  const named = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month);
  if (named === null) throw new UsageError(`--month: got "${month}", wanted a month, for example 2026-11.`);
  const [first, next] = monthOf(Date.UTC(Number(named[1]), Number(named[2]) - 1) / DAY_MS);
  const [from, to] = [first, next].map((day) => new Date(startOfDay(timeZone, day))) as [Date, Date];
  const now = ports.clock.now();
  if (from > now) throw new UsageError(`--month: ${month} is still to come; it is ${minuteOf(now)} UTC.`);
  const thisHour = floorHour(now.getTime() + HOUR_MS);
  return { from, to: to < thisHour ? to : thisHour };
}
