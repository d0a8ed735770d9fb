import { type MicroUsd, toMicroUsd } from "../../policy/index.ts";

/** An object as it came: every field has yet to be looked at. */
export type Unread = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is Unread =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

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

/** Apify's dollars. Negative, beyond all bounds, or no number at all: unknown. */
export function microUsdOf(usd: unknown): MicroUsd | undefined {
  const number = numberOf(usd);
  if (number === undefined || number < 0) return undefined;
  const micro = toMicroUsd(number);
  return Number.isSafeInteger(micro) ? micro : undefined;
}

/** ISO 8601 with its time zone, as Apify writes it. Without a zone, JavaScript would take it for local time. */
const INSTANT = /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/;

export function instantOf(value: unknown): Date | undefined {
  if (typeof value !== "string" || !INSTANT.test(value)) return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
