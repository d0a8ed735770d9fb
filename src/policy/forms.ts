import * as v from "valibot";
import { parseDurationSecs } from "./duration.ts";
import { MAX_LIMIT_USD, type MicroUsd, parseUsd, toMicroUsd } from "./money.ts";
import { nearest } from "./nearest.ts";
import { parsePercent } from "./share.ts";

/**
 * The pieces that the policy's schema is built of. Every `message` is the second half of "got …, wanted …": it says
 * what belongs there and how to write it. Each piece carries the JSON Schema that tells an editor the same.
 */

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export type Form<T> = v.GenericSchema<unknown, T>;

/** What an editor may be told of a form. */
const jsonSchemas = new WeakMap<object, JsonSchema>();

/** The same form, with what an editor may know of it. */
export function shown<S extends v.GenericSchema>(form: S, jsonSchema: JsonSchema): S {
  jsonSchemas.set(form, jsonSchema);
  return form;
}

/** The same form as another object, with a sentence for editors. */
export const about = <S extends v.GenericSchema>(form: S, description: string): S =>
  shown({ ...form }, { description, ...jsonSchemaOf(form) });

const isOptional = (form: v.GenericSchema): boolean => form.type === "optional";

export function jsonSchemaOf(form: v.GenericSchema): JsonSchema {
  const inner = isOptional(form) ? (form as unknown as { wrapped: v.GenericSchema }).wrapped : form;
  const jsonSchema = jsonSchemas.get(inner);
  if (jsonSchema === undefined) throw new Error(`a form of type "${inner.type}" has no JSON Schema`);
  return jsonSchema;
}

export function object<const E extends v.ObjectEntries>(entries: E) {
  const keys = Object.keys(entries);
  const wanted = `an object with the keys ${keys.join(", ")}`;
  // A list would pass for an object without keys, and `for: []` for "every run".
  const noList = v.check((value) => !Array.isArray(value), wanted);
  const schema = v.strictObject(entries, (issue) => {
    if (issue.expected === "never") {
      const guess = nearest(String(issue.path?.at(-1)?.key ?? ""), keys);
      return guess
        ? `"${guess}", or another of the keys ${keys.join(", ")}`
        : `only the keys ${keys.join(", ")}`;
    }
    return issue.path ? "this key; it is required" : wanted;
  });
  const forms = Object.entries(entries) as [string, v.GenericSchema][];
  const jsonSchema = {
    type: "object",
    properties: Object.fromEntries(forms.map(([key, form]) => [key, jsonSchemaOf(form)])),
    required: forms.filter(([, form]) => !isOptional(form)).map(([key]) => key),
    additionalProperties: false,
  };
  return shown(v.pipe(v.unknown(), noList, schema), jsonSchema);
}

/** A scalar that is read from text; `undefined` from `parse` is an error that says what was wanted. */
export const scalar = <T>(parse: (raw: unknown) => T | undefined, wanted: string, jsonSchema: JsonSchema) =>
  shown(
    v.pipe(
      v.unknown(),
      v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
        const value = parse(dataset.value);
        if (value !== undefined) return value;
        addIssue({ message: wanted });
        return NEVER;
      }),
    ),
    jsonSchema,
  );

const DURATION = String.raw`^\s*(\d+(\.\d+)?[smhdw])+\s*$`;

/** A span of time, in seconds. */
export const duration = (isWanted: (secs: number) => boolean, wanted: string) =>
  scalar(
    (raw) => {
      const secs = parseDurationSecs(raw);
      return secs !== undefined && isWanted(secs) ? secs : undefined;
    },
    wanted,
    { type: "string", pattern: DURATION },
  );

export const positiveDuration = duration((secs) => secs > 0, "a duration above 0 such as 90s, 6h or 1d12h");

const PERCENTAGE = { type: "string", pattern: String.raw`^\s*\d+(\.\d+)?\s*%\s*$` };

/** A percentage above 0, up to `most`, written with its sign. */
export const percentage = (most: number) =>
  scalar(
    (raw) => {
      const percent = parsePercent(raw);
      return percent !== undefined && percent > 0 && percent <= most ? percent : undefined;
    },
    `a percentage above 0% and up to ${most}%, such as 80%`,
    PERCENTAGE,
  );

/** A percentage from 0 to 100, its sign optional: for a share of runs nobody writes 0.5. */
export const portion = scalar(
  (raw) => {
    const percent = typeof raw === "number" ? raw : parsePercent(raw);
    return percent !== undefined && percent >= 0 && percent <= 100 ? percent : undefined;
  },
  "a percentage from 0 to 100; 0 means none",
  { anyOf: [PERCENTAGE, { type: "number", minimum: 0, maximum: 100 }] },
);

export const wholeNumber = (least: number, wanted: string) =>
  scalar((raw) => (Number.isSafeInteger(raw) && Number(raw) >= least ? Number(raw) : undefined), wanted, {
    type: "integer",
    minimum: least,
  });

/** Any finite number above 0. */
export const positiveNumber = (wanted: string) =>
  scalar((raw) => (typeof raw === "number" && Number.isFinite(raw) && raw > 0 ? raw : undefined), wanted, {
    type: "number",
    exclusiveMinimum: 0,
  });

/** An amount of money, in whole micro-dollars. */
export const amount: Form<MicroUsd> = scalar(
  (raw) => {
    const micro = parseUsd(raw);
    return micro !== undefined && micro > 0 && micro <= toMicroUsd(MAX_LIMIT_USD) ? micro : undefined;
  },
  "an amount in USD above 0, such as 5 or 0.25",
  {
    anyOf: [
      { type: "number", exclusiveMinimum: 0, maximum: MAX_LIMIT_USD },
      { type: "string", pattern: String.raw`^\s*\$?\s*\d+(\.\d+)?\s*([uU][sS][dD])?\s*$` },
    ],
  },
);

export const oneOf = <const T extends readonly string[]>(options: T) =>
  shown(
    v.picklist(options, ({ input }) => {
      const guess = typeof input === "string" ? nearest(input, options) : undefined;
      return `one of ${options.join(", ")}${guess ? ` (did you mean ${guess}?)` : ""}`;
    }),
    { enum: options },
  );

export const exactly = <const T extends number | boolean>(value: T, wanted: string) =>
  shown(v.literal(value, wanted), { const: value });

export const textLike = (pattern: RegExp, wanted: string) =>
  scalar((raw) => (typeof raw === "string" && pattern.test(raw) ? raw : undefined), wanted, {
    type: "string",
    pattern: pattern.source,
  });

/** An empty list must not be read as "all", nor as a slip that silently selects nothing. */
export function listOf<T extends v.GenericSchema>(item: T, what: string, hint = "") {
  const wanted = `a list of ${what} with at least one in it${hint}`;
  const jsonSchema = { type: "array", items: jsonSchemaOf(item), minItems: 1 };
  return shown(v.pipe(v.array(item, wanted), v.minLength(1, wanted)), jsonSchema);
}

/** One of two forms, by what is written; an editor is told of both. */
export const eitherOf = <T>(choose: (raw: unknown) => Form<T>, forms: readonly Form<T>[]): Form<T> =>
  shown(v.lazy(choose), { anyOf: forms.map(jsonSchemaOf) });

/** The same form, read on into something else. */
export const reading = <S, T>(form: Form<S>, read: (value: S) => T): Form<T> =>
  shown(v.pipe(form, v.transform(read)), jsonSchemaOf(form));

export const isObject = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === "object" && raw !== null && !Array.isArray(raw);
