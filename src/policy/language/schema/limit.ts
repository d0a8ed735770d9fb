import * as v from "valibot";
import type { Limit, LimitValue } from "../../limits/limit.ts";
import { findLimit, KNOWN_KEYS, knownKeys, LIMITS } from "../../limits/registry.ts";
import type { RuleLimit } from "../../policy.ts";
import { isObject, type JsonSchema, jsonSchemaOf, shown } from "../../values/forms.ts";
import { nearest } from "../../values/nearest.ts";

/** What a rule limits, as people write it: one key of all that the registry knows. */

const list = LIMITS.map(({ usage }) => usage).join(", ");

const shownAs = ({ about, form }: Limit, key: string): JsonSchema => ({
  description: about,
  ...jsonSchemaOf(form(key)),
});

const jsonSchema: JsonSchema = {
  type: "object",
  minProperties: 1,
  maxProperties: 1,
  properties: Object.fromEntries(
    LIMITS.flatMap((each) => knownKeys(each).map((key) => [key, shownAs(each, key)])),
  ),
  patternProperties: Object.fromEntries(
    LIMITS.flatMap((each) =>
      Object.entries(each.open ?? {}).map(([pattern, key]) => [pattern, shownAs(each, key)]),
    ),
  ),
  additionalProperties: false,
};

function whole(key: string, value: LimitValue): RuleLimit {
  if (typeof value === "number") return { metric: key, value };
  return "metric" in value ? value : { metric: key, ...value };
}

const hint = (guess: string | undefined): string => (guess ? ` (did you mean "${guess}"?)` : "");

/** What belongs where there is no such limit. */
const wantedInstead = (key: string): string => `a limit${hint(nearest(key, KNOWN_KEYS))}; limits are ${list}`;

/** Of a key that may be a slip of one of its family that is known. */
const hintFor = (key: string, known: readonly string[]): string =>
  known.includes(key) ? "" : hint(nearest(key, known));

/** What YAML makes of `{ usageTotalUsd: 5,25 }`: two keys. */
const isAfterComma = ([key, value]: readonly [string, unknown]): boolean =>
  /^\d+$/.test(key) && value === null;

const read = v.pipe(
  // Not `v.record`, which leaves out `__proto__` and its like: no key is to go unseen.
  v.custom<Readonly<Record<string, unknown>>>(
    isObject,
    `one limit, for example usageTotalUsd: 5; limits are ${list}`,
  ),
  v.rawTransform<Readonly<Record<string, unknown>>, RuleLimit>(({ dataset, addIssue, NEVER }) => {
    const input = dataset.value;
    const entries = Object.entries(input);
    const [entry, ...more] = entries;
    if (entry === undefined || more.length > 0) {
      const meant = entries.some(isAfterComma)
        ? "a point in a decimal, for example usageTotalUsd: 5.25; or "
        : "";
      addIssue({ message: `${meant}exactly one of ${list}; write a rule for each` });
      return NEVER;
    }
    const [key, raw] = entry;
    const place = { type: "unknown", origin: "value", input, key, value: raw } as const;
    const found = findLimit(key);
    if (found === undefined) {
      addIssue({ message: wantedInstead(key), path: [place] });
      return NEVER;
    }
    const value = v.safeParse(found.form(key), raw);
    if (value.success) return whole(key, value.output);
    for (const { message, expected, path = [] } of value.issues)
      addIssue({
        message: message + hintFor(key, knownKeys(found)),
        ...(expected !== null && { expected }),
        path: [place, ...(path as [])],
      });
    return NEVER;
  }),
);

export const limit = shown(read, jsonSchema);
