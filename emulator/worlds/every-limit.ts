import type { Random } from "../ground/random.ts";
import type { ActorSpec } from "../world/actor.ts";
import type { RunScript } from "../world/script.ts";
import { ACTORS, HOUR, MINUTE, SECOND } from "./acme.ts";
import type { WorldFactory } from "./factory.ts";

/** Apify's own timeout of every run that is not here to lack one. */
const TIMEOUT_SECS = 6 * 3_600;

/** One Actor for each run, so that each can be told from the others by its Actor's name. */
const SHOWN: readonly ActorSpec[] = [
  { name: "acme/search-harvester" },
  { name: "acme/residential-crawler" },
  { name: "acme/late-sprinter" },
  { name: "acme/waiting-room" },
  { name: "acme/product-feed" },
  { name: "acme/nightly-sync" },
  { name: "acme/without-end" },
  { name: "acme/crash-loop" },
  { name: "acme/phoenix" },
  { name: "acme/beta-tester", builds: { beta: "0.2.7" } },
  { name: "acme/giant" },
  { name: "toolbox/free-converter" },
];

/** Each shows one limit or selector. Times from the world's start. */
const RUNS: readonly RunScript[] = [
  // `usage.PROXY_SERPS`: 480 searches an hour, 1,000 of them after two hours and five minutes.
  { actor: "acme/search-harvester", cost: 1.4, spendsOn: { PROXY_SERPS: 1 } },
  // `usageUsd.PROXY_RESIDENTIAL_TRANSFER_GBYTES`: 1.80 of its 2 USD an hour go to the proxy.
  {
    actor: "acme/residential-crawler",
    cost: 2,
    spendsOn: { PROXY_RESIDENTIAL_TRANSFER_GBYTES: 1 },
    memoryMbytes: 1_024,
  },
  // `events.place-scraped`: 900 an hour at tiered prices, 1,000 after an hour and seven minutes; one start besides.
  { actor: "mapworks/places-scraper", origin: "WEB", cost: 3.6 },
  // `usdPerHour`: 0.30 USD an hour for ten minutes, then 18, so that the rate is over long before the total.
  {
    actor: "acme/late-sprinter",
    cost: { stretches: [{ forMs: 10 * MINUTE, usdPerHour: 0.3 }], thenUsdPerHour: 18 },
  },
  // `idleTime`: works for five minutes, then waits for something that never comes, at the price of its 4 GB.
  { actor: "acme/waiting-room", cost: 1.2, idleAfterMs: 5 * MINUTE, memoryMbytes: 4_096 },
  // `timesTypical.usd`: its Actor's runs cost some 0.60 USD; this one has three times as much after 18 minutes.
  { actor: "acme/product-feed", cost: 6 },
  // `timesTypical.runTime`: its task's runs take a quarter of an hour; three times as much are 45 minutes.
  { actor: "acme/nightly-sync", task: "sync-all", cost: 0.25 },
  // `noTimeout`: nobody gave it a timeout, and Apify will never end it.
  { actor: "acme/without-end", cost: 0.25, timeoutSecs: 0 },
  // `stats.restartCount`: crashes and is restarted twice a minute.
  { actor: "acme/crash-loop", cost: 0.25, restartsEveryMs: 30 * SECOND },
  // `stats.resurrectCount`: failed and was resurrected three times before the world began.
  {
    actor: "acme/phoenix",
    cost: 0.25,
    startsAfterMs: -100 * MINUTE,
    resurrectedAfterMs: [30 * MINUTE, 60 * MINUTE, 90 * MINUTE],
  },
  // Selector `builds`: the only run of the build `beta`, 0.2.7.
  { actor: "acme/beta-tester", cost: 0.25, build: "beta" },
  // Selector `memory`: 32 GB, the most that there is.
  { actor: "acme/giant", cost: 8, memoryMbytes: 32_768 },
  // Selector `pricing`: somebody else's Actor that is FREE; mapworks' is PAY_PER_EVENT, and Acme's own have none.
  { actor: "toolbox/free-converter", cost: 0.25 },
];

/** Runs that ended well in the days before, one every five hours; the last one five hours ago. */
function history(
  random: Random,
  of: Pick<RunScript, "actor" | "task">,
  {
    count,
    usd,
    minutes,
  }: { count: number; usd: readonly [number, number]; minutes: readonly [number, number] },
): readonly RunScript[] {
  return Array.from({ length: count }, (_, index) => {
    const afterMs = Math.round(random.between(...minutes) * MINUTE);
    return {
      ...of,
      startsAfterMs: -(index + 1) * 5 * HOUR,
      cost: random.between(...usd) / (afterMs / HOUR),
      ends: { afterMs, status: "SUCCEEDED" },
      timeoutSecs: TIMEOUT_SECS,
    };
  });
}

/** A world to try each limit and selector on. */
export const everyLimit: WorldFactory = (random) => ({
  name: "every-limit",
  about: "One run for each limit and selector that there is, and the history that is typical of two of them.",
  actors: [...ACTORS, ...SHOWN],
  tasks: [{ name: "sync-all", actor: "acme/nightly-sync" }],
  runs: [
    ...RUNS.map((run): RunScript => ({ timeoutSecs: TIMEOUT_SECS, readyForMs: 0, ...run })),
    ...history(random, { actor: "acme/product-feed" }, { count: 12, usd: [0.55, 0.65], minutes: [15, 25] }),
    ...history(
      random,
      { actor: "acme/nightly-sync", task: "sync-all" },
      { count: 12, usd: [0.05, 0.08], minutes: [13, 17] },
    ),
  ],
});
