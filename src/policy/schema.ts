import * as v from "valibot";
import { duration, percentage, portion, wholeNumber } from "./figure-forms.ts";
import {
  about,
  exactly,
  type JsonSchema,
  jsonSchemaOf,
  listOf,
  object,
  oneOf,
  shown,
  textLike,
} from "./forms.ts";
import { knownKeys, LIMITS } from "./limits/registry.ts";
import { criteria } from "./schema-criteria.ts";
import { limit } from "./schema-limit.ts";
import { schedule, timeZone } from "./schema-schedule.ts";

/** The policy document as people write it. */

const MAX_SHARE = 1000;
const ESTIMATED = LIMITS.filter(({ estimates }) => estimates).flatMap(knownKeys);

const mode = oneOf(["observe", "enforce"]);
const owner = about(
  textLike(
    /^\S.{0,199}$/,
    "whom to tell, up to 200 letters and no blank before them, such as shop-team or ops@example.com",
  ),
  "Whom to tell: it stands in every entry and notice of the rule.",
);

const step = object({
  at: about(
    percentage(MAX_SHARE, ["80%", "100%", "50%"]),
    "The share of the limit at which it is reached, above 0% and up to 1000%.",
  ),
  do: about(
    oneOf(["notify", "abort", "abort-now"]),
    "notify tells; abort ends the run gracefully; abort-now ends it without grace.",
  ),
  basis: v.optional(
    about(
      oneOf(["actual", "estimate"]),
      "estimate: our own lower bound from charged events, where that is more than Apify tells.",
    ),
  ),
  schedule: v.optional(about(schedule, "When the step may be reached. Default: always.")),
});

const isStop = (action: string): boolean => action !== "notify";

const list = listOf(step, 'steps such as { at: "100%", do: abort }');
const steps = v.pipe(
  list,
  v.check(
    (all) => all.every(({ at }, i) => at >= (all[i - 1]?.at ?? 0)),
    "steps in ascending order, each share once",
  ),
  v.check((list) => {
    const places = list.map(({ at, do: action, basis }) => `${at} ${basis ?? "actual"} ${isStop(action)}`);
    return new Set(places).size === places.length;
  }, "steps in ascending order, each share once; a second one at a share must differ in basis, or be the notice to an abort"),
);
shown(steps, jsonSchemaOf(list));

const id = textLike(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  "a name of up to 64 letters, digits, dots, dashes or underscores, such as no-run-over-5-usd",
);

const ruleForm = object({
  id: about(id, "Names the rule in every entry; unique."),
  mode: v.optional(about(mode, "The rule's own; wins over the policy's.")),
  owner: v.optional(owner),
  for: v.optional(
    about(
      object({
        ...criteria,
        except: v.optional(about(object(criteria), "Not these: a run is excepted when any key matches.")),
      }),
      "Which runs: keys are joined by AND, values by OR. Without it every run but those of origin STANDBY.",
    ),
  ),
  schedule: v.optional(about(schedule, "When the rule applies; outside of it, it limits nothing.")),
  limit: about(limit, "Exactly one limit."),
  steps: about(steps, "What to do at which share of the limit, in ascending order."),
});

const whereLimit = (key: string) => ({ properties: { limit: { required: [key] } } });
const allSteps = (properties: JsonSchema) => ({ properties: { steps: { items: { properties } } } });

/** What hangs on two places of a rule, for editors; `parsePolicy` checks it in words. */
const rule = about(
  shown(ruleForm, {
    ...jsonSchemaOf(ruleForm),
    allOf: [
      // Without `then`, which would make a promise of it.
      { if: { not: whereLimit("abortingTime") }, else: allSteps({ do: { not: { const: "abort" } } }) },
      { if: { anyOf: ESTIMATED.map(whereLimit) }, else: allSteps({ basis: { const: "actual" } }) },
    ],
  }),
  "Which runs, what is limited, and what to do at which share of it.",
);

const runs = wholeNumber(0, "a whole number of runs, 0 or more; 0 means none");
const GRACE_SECS = 30;

const escalation = object({
  forceAfter: v.optional(
    about(
      duration(
        GRACE_SECS,
        "a duration of at least 30s, for Apify gives a graceful abort 30 seconds to finish",
        ["60s"],
      ),
      "How long a graceful abort may take before one call without grace. Default: 60s.",
    ),
  ),
  alarmAfter: v.optional(
    about(
      duration(GRACE_SECS, "a duration of at least 30s, such as 5m", ["5m"]),
      "How long an abort may take before a person is told. Default: 5m.",
    ),
  ),
});

const maxAborts = object({
  perTick: v.optional(about(runs, "Runs stopped in one tick; 0 means none. Default: 10.")),
  perHour: v.optional(about(runs, "Runs stopped in any 60 minutes; 0 means none. Default: 30.")),
  percentOfLive: v.optional(
    about(portion, "Share of the live runs; does not bind below 3 runs; 0 means none. Default: 50%."),
  ),
});

const guards = object({
  maxAborts: v.optional(about(maxAborts, "However wrong a rule may be: never more than this many.")),
});

export const policySchema = object({
  version: about(exactly(1, "1, the version of the policy language"), "Of the policy language: 1."),
  mode: v.optional(
    about(mode, "observe decides and records all, and calls nothing; enforce acts. Default: observe."),
  ),
  timeZone: v.optional(
    about(timeZone, "Where days and hours begin and end, as IANA names it. Default: UTC."),
  ),
  owner: v.optional(owner),
  escalation: v.optional(about(escalation, "What becomes of an abort that does not take.")),
  guards: v.optional(about(guards, "What keeps the watchdog from doing too much.")),
  rules: about(listOf(rule, "rules"), "What is limited, and what to do about it."),
});
