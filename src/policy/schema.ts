import * as v from "valibot";
import { parseDurationSecs } from "./duration.ts";
import { findLimit, LIMITS } from "./limits/registry.ts";
import { nearest } from "./nearest.ts";
import { parsePercent } from "./share.ts";

/**
 * The policy document as people write it. Every `message` is the second half of "got …, wanted …": it says what
 * belongs there and how to write it.
 */

const MAX_SHARE = 1000;

function object<const E extends v.ObjectEntries>(entries: E) {
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
  return v.pipe(v.unknown(), noList, schema);
}

/** A scalar that is read from text; `undefined` from `parse` is an error that says what was wanted. */
const scalar = <T>(parse: (raw: unknown) => T | undefined, wanted: string) =>
  v.pipe(
    v.unknown(),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const value = parse(dataset.value);
      if (value !== undefined) return value;
      addIssue({ message: wanted });
      return NEVER;
    }),
  );

const duration = (minSecs: number, wanted: string) =>
  scalar((raw) => {
    const secs = parseDurationSecs(raw);
    return secs !== undefined && secs >= minSecs ? secs : undefined;
  }, wanted);

const share = scalar((raw) => {
  const percent = parsePercent(raw);
  return percent !== undefined && percent > 0 && percent <= MAX_SHARE ? percent : undefined;
}, `a percentage above 0% and up to ${MAX_SHARE}%, such as 80%`);

const count = scalar(
  (raw) => (Number.isSafeInteger(raw) && Number(raw) >= 0 ? Number(raw) : undefined),
  "a whole number of runs, 0 or more; 0 means none",
);

const percentOfLive = scalar((raw) => {
  const percent = typeof raw === "number" ? raw : parsePercent(raw);
  return percent !== undefined && percent >= 0 && percent <= 100 ? percent : undefined;
}, "a percentage from 0 to 100; 0 means none");

const oneOf = <const T extends readonly string[]>(options: T) =>
  v.picklist(options, `one of ${options.join(", ")}`);

/** An Actor or task: an id, `username/name` (or `username~name`), with `*` for any letters. */
const nameOrId = scalar((raw) => {
  if (typeof raw !== "string") return undefined;
  return /^([A-Za-z0-9]+|[\w.*-]+[/~][\w.*-]+|\*)$/.test(raw) ? raw : undefined;
}, 'an id, or a name with its owner such as "acme/shop-*"');

const origin = scalar(
  (raw) => (typeof raw === "string" && /^[A-Z][A-Z_]*$/.test(raw) ? raw : undefined),
  "an origin as Apify spells it, such as SCHEDULER, API, WEB or STANDBY",
);

// An empty list must not be read as "all", nor as a slip that silently selects nothing.
const listOf = <T extends v.GenericSchema>(item: T, what: string, hint = "") => {
  const wanted = `a list of ${what} with at least one in it${hint}`;
  return v.pipe(v.array(item, wanted), v.minLength(1, wanted));
};

const selectorList = <T extends v.GenericSchema>(item: T, what: string) =>
  listOf(item, what, "; leave the key out to select all");

const criteria = {
  actors: v.optional(selectorList(nameOrId, "Actors")),
  tasks: v.optional(selectorList(nameOrId, "tasks")),
  origins: v.optional(selectorList(origin, "origins")),
};

const metricNames = LIMITS.map(({ usage }) => usage);

const limit = v.pipe(
  v.record(
    v.string(),
    v.unknown(),
    `one limit, such as usageTotalUsd: 5; limits are ${metricNames.join(", ")}`,
  ),
  v.rawTransform<Record<string, unknown>, { metric: string; value: number }>(
    ({ dataset, addIssue, NEVER }) => {
      const [entry, ...more] = Object.entries(dataset.value);
      if (entry === undefined || more.length > 0) {
        addIssue({ message: `exactly one of ${metricNames.join(", ")}; write a rule for each` });
        return NEVER;
      }
      const [metric, raw] = entry;
      const found = findLimit(metric);
      const value = found?.parse(raw, metric);
      if (found && value !== undefined) return { metric, value };
      const guess = nearest(metric, metricNames);
      const message = found
        ? found.expects
        : `a limit${guess ? ` (did you mean "${guess}"?)` : ""}; limits are ${metricNames.join(", ")}`;
      addIssue({
        message,
        path: [{ type: "unknown", origin: "value", input: dataset.value, key: metric, value: raw }],
      });
      return NEVER;
    },
  ),
);

const step = object({ at: share, do: oneOf(["notify", "abort", "abort-now"]) });

const steps = v.pipe(
  listOf(step, 'steps such as { at: "100%", do: abort }'),
  v.check(
    (list) => list.every(({ at }, i) => at > (list[i - 1]?.at ?? 0)),
    "steps in ascending order, each share once",
  ),
);

const mode = oneOf(["observe", "enforce"]);

const id = scalar(
  (raw) => (typeof raw === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(raw) ? raw : undefined),
  "a name of up to 64 letters, digits, dots, dashes or underscores, such as no-run-over-5-usd",
);

const rule = object({
  id,
  mode: v.optional(mode),
  for: v.optional(object({ ...criteria, except: v.optional(object(criteria)) })),
  limit,
  steps,
});

export const policySchema = object({
  version: v.literal(1, "1, the version of the policy language"),
  mode: v.optional(mode),
  escalation: v.optional(
    object({
      forceAfter: v.optional(
        duration(30, "a duration of at least 30s, for Apify gives a graceful abort 30 seconds to finish"),
      ),
      alarmAfter: v.optional(duration(30, "a duration of at least 30s, such as 5m")),
    }),
  ),
  guards: v.optional(
    object({
      maxAborts: v.optional(
        object({
          perTick: v.optional(count),
          perHour: v.optional(count),
          percentOfLive: v.optional(percentOfLive),
        }),
      ),
    }),
  ),
  rules: listOf(rule, "rules"),
});
