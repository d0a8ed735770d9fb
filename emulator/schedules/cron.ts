/** A cron expression as Apify documents it: which values each field takes. */
export type Cron = {
  readonly seconds: ReadonlySet<number>;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Where both days are restricted, either will do, as crontab has it. */
  readonly eitherDay: boolean;
};

/** Apify docs: "you can use the following shortcut expressions". */
const SHORTCUTS: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

/** Each field's lowest and highest value; the first field, seconds, may be left out. */
const BOUNDS = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** Reads five or six fields, or a shortcut; undefined for what is no such expression. */
export function parseCron(expression: string): Cron | undefined {
  const written = SHORTCUTS.get(expression.trim()) ?? expression;
  const given = written.trim().split(/\s+/);
  const fields = given.length === 5 ? ["0", ...given] : given;
  if (fields.length !== BOUNDS.length) return undefined;
  const sets = BOUNDS.map(([low, high], index) => valuesOf(fields[index] ?? "", low, high));
  const [seconds, minutes, hours, days, months, weekdays] = sets;
  if (!seconds || !minutes || !hours || !days || !months || !weekdays) return undefined;
  const isRestricted = (field: string | undefined) => !field?.startsWith("*");
  const eitherDay = isRestricted(fields[3]) && isRestricted(fields[5]);
  return { seconds, minutes, hours, days, months, weekdays: sundayAsZero(weekdays), eitherDay };
}

/** "0 or 7 is Sunday" */
const sundayAsZero = (weekdays: ReadonlySet<number>): ReadonlySet<number> =>
  new Set([...weekdays].map((day) => day % 7));

/** Of a field such as `*`, `5`, `1-5`, `*\/10`, `0-30/5`, or several with commas. */
function valuesOf(field: string, low: number, high: number): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [, all, from, to, each] = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (all === undefined && from === undefined) return undefined;
    const step = Number(each ?? 1);
    const first = all ? low : Number(from);
    const last = all || (each !== undefined && to === undefined) ? high : Number(to ?? from);
    if (step < 1 || first < low || last > high || first > last) return undefined;
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return values;
}
