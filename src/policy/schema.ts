import * as v from "valibot";
import {
  about,
  duration,
  exactly,
  jsonSchemaOf,
  listOf,
  object,
  oneOf,
  percentage,
  portion,
  shown,
  textLike,
  wholeNumber,
} from "./forms.ts";
import { criteria } from "./schema-criteria.ts";
import { limit } from "./schema-limit.ts";
import { schedule, timeZone } from "./schema-schedule.ts";

/** The policy document as people write it. */

const MAX_SHARE = 1000;

const mode = oneOf(["observe", "enforce"]);
const owner = about(
  textLike(/^\S.{0,199}$/, "whom to tell, up to 200 letters, such as shop-team or ops@example.com"),
  "Whom to tell: it stands in every entry and notice of the rule.",
);

const step = object({
  at: about(percentage(MAX_SHARE), "The share of the limit at which it is reached, such as 80%."),
  do: about(oneOf(["notify", "abort", "abort-now"]), "abort is graceful; abort-now is without grace."),
  basis: v.optional(
    about(
      oneOf(["actual", "estimate"]),
      "estimate: our own lower bound from charged events, where that is more than Apify tells.",
    ),
  ),
  schedule: v.optional(schedule),
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

const rule = object({
  id: about(id, "Names the rule in every entry; unique."),
  mode: v.optional(about(mode, "The rule's own; wins over the policy's.")),
  owner: v.optional(owner),
  for: v.optional(
    about(
      object({ ...criteria, except: v.optional(object(criteria)) }),
      "Which runs: keys are joined by AND, values by OR. Without it every run but those of origin STANDBY.",
    ),
  ),
  schedule: v.optional(about(schedule, "When the rule applies; outside of it, it limits nothing.")),
  limit: about(limit, "Exactly one limit."),
  steps,
});

const runs = wholeNumber(0, "a whole number of runs, 0 or more; 0 means none");

export const policySchema = object({
  version: about(exactly(1, "1, the version of the policy language"), "Of the policy language."),
  mode: v.optional(about(mode, "observe decides and records all, and calls nothing; enforce acts.")),
  timeZone: v.optional(about(timeZone, "Where days and hours begin and end.")),
  owner: v.optional(owner),
  escalation: v.optional(
    object({
      forceAfter: v.optional(
        about(
          duration(
            (secs) => secs >= 30,
            "a duration of at least 30s, for Apify gives a graceful abort 30 seconds to finish",
          ),
          "How long a graceful abort may take before one call without grace.",
        ),
      ),
      alarmAfter: v.optional(
        about(
          duration((secs) => secs >= 30, "a duration of at least 30s, such as 5m"),
          "How long an abort may take before a person is told.",
        ),
      ),
    }),
  ),
  guards: v.optional(
    object({
      maxAborts: v.optional(
        object({
          perTick: v.optional(about(runs, "Intents in one tick; 0 means none.")),
          perHour: v.optional(about(runs, "Intents in any 60 minutes; 0 means none.")),
          percentOfLive: v.optional(about(portion, "Share of the live runs; 0 means none.")),
        }),
      ),
    }),
  ),
  rules: listOf(rule, "rules"),
});
