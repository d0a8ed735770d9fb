import { isActive, type Observation } from "../run.ts";
import { amount } from "../values/figure-forms.ts";
import { type MicroUsd, toUsd } from "../values/money.ts";
import { costPace, figureIn, isYoungLife, known, type Limit, type Measurement, unknown } from "./limit.ts";

/**
 * What the charged events cost at least: each at its cheapest price. `usageTotalUsd` follows the events that Apify has
 * accounted for, which trail those that it has charged.
 */
function eventsAtLeast({ run: { detail } }: Observation): MicroUsd | undefined {
  const { events, eventMicroUsd } = detail ?? {};
  const prices = Object.entries(events ?? {}).map(
    ([event, count]) => count * (figureIn(eventMicroUsd, event) ?? 0),
  );
  // What can't be right of one event says nothing against the others.
  const sound = prices.filter((price) => Number.isFinite(price) && price > 0);
  const sum = Math.floor(sound.reduce((total, price) => total + price, 0));
  return Number.isSafeInteger(sum) && sum > 0 ? sum : undefined;
}

const told = ({ run }: Observation): MicroUsd | undefined =>
  Number.isFinite(run.usageTotalMicroUsd) ? run.usageTotalMicroUsd : undefined;

/** What Apify says or what the events cost at least, whichever is more: a lower bound of what will be billed. */
function estimate(observation: Observation): Measurement | undefined {
  const events = eventsAtLeast(observation);
  if (events === undefined) return undefined;
  return known(Math.max(events, told(observation) ?? 0), { eventsUsd: toUsd(events) });
}

/** What the run costs its owner over all its lives, as Apify's `usageTotalUsd` says. */
export const usageTotalUsd: Limit = {
  usage: "usageTotalUsd",
  about: "What the run has cost over all its lives, as Apify tells it.",
  pattern: /^usageTotalUsd$/,
  words: () => "cost",
  unit: () => "USD",
  form: () => amount,
  needs: "list",
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
