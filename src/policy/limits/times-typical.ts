import * as v from "valibot";
import type { Observation } from "../observation.ts";
import type { RuleLimit } from "../policy.ts";
import { isActive } from "../run.ts";
import { formatDuration } from "../values/duration.ts";
import { amount, positiveDuration, positiveNumber, wholeNumber } from "../values/figure-forms.ts";
import { about, eitherOf, type Form, isObject, object, reading, scalar } from "../values/forms.ts";
import { formatUsd, toUsd } from "../values/money.ts";
import { costPace, isYoungLife, known, type Limit, type Measurement, unknown } from "./limit.ts";
import { runTimeSecs } from "./run-time.ts";
import { BY_THE_CLOCK } from "./time.ts";

const BY_USD = "timesTypical.usd";
const BY_RUN_TIME = "timesTypical.runTime";
/** Fewer successful runs than this say little of what is usual. */
const SAMPLES = 10;
/** Many times next to nothing is still next to nothing: what is usual never counts as less than this. */
const FLOOR = { [BY_USD]: 500_000, [BY_RUN_TIME]: 600 } as const;

const times = positiveNumber("how many times the usual, a number above 0, for example 3");
/** So many are asked Apify for. */
const MOST_SAMPLES = 100;
const samples = v.optional(
  about(
    wholeNumber(1, `a whole number of successful runs, from 1 to ${MOST_SAMPLES}`, MOST_SAMPLES),
    "Silent while there are fewer successful runs to compare with. Default: 10.",
  ),
);
const FLOOR_IS = "What is usual never counts as less than this. Default:";

const limitOf = (
  metric: keyof typeof FLOOR,
  value: number,
  least = SAMPLES,
  floor: number = FLOOR[metric],
): RuleLimit => ({
  metric,
  value,
  options: { samples: least, floor },
});

const byUsd = reading(
  object({
    usd: about(times, "How many times what such a run usually costs."),
    samples,
    floor: v.optional(about(amount, `${FLOOR_IS} 0.50 USD.`)),
  }),
  ({ usd, samples: least, floor }) => limitOf(BY_USD, usd, least, floor),
);

const byRunTime = reading(
  object({
    runTime: about(times, "How many times as long as such a run usually takes."),
    samples,
    floor: v.optional(about(positiveDuration, `${FLOOR_IS} 10m.`)),
  }),
  ({ runTime, samples: least, floor }) => limitOf(BY_RUN_TIME, runTime, least, floor),
);

const neither: Form<RuleLimit> = scalar<RuleLimit>(
  () => undefined,
  "either usd or runTime and how many times the usual, for example { usd: 3 }",
  {},
);

function formOf(raw: unknown): Form<RuleLimit> {
  if (!isObject(raw) || "usd" in raw === "runTime" in raw) return neither;
  return "usd" in raw ? byUsd : byRunTime;
}

const form = eitherOf<RuleLimit>(formOf, [byUsd, byRunTime]);

/** The run's own figure, in the unit of the typical one. */
const ownFigure = (observation: Observation, metric: string, now: Date): number | undefined =>
  metric === BY_USD ? observation.run.usageTotalMicroUsd : runTimeSecs(observation, now);

/**
 * How many times the median of the last runs of its task or, where it has none, its Actor: of those that succeeded, and of
 * those that were stopped, which count as at least as much. Silent until enough succeeded. What is usual moves, so it is
 * believed at two looks in a row.
 */
export const timesTypical: Limit = {
  usage: "timesTypical",
  about: "How many times the median cost or run time of the last successful runs of its task or Actor.",
  pattern: /^timesTypical$/,
  metrics: /^timesTypical\.(usd|runTime)$/,
  words: (metric) => (metric === BY_USD ? "cost against the usual" : "run time against the usual"),
  unit: () => "times",
  form: () => form,
  terms({ metric, options: { samples: least = SAMPLES, floor = 0 } = {} }) {
    const most = metric === BY_USD ? formatUsd(floor) : formatDuration(floor);
    return `of ${least} successful runs or more, floor ${most}`;
  },
  needs: "list",
  restsOnCost: (metric) => metric === BY_USD,
  isGauge: () => true,
  judges: isActive,
  pace(observation, { metric, options: { floor = 0 } = {} }) {
    const { run, typical } = observation;
    const usual = metric === BY_USD ? typical?.usageTotalMicroUsd : typical?.runTimeSecs;
    if (usual === undefined) return undefined;
    const own =
      metric === BY_USD ? costPace(observation) : run.status === "RUNNING" ? BY_THE_CLOCK : undefined;
    return own && { ...own, perSec: own.perSec / Math.max(usual.median, floor) };
  },
  measure(observation, { metric, options = {} }, now): Measurement {
    const { typical, life } = observation;
    const { samples: least = SAMPLES, floor = 0 } = options;
    if (typical === undefined)
      return unknown("what is usual for it is not known yet", isYoungLife(life, now));
    const usual = metric === BY_USD ? typical.usageTotalMicroUsd : typical.runTimeSecs;
    if (usual && !Number.isFinite(usual.runs + usual.median))
      return unknown("what is usual for it is no number", isYoungLife(life, now));
    if (usual === undefined || usual.runs < least)
      return unknown(`only ${usual?.runs ?? 0} successful runs to compare with, wanted ${least}`, true);
    const own = ownFigure(observation, metric, now);
    if (own === undefined || !Number.isFinite(own))
      return unknown("Apify reports no usageTotalUsd for this run", isYoungLife(life, now));
    const against = Math.max(usual.median, floor);
    const plain = (figure: number): number => (metric === BY_USD ? toUsd(figure) : figure);
    const { runs, stopped } = usual;
    return known(own / against, {
      own: plain(own),
      usual: plain(against),
      runs,
      ...(stopped !== undefined && { stopped }),
    });
  },
};
