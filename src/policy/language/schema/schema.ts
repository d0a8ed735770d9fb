import * as v from "valibot";
import { GRACE_SECS, MOST_ABORTS, MOST_HOLDS } from "../../policy.ts";
import { duration, portion, wholeNumber } from "../../values/figure-forms.ts";
import { about, eitherOf, exactly, listOf, object, oneOf, shown } from "../../values/forms.ts";
import { mode, owner } from "./mode.ts";
import { rule } from "./rule.ts";
import { timeZone } from "./schedule.ts";
import { HOLD_SYNONYMS } from "./step.ts";

/** The policy document as people write it. */

export const runsUpTo = (most: number): string => `a whole number of runs from 0 to ${most}; 0 means none`;

/** More is read, for a policy may have been pushed before there was a bound; whoever writes one is told. */
const runs = (most: number) =>
  shown(wholeNumber(0, runsUpTo(most)), { type: "integer", minimum: 0, maximum: most });

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
      duration(GRACE_SECS, "a duration of at least 30s, for example 5m", ["5m"]),
      "How long an abort may take before a person is notified. Default: 5m.",
    ),
  ),
});

const maxAborts = object({
  perTick: v.optional(
    about(runs(MOST_ABORTS.perTick), "Runs stopped in one tick; 0 means none. Default: 10."),
  ),
  perHour: v.optional(
    about(
      runs(MOST_ABORTS.perHour),
      "Runs stopped in any 60 minutes, each once; a fifth is kept for those that burn most. 0 means none. Default: 30.",
    ),
  ),
  percentOfLive: v.optional(
    about(portion, "Share of the live runs; does not bind below 3 runs; 0 means none. Default: 50%."),
  ),
});

const maxHolds = wholeNumber(
  0,
  `a whole number of schedules from 0 to ${MOST_HOLDS}; 0 means none`,
  MOST_HOLDS,
);

const HOUR_SECS = 3600;

const loop = object({
  stops: v.optional(
    about(
      wholeNumber(2, "a whole number of stops, from 2 to 100", 100),
      "So many stops of what one schedule, task or Actor starts again are a loop. Default: 3.",
    ),
  ),
  within: v.optional(
    about(
      duration(60, "a duration from 1m to 1h, for stops are remembered for an hour", ["1h"], HOUR_SECS),
      "In how long, at most 1h. Default: 1h.",
    ),
  ),
  do: v.optional(
    about(
      oneOf(["notify", "hold"], ", for its runs are stopped already", HOLD_SYNONYMS),
      "notify reports it; hold disables the schedule that is one, too, until its last stop is as long ago as within.",
    ),
  ),
});

const flag = eitherOf<boolean>(
  (raw) => (raw === false ? exactly(false, "true or false") : exactly(true, "true or false")),
  [exactly(true, "true or false"), exactly(false, "true or false")],
);

const LEAST_STALE_SECS = 120;

const guards = object({
  maxAborts: v.optional(about(maxAborts, "However wrong a rule may be: never more than this many.")),
  maxHolds: v.optional(about(maxHolds, "Schedules that may be held at once; 0 means none. Default: 10.")),
  loop: v.optional(about(loop, "When a source that starts again what was stopped is reported as a loop.")),
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
  statusMessages: v.optional(
    about(
      flag,
      "true writes on each run that was stopped, as its status message at Apify, which rule stopped it and how to overrule it. Default: false.",
    ),
  ),
  escalation: v.optional(about(escalation, "What becomes of an abort that does not take.")),
  guards: v.optional(about(guards, "What keeps the watchdog from doing too much.")),
  rules: about(listOf(rule, "rules"), "What is limited, and what to do about it."),
});
