import { isActive, PAY_PER_EVENT } from "../run.ts";
import { positiveNumber } from "../values/figure-forms.ts";
import { figureIn, known, type Limit, untold } from "./limit.ts";

const PREFIX = "events.";
const KEYS = /^events\.[A-Za-z0-9][\w-]*$/;

/** How often the run was charged an event of its Actor, over all its lives: Apify's `chargedEventCounts`. */
export const events: Limit = {
  usage: "events.<name>",
  about: "How often the run was charged an event of its Actor, over all its lives.",
  open: { [KEYS.source]: "events.result" },
  pattern: KEYS,
  words: (metric) => `${metric.slice(PREFIX.length)} events`,
  unit: () => "count",
  form: () => positiveNumber("a number of events above 0"),
  needs: "detail",
  isGauge: () => false,
  judges: isActive,
  measure(observation, { metric }, now) {
    const event = metric.slice(PREFIX.length);
    const { detail, settings } = observation.run;
    const count = figureIn(detail?.events, event);
    if (count !== undefined) return known(count);
    // Nobody charges it: the run's Actor charges for no events, or has this one and has not charged it yet.
    const model = settings?.pricingModel;
    const isUncharged = detail?.events !== undefined && figureIn(detail.eventMicroUsd, event) !== undefined;
    const isFree = detail !== undefined && model !== undefined && model !== PAY_PER_EVENT;
    const isSpoilt = Object.hasOwn(detail?.events ?? {}, event);
    return !isSpoilt && (isUncharged || isFree) ? known(0) : untold(observation, metric, now);
  },
};
