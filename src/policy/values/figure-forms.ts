import { parseBytes } from "./bytes.ts";
import { parseDurationSecs } from "./duration.ts";
import { type JsonSchema, scalar, shown } from "./forms.ts";
import { amountHint, durationHint, type Hint, shareHint } from "./hints.ts";
import { MAX_LIMIT_USD, parseUsd } from "./money.ts";
import { parsePercent } from "./share.ts";

/**
 * Figures as people write them, each with its unit. The bounds and patterns that an editor is given are those that are
 * read by, so that the two can't disagree. Digits are bounded so that what a pattern says is exact in a double, too.
 */

/** One way to write something, and what an editor may know of it. */
type Way<T> = { readonly read: (raw: unknown) => T | undefined; readonly jsonSchema: JsonSchema };

/** A text that fits all the patterns. */
export function text<T>(patterns: readonly string[], read: (text: string) => T | undefined): Way<T> {
  const shapes = patterns.map((pattern) => new RegExp(pattern, "u"));
  const [pattern, ...others] = patterns;
  const allOf = others.map((other) => ({ pattern: other }));
  return {
    read: (raw) =>
      typeof raw === "string" && shapes.every((shape) => shape.test(raw)) ? read(raw) : undefined,
    jsonSchema: { type: "string", pattern, ...(allOf.length > 0 && { allOf }) },
  };
}

/** A number from the one to the other, both included. */
function number(least: number, most: number): Way<number> {
  return {
    read: (raw) => (typeof raw === "number" && raw >= least && raw <= most ? raw : undefined),
    jsonSchema: { type: "number", minimum: least, maximum: most },
  };
}

/** Any finite number above 0. */
const aboveNothing: Way<number> = {
  read: (raw) => (typeof raw === "number" && Number.isFinite(raw) && raw > 0 ? raw : undefined),
  jsonSchema: { type: "number", exclusiveMinimum: 0 },
};

/** What can be written in either way. */
const either = <T>(one: Way<T>, other: Way<T>): Way<T> => ({
  read: (raw) => one.read(raw) ?? other.read(raw),
  jsonSchema: { anyOf: [one.jsonSchema, other.jsonSchema] },
});

/** A form of what is written in a way, with examples for an editor to offer. */
export const figure = <T>(
  { read, jsonSchema }: Way<T>,
  wanted: string,
  examples: readonly unknown[] = [],
  hint?: Hint,
) => scalar(read, wanted, examples.length > 0 ? { ...jsonSchema, examples } : jsonSchema, hint);

const DECIMALS = String.raw`(\.\d{1,9})?`;
export const NUMBER = String.raw`\d{1,12}${DECIMALS}`;
export const NOT_NOTHING = "[1-9]";

/** Digits that are at most a power of ten. */
function upTo(most: 100 | 1000 | typeof MAX_LIMIT_USD): string {
  const zeros = String(most).length - 1;
  return String.raw`(0*\d{1,${zeros}}${DECIMALS}|0*10{${zeros}}(\.0{1,9})?)`;
}

const SPAN = ["w", "d", "h", "m", "s"].map((unit) => `(${NUMBER}${unit})?`).join("");

/** A span of time, in seconds. */
export const duration = (
  least: number,
  wanted: string,
  examples: readonly string[] = ["30m", "6h"],
  most: number = Number.POSITIVE_INFINITY,
) =>
  figure(
    text([String.raw`^\s*${SPAN}\s*$`, NOT_NOTHING], (raw) => {
      const secs = parseDurationSecs(raw);
      return secs !== undefined && secs >= least && secs <= most ? secs : undefined;
    }),
    wanted,
    examples,
    durationHint,
  );

export const positiveDuration = duration(0, "a duration above 0, for example 90s, 6h or 1d12h");

/** A percentage above 0, up to `most`, written with its sign. */
export const percentage = (most: 100 | 1000, examples: readonly [string, ...string[]]) =>
  figure(
    text([String.raw`^\s*${upTo(most)}\s*%\s*$`, NOT_NOTHING], parsePercent),
    `a percentage above 0% and up to ${most}%, for example ${examples[0]}`,
    examples,
    shareHint,
  );

const portionInText = text([String.raw`^\s*${upTo(100)}\s*%\s*$`], parsePercent);

/**
 * A percentage from 0 to 100, its sign optional. Whoever writes 0.5 means half mostly, and is told; what was pushed before
 * that was refused is read.
 */
export const portion = shown(
  figure(either(number(0, 100), portionInText), "a percentage from 0 to 100; 0 means none", [], shareHint),
  { anyOf: [{ const: 0 }, number(1, 100).jsonSchema, portionInText.jsonSchema] },
);

export const wholeNumber = (least: number, wanted: string, most: number = Number.MAX_SAFE_INTEGER) =>
  scalar(
    (raw) =>
      Number.isSafeInteger(raw) && Number(raw) >= least && Number(raw) <= most ? Number(raw) : undefined,
    wanted,
    { type: "integer", minimum: least, maximum: most },
  );

export const positiveNumber = (wanted: string) => figure(aboveNothing, wanted);

const LEAST_USD = 0.000001;
/** Some dollars, or some of the first six decimals: at least a micro-dollar. */
const A_MICRO_USD = String.raw`^[^.]*[1-9]|\.\d{0,5}[1-9]`;

const dollars = number(LEAST_USD, MAX_LIMIT_USD);
const dollarsInText = text(
  [String.raw`^\s*\$?\s*${upTo(MAX_LIMIT_USD)}\s*([uU][sS][dD])?\s*$`, A_MICRO_USD],
  parseUsd,
);

/** An amount of money, in whole micro-dollars. */
export const amount = figure(
  either({ ...dollars, read: (raw) => parseUsd(dollars.read(raw)) }, dollarsInText),
  "an amount in USD above 0, for example 5 or 0.25",
  [],
  amountHint,
);

const sized = text([String.raw`^\s*${NUMBER}\s*([bB]|[kKmMgGtT][iI]?[bB])\s*$`, NOT_NOTHING], (raw) =>
  parseBytes(raw),
);

/** A size above 0, in bytes, written with its unit. */
export const size = (wanted: string) => figure(sized, wanted, ["1MB", "20GB"]);

/** The same, or a bare number of bytes. */
export const sizeOrNumber = (wanted: string) => figure(either(aboveNothing, sized), wanted, ["20GB"]);
