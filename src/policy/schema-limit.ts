import * as v from "valibot";
import { type JsonSchema, jsonSchemaOf, shown } from "./forms.ts";
import type { Limit, LimitValue } from "./limits/limit.ts";
import { findLimit, KNOWN_KEYS, knownKeys, LIMITS } from "./limits/registry.ts";
import { nearest } from "./nearest.ts";
import type { RuleLimit } from "./policy.ts";

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

const read = v.pipe(
  v.record(v.string(), v.unknown(), `one limit, such as usageTotalUsd: 5; limits are ${list}`),
  v.rawTransform<Record<string, unknown>, RuleLimit>(({ dataset, addIssue, NEVER }) => {
    const input = dataset.value;
    const [entry, ...more] = Object.entries(input);
    if (entry === undefined || more.length > 0) {
      addIssue({ message: `exactly one of ${list}; write a rule for each` });
      return NEVER;
    }
    const [key, raw] = entry;
    const place = { type: "unknown", origin: "value", input, key, value: raw } as const;
    const found = findLimit(key);
    if (found === undefined) {
      const guess = nearest(key, KNOWN_KEYS);
      const message = `a limit${guess ? ` (did you mean "${guess}"?)` : ""}; limits are ${list}`;
      addIssue({ message, path: [place] });
      return NEVER;
    }
    const value = v.safeParse(found.form(key), raw);
    if (value.success) return whole(key, value.output);
    for (const { message, path = [] } of value.issues) addIssue({ message, path: [place, ...(path as [])] });
    return NEVER;
  }),
);

export const limit = shown(read, jsonSchema);
