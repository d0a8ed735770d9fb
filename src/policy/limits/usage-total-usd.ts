import type { Observation } from "../observation.ts";
import { isActive } from "../run.ts";
import { amount } from "../values/figure-forms.ts";
import { type MicroUsd, toUsd } from "../values/money.ts";
import { estimateOf } from "./event-estimate.ts";
import { costPace, isYoungLife, known, type Limit, type Measurement, unknown } from "./limit.ts";

const told = ({ run }: Observation): MicroUsd | undefined =>
  Number.isFinite(run.usageTotalMicroUsd) ? run.usageTotalMicroUsd : undefined;

/** What Apify says or what the events come to, whichever is more: a lower bound of what will be billed. */
function estimate(observation: Observation): Measurement | undefined {
  const events = estimateOf(observation);
  if (events === undefined) return undefined;
  const cost = told(observation);
  const facts = { eventsUsd: toUsd(events.microUsd) };
  if (cost !== undefined && cost >= events.microUsd) return known(cost, facts);
  const { doubt: reason } = events;
  const doubt = reason !== undefined && { reason, ...(cost !== undefined && { sure: cost }) };
  return { kind: "known", value: events.microUsd, facts, ...(doubt && { doubt }) };
}

/** What the run costs its owner over all its lives, as Apify's `usageTotalUsd` says. */
export const usageTotalUsd: Limit = {
  usage: "usageTotalUsd",
  about: "What the run has cost over all its lives, as Apify reports it.",
  pattern: /^usageTotalUsd$/,
  words: () => "cost",
  unit: () => "USD",
  form: () => amount,
  needs: "list",
  restsOnCost: () => true,
  isGauge: () => false,
  judges: isActive,
  estimates: true,
  pace: costPace,
  measure(observation, _limit, now, basis) {
    const estimated = basis === "estimate" ? estimate(observation) : undefined;
    const cost = told(observation);
    if (estimated) return estimated;
    if (cost !== undefined) return known(cost);
    return unknown("Apify reports no usageTotalUsd for this run", isYoungLife(observation.life, now));
  },
};
