import * as v from "valibot";
import { didYouMean, type Hint } from "./hints.ts";
import { nearest } from "./nearest.ts";
import { placeOf } from "./places.ts";

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

const keyOf = ({ path }: v.StrictObjectIssue): string => String(path?.at(-1)?.key ?? "");

const isOptional = (form: v.GenericSchema): boolean => form.type === "optional";

export function jsonSchemaOf(form: v.GenericSchema): JsonSchema {
  const inner = isOptional(form) ? (form as unknown as { wrapped: v.GenericSchema }).wrapped : form;
  const jsonSchema = jsonSchemas.get(inner);
  if (jsonSchema === undefined) throw new Error(`a form of type "${inner.type}" has no JSON Schema`);
  return jsonSchema;
}

/** What an object says of keys beside its own. `missing`: instead of what it says of a key that is required. */
type KeyWords = {
  readonly missing?: Readonly<Record<string, string>>;
  /** Why it has no others. */
  readonly why?: string | undefined;
};

export function object<const E extends v.ObjectEntries>(entries: E, { missing, why = "" }: KeyWords = {}) {
  const keys = Object.keys(entries);
  const wanted = `an object with the keys ${keys.join(", ")}`;
  // A list would pass for an object without keys, and `for: []` for "every run".
  const noList = v.check((value) => !Array.isArray(value), wanted);
  const schema = v.strictObject(entries, (issue) => {
    if (issue.expected === "never") {
      const guess = nearest(keyOf(issue), keys);
      const others = `the keys ${keys.join(", ")}${why}`;
      const belongs = why === "" ? placeOf(keyOf(issue)) : undefined;
      const place = belongs ? `; ${keyOf(issue)} stands ${belongs}` : "";
      return guess ? `"${guess}", or another of ${others}${place}` : `only ${others}${place}`;
    }
    return issue.path ? (missing?.[keyOf(issue)] ?? "this key; it is required") : wanted;
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

/** What can be read once blanks around it are gone, or in other letters. */
function plainer(raw: unknown, parse: (raw: unknown) => unknown): string | undefined {
  if (typeof raw !== "string") return undefined;
  const bare = raw.trim();
  return [bare, bare.toUpperCase(), bare.toLowerCase()].find((each) => parse(each) !== undefined);
}

/**
 * A scalar that is read from text; `undefined` from `parse` is an error that says what was wanted and, where that can be
 * told, what was meant.
 */
export const scalar = <T>(
  parse: (raw: unknown) => T | undefined,
  wanted: string,
  jsonSchema: JsonSchema,
  hint: Hint = () => undefined,
) =>
  shown(
    v.pipe(
      v.unknown(),
      v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
        const value = parse(dataset.value);
        if (value !== undefined) return value;
        const meant = hint(dataset.value) ?? didYouMean(plainer(dataset.value, parse));
        addIssue({ message: meant ? `${wanted}; ${meant}` : wanted });
        return NEVER;
      }),
    ),
    jsonSchema,
  );

/** `why`: what to say of others. `synonyms`: what else people say, in small letters. */
export const oneOf = <const T extends readonly string[]>(
  options: T,
  why: string | ((said: string | undefined) => string) = "",
  synonyms: Readonly<Record<string, T[number]>> = {},
) =>
  shown(
    v.picklist(options, ({ input }) => {
      const said = typeof input === "string" ? input.trim().toLowerCase() : undefined;
      const synonym = said !== undefined && Object.hasOwn(synonyms, said) ? synonyms[said] : undefined;
      const guess = said === undefined ? undefined : (synonym ?? nearest(said, options));
      return `one of ${options.join(", ")}${guess ? ` (did you mean ${guess}?)` : ""}${typeof why === "string" ? why : why(said)}`;
    }),
    { enum: options },
  );

export const exactly = <const T extends number | boolean>(value: T, wanted: string, hint?: Hint) =>
  shown(
    v.literal(value, ({ input }) => {
      const meant = hint?.(input);
      return meant ? `${wanted}; ${meant}` : wanted;
    }),
    { const: value },
  );

/** A text of a shape. The pattern is read as JSON Schema reads it: by code points. */
export function textLike(
  { source }: RegExp,
  wanted: string,
  { examples, hint }: { readonly examples?: readonly string[]; readonly hint?: Hint } = {},
) {
  const shape = new RegExp(source, "u");
  const jsonSchema = { type: "string", pattern: source, ...(examples && { examples }) };
  return scalar(
    (raw) => (typeof raw === "string" && shape.test(raw) ? raw : undefined),
    wanted,
    jsonSchema,
    hint,
  );
}

/** An empty list must not be read as "all", nor as a slip that silently selects nothing. */
export function listOf<T extends v.GenericSchema>(item: T, what: string, hint = "") {
  const wanted = `a list of ${what} with at least one in it${hint}`;
  const jsonSchema = { type: "array", items: jsonSchemaOf(item), minItems: 1 };
  const list = v.array(item, ({ input }) => {
    const alone = typeof input === "string" && input !== "" ? input.trim().split(/\s*,\s*/) : undefined;
    return alone ? `${wanted}; ${didYouMean(JSON.stringify(alone))}` : wanted;
  });
  return shown(v.pipe(list, v.minLength(1, wanted)), jsonSchema);
}

/** One of two forms, by what is written; an editor is told of both. */
export const eitherOf = <T>(choose: (raw: unknown) => Form<T>, forms: readonly Form<T>[]): Form<T> =>
  shown(v.lazy(choose), { anyOf: forms.map(jsonSchemaOf) });

/** The same form, read on into something else. */
export const reading = <S, T>(form: Form<S>, read: (value: S) => T): Form<T> =>
  shown(v.pipe(form, v.transform(read)), jsonSchemaOf(form));

/** An object with keys, and no list. */
export const isObject = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === "object" && raw !== null && !Array.isArray(raw);
