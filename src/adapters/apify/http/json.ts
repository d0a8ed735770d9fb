import { isPossible, type MicroUsd, toMicroUsd } from "../../../policy/index.ts";

/** An object as it came: every field has yet to be looked at. */
export type Unread = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is Unread =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

/** What is measured or counted is never negative, and no figure of Apify's is beyond what a double can tell apart. */
export const quantityOf = (value: unknown): number | undefined => {
  const number = numberOf(value);
  return number !== undefined && number >= 0 && number <= Number.MAX_SAFE_INTEGER ? number : undefined;
};

export const countOf = (value: unknown): number | undefined => {
  const number = quantityOf(value);
  return Number.isSafeInteger(number) ? number : undefined;
};

export const flagOf = (value: unknown): boolean | undefined =>
  typeof value === "boolean" ? value : undefined;

/** The entries of an object that can be read as numbers; `undefined` when it is no object. */
export const numbersOf = (
  value: unknown,
  numberFrom: (value: unknown) => number | undefined,
): Readonly<Record<string, number>> | undefined =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, each]) => {
          const number = numberFrom(each);
          return number === undefined ? [] : [[name, number] as const];
        }),
      )
    : undefined;

/** No run and no account's month comes to this: a figure above it is a mistake, and no reason to stop anything. */
const MAX_USD = 10_000_000;

/** Apify's dollars. Negative, beyond all bounds, or no number at all: unknown. */
export function microUsdOf(usd: unknown): MicroUsd | undefined {
  const number = numberOf(usd);
  return number !== undefined && number >= 0 && number <= MAX_USD ? toMicroUsd(number) : undefined;
}

/** ISO 8601 with its time zone, as Apify writes it. Without a zone, JavaScript would take it for local time. */
const INSTANT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/;

export function instantOf(value: unknown): Date | undefined {
  const [, day] = (typeof value === "string" && INSTANT.exec(value)) || [];
  if (day === undefined) return undefined;
  const date = new Date(String(value));
  // JavaScript takes 31 February for 3 March.
  const isDay = isDate(date) && isDate(new Date(day)) && new Date(day).toISOString().startsWith(day);
  return isDay ? date : undefined;
}

const isDate = (date: Date): boolean => !Number.isNaN(date.getTime());

/** An instant of a run that can have been when `at` was. */
export function pastInstantOf(value: unknown, at: Date): Date | undefined {
  const instant = instantOf(value);
  return instant && isPossible(instant, at) ? instant : undefined;
}
