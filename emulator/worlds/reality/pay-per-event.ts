import { ACTORS, everydayRuns, HOUR, MINUTE, TASKS } from "../acme.ts";
import type { WorldFactory } from "../factory.ts";

/** What is counted is one thing, what is accounted for another, and what is billed a third. */
export const payPerEvent: WorldFactory = (random) => ({
  name: "pay-per-event",
  about:
    "Pay-per-event runs: one of an own Actor, one beyond its cap, one within a free quota, one accounted for minutes late.",
  actors: [
    ...ACTORS,
    { name: "acme/paid-results", chargesFor: { event: "result", priceUsd: 0.002 } },
    {
      name: "toolbox/leads",
      chargesFor: [
        { event: "apify-actor-start", priceUsd: 0.00005, atStart: 1 },
        { event: "lead-fetched", priceUsd: 0.01, free: 200 },
      ],
    },
  ],
  tasks: TASKS,
  runs: [
    // 6,000 results an hour, 12 USD for anybody else; its maker pays 20 cents an hour for its gigabyte.
    { label: "own", actor: "acme/paid-results", startsAfterMs: -HOUR, readyForMs: 0, cost: 12 },
    // Charging stops after ten minutes; 30 USD of events an hour are counted on.
    {
      label: "capped",
      actor: "mapworks/places-scraper",
      origin: "WEB",
      readyForMs: 0,
      cost: 30,
      maxTotalChargeUsd: 5,
    },
    // Nobody set a cap: Apify writes what is left of the month's credit, and the run may spend all of it.
    { label: "apifys-cap", actor: "mapworks/places-scraper", origin: "WEB", startsAfterMs: MINUTE, cost: 20 },
    { label: "free-quota", actor: "toolbox/leads", startsAfterMs: -10 * MINUTE, readyForMs: 0, cost: 2.4 },
    {
      label: "trailing",
      actor: "mapworks/places-scraper",
      origin: "API",
      startsAfterMs: -20 * MINUTE,
      readyForMs: 0,
      cost: 6,
      usageLagMs: 5 * MINUTE,
      tellsEventUsage: true,
    },
    ...everydayRuns(random, 8, 2 * HOUR),
  ],
});
