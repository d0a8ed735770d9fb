import { Token } from "aws-cdk-lib";
import type { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";

/** One of the six fields of a cron expression, as EventBridge Scheduler reads them. */
type Field = {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of the values, from `least` on. */
  readonly names?: readonly string[];
  /** What else a value may be. */
  readonly also?: RegExp;
};

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const DAY_OF_MONTH = 2;
const DAY_OF_WEEK = 4;

const FIELDS: readonly Field[] = [
  { name: "minutes", least: 0, most: 59 },
  { name: "hours", least: 0, most: 23 },
  { name: "day of month", least: 1, most: 31, also: /^(LW?|L-\d{1,2}|\d{1,2}W)$/ },
  { name: "month", least: 1, most: 12, names: MONTHS },
  { name: "day of week", least: 1, most: 7, names: DAYS, also: /^(\w{1,3}L|L|\w{1,3}#[1-5])$/ },
  { name: "year", least: 1970, most: 2199 },
];

const WANTED =
  "a rate, for example rate(1 minute) or rate(5 minutes), or a cron of six fields, for example cron(0/2 6-22 * * ? *)";

/** Throws when the schedule is no rate and no cron that EventBridge Scheduler takes: a deployment would fail at it. */
export function checkSchedule(schedule: ScheduleExpression | undefined): void {
  if (schedule === undefined || Token.isUnresolved(schedule.expressionString)) return;
  const text = schedule.expressionString;
  if (isRate(text)) return;
  const [, cron] = /^cron\((.*)\)$/.exec(text) ?? [];
  const problem = cron === undefined ? undefined : problemOf(cron.trim().split(/\s+/));
  if (cron !== undefined && problem === undefined) return;
  throw new Error(`schedule must be ${WANTED}, got "${text}"${problem ? `: ${problem}` : ""}`);
}

/** One is singular, more are plural; less than a minute there is not. */
const isRate = (text: string): boolean =>
  /^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)$/.test(text);

function problemOf(values: readonly string[]): string | undefined {
  if (values.length !== FIELDS.length) return `it has ${values.length} fields`;
  const isOpen = (place: number): boolean => values[place] === "?";
  if (isOpen(DAY_OF_MONTH) === isOpen(DAY_OF_WEEK)) {
    return "either the day of month or the day of week must be ?, and the other one not";
  }
  const wrong = FIELDS.find((field, place) => {
    const isDay = place === DAY_OF_MONTH || place === DAY_OF_WEEK;
    return !(isDay && isOpen(place)) && !isField(field, values[place] ?? "");
  });
  return wrong && `the ${wrong.name} can't be "${values[FIELDS.indexOf(wrong)]}"`;
}

/** Values, ranges and `*`, each with a step if need be, parted by commas. */
const isField = (field: Field, text: string): boolean =>
  text.split(",").every((item) => field.also?.test(item) === true || spanOf(field, item) !== undefined);

type Span = { readonly from: number; readonly to: number; readonly step: number };

/** From where to where, and by which steps. `undefined`: it is no value, range or `*` of the field's. */
function spanOf(field: Field, item: string): Span | undefined {
  const [, first, last, by] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? [];
  if (first === undefined || by === "0" || (first === "*" && last !== undefined)) return undefined;
  const from = first === "*" ? field.least : numberOf(field, first);
  // With a step, a first value alone goes on to the end.
  const to = last !== undefined ? numberOf(field, last) : first === "*" || by ? field.most : from;
  return from === undefined || to === undefined ? undefined : { from, to, step: Number(by ?? 1) };
}

function numberOf({ least, most, names = [] }: Field, text: string): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return least + named;
  return /^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined;
}

/**
 * What each field of a cron that was checked stands for: `all` of its values, or these, in their order. A day that only
 * the calendar tells, such as the last of a month, is left out.
 */
export const valuesOf = (texts: readonly string[]): readonly ("all" | readonly number[])[] =>
  FIELDS.map((field, place) => {
    const items = (texts[place] ?? "").split(",");
    if (items.includes("?")) return "all";
    const values = new Set(items.flatMap((item) => valuesIn(field, item)));
    return values.size === field.most - field.least + 1 ? "all" : [...values].sort((a, b) => a - b);
  });

function valuesIn(field: Field, item: string): readonly number[] {
  const span = field.also?.test(item) ? undefined : spanOf(field, item);
  if (span === undefined) return [];
  const { from, to, step } = span;
  // A range may go past the end: `FRI-MON`.
  const size = field.most - field.least + 1;
  const length = Math.floor((to >= from ? to - from : to - from + size) / step) + 1;
  return Array.from({ length }, (_, index) => field.least + ((from - field.least + index * step) % size));
}
