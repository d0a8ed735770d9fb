import * as v from "valibot";
import { EACHES, PERIODS } from "../../policy.ts";
import { amount } from "../../values/figure-forms.ts";
import { about, object, oneOf } from "../../values/forms.ts";

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

/** What a rule's runs may spend together, as people write it. */
export const budget = about(
  object({
    usd: about(amount, "How much may be spent in a window, in USD."),
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
  }),
  "How much all selected runs may spend together in a window of time.",
);
