import * as v from "valibot";
import { GRACE_SECS } from "../../policy.ts";
import { duration, portion, wholeNumber } from "../../values/figure-forms.ts";
import { about, exactly, listOf, object } from "../../values/forms.ts";
import { mode, owner } from "./mode.ts";
import { rule } from "./rule.ts";
import { timeZone } from "./schedule.ts";

/** The policy document as people write it. */

const runs = wholeNumber(0, "a whole number of runs, 0 or more; 0 means none");

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

const LEAST_STALE_SECS = 120;

const guards = object({
  maxAborts: v.optional(about(maxAborts, "However wrong a rule may be: never more than this many.")),
  staleAfter: v.optional(
    about(
      duration(
        LEAST_STALE_SECS,
        "a duration of at least 2m, for the watchdog looks once a minute and may miss a look",
        ["10m"],
      ),
      "Budgets stop nothing when the last complete look at the account is older. Default: 10m.",
    ),
  ),
});

export const policySchema = object({
  version: about(exactly(1, "1, the version of the policy language"), "Of the policy language: 1."),
  mode: v.optional(
    about(mode, "observe decides and records all, and calls nothing; enforce acts. Default: observe."),
  ),
  timeZone: v.optional(
    about(timeZone, "Where days, weeks, months and hours begin and end, as IANA names it. Default: UTC."),
  ),
  owner: v.optional(owner),
  escalation: v.optional(about(escalation, "What becomes of an abort that does not take.")),
  guards: v.optional(about(guards, "What keeps the watchdog from doing too much.")),
  rules: about(listOf(rule, "rules"), "What is limited, and what to do about it."),
});
