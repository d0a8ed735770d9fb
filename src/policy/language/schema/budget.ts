import * as v from "valibot";
import { type Budget, EACHES, PERIODS, QUANTITIES, type Quantity } from "../../policy.ts";
import { amount, wholeNumber } from "../../values/figure-forms.ts";
import {
  about,
  type Form,
  isObject,
  jsonSchemaOf,
  object,
  oneOf,
  reading,
  scalar,
  shown,
} from "../../values/forms.ts";

const PERIOD_SYNONYMS = {
  hourly: "hour",
  hours: "hour",
  "1h": "hour",
  daily: "day",
  days: "day",
  "1d": "day",
  "24h": "day",
  weekly: "week",
  "1w": "week",
  "7d": "week",
  monthly: "month",
  "30d": "month",
  billing: "cycle",
  "usage cycle": "cycle",
} as const;
const EACH_SYNONYMS = { all: "account", total: "account", user: "account" } as const;

const having = {
  per: about(
    oneOf(PERIODS, "", PERIOD_SYNONYMS),
    "How often it begins again: an hour, a day, a week from Monday, a month, or Apify's usage cycle.",
  ),
  each: v.optional(
    about(
      oneOf(EACHES, "", EACH_SYNONYMS),
      "What has this much of its own: all selected runs of the account together, or those of each Actor, task, schedule or origin. Default: account.",
    ),
  ),
};

/** More starts in a window than Apify's largest plan could make. */
const MOST_COUNTED = 1_000_000;
const countOf = (what: string) =>
  wholeNumber(1, `a whole number of ${what} above 0, for example 20`, MOST_COUNTED);

/** What a budget can be of, each with how it is written. */
const AMOUNTS = {
  usd: about(amount, "How much may be spent in a window, in USD."),
  runs: about(countOf("runs"), "How many runs may start in a window; a resurrected one does not start."),
  failures: about(countOf("failures"), "How many runs may fail or time out in a window."),
} satisfies Record<Quantity, v.GenericSchema>;

const none = (of: Quantity) =>
  v.optional(
    scalar<never>(() => undefined, `no other amount, for the budget has ${of}; write a rule for each`, {
      not: {},
    }),
  );

const ONE_OF = "usd, runs or failures; a budget has exactly one of the three";

const ofUsd = object(
  { usd: AMOUNTS.usd, runs: none("usd"), failures: none("usd"), ...having },
  { missing: { usd: ONE_OF } },
);
const ofRuns = object({ runs: AMOUNTS.runs, failures: none("runs"), ...having });
const ofFailures = object({ failures: AMOUNTS.failures, ...having });

type Written = Pick<v.InferOutput<typeof ofUsd>, "per" | "each"> & Pick<Budget, "of" | "limit">;

const FORMS: Readonly<Record<Quantity, Form<Written>>> = {
  usd: reading(ofUsd, ({ usd, per, each }) => ({ of: "usd" as const, limit: usd, per, each })),
  runs: reading(ofRuns, ({ runs, per, each }) => ({ of: "runs" as const, limit: runs, per, each })),
  failures: reading(ofFailures, ({ failures, per, each }) => ({
    of: "failures" as const,
    limit: failures,
    per,
    each,
  })),
};

const formFor = (raw: unknown): Form<Written> => {
  const of = isObject(raw) ? QUANTITIES.find((quantity) => raw[quantity] !== undefined) : undefined;
  return FORMS[of ?? "usd"];
};

/** All that any may have, for editors. */
const any = object({
  usd: v.optional(AMOUNTS.usd),
  runs: v.optional(AMOUNTS.runs),
  failures: v.optional(AMOUNTS.failures),
  ...having,
});

/** What a rule's runs may spend together, or how many of them may start or fail, as people write it. */
export const budget = about(
  shown(v.lazy(formFor), {
    ...jsonSchemaOf(any),
    oneOf: QUANTITIES.map((of) => ({ required: [of] })),
  }),
  "How much all selected runs may spend together in a window of time, or how many of them may start or fail.",
);
