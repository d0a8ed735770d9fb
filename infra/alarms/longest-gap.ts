import { Duration, Token } from "aws-cdk-lib";
import type { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { valuesOf } from "../props/check-schedule.ts";

const DAY_MINUTES = 24 * 60;

const UNIT_MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: DAY_MINUTES };

/**
 * The longest time between two invocations of a schedule that was checked. `undefined`: more than a day, or only the
 * deployment knows. In a time zone that changes its clocks one gap a year is an hour longer.
 */
export function longestGap(schedule: ScheduleExpression): Duration | undefined {
  if (Token.isUnresolved(schedule.expressionString)) return undefined;
  const minutes = gapMinutes(schedule.expressionString);
  return minutes <= DAY_MINUTES ? Duration.minutes(minutes) : undefined;
}

function gapMinutes(text: string): number {
  const [, count, unit = ""] = /^rate\((\d+) (\w+?)s?\)$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (UNIT_MINUTES[unit] ?? Number.POSITIVE_INFINITY);
  const [, cron = ""] = /^cron\((.*)\)$/.exec(text) ?? [];
  const [minutes, hours, ...days] = valuesOf(cron.trim().split(/\s+/));
  // A day without a tick makes a gap of more than a day, whatever its hours.
  if (!minutes || !hours || days.some((values) => values !== "all")) return Number.POSITIVE_INFINITY;
  const at = instants(hours, minutes);
  return Math.max(...at.map((minute, index) => (at[index + 1] ?? (at[0] ?? 0) + DAY_MINUTES) - minute));
}

type Values = ReturnType<typeof valuesOf>[number];

/** The minutes of a day at which it invokes, in their order. */
const instants = (hours: Values, minutes: Values): readonly number[] =>
  listed(hours, 24).flatMap((hour) => listed(minutes, 60).map((minute) => hour * 60 + minute));

const listed = (values: Values, count: number): readonly number[] =>
  values === "all" ? Array.from({ length: count }, (_, index) => index) : values;
