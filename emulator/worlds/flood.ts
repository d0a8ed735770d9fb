import type { RunScript } from "../world/script.ts";
import { ACTORS, everydayRuns, HOUR, SECOND, TASKS } from "./acme.ts";
import type { WorldFactory } from "./factory.ts";

const COUNT = 1_000;
const LIVES_FOR_MS = 20 * SECOND;
const FLOODED = ["acme/serp-tracker", "acme/news-monitor", "acme/pdf-reports", "acme/shop-products"];

/** Runs that last for hours, at a few cents each: nobody's mistake. */
const LONG: readonly RunScript[] = ["acme/nightly-archive", "acme/video-index", "acme/price-api"].map(
  (actor, index) => ({
    actor,
    origin: "SCHEDULER",
    startsAfterMs: -(index + 1) * HOUR,
    readyForMs: 0,
    cost: 0.1,
    ends: { afterMs: 5 * HOUR, status: "SUCCEEDED" },
  }),
);

/** Each run is far too small for any limit on runs: 20 USD in two hours, 10 after one, and no run costs 3 cents. */
export const flood: WorldFactory = (random) => ({
  name: "flood",
  about:
    "A thousand runs of 20 s and 0.02 USD each in two hours: no run is expensive, all together cost 20 USD.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    ...Array.from({ length: COUNT }, (_, index): RunScript => {
      const usd = random.between(0.018, 0.022);
      return {
        actor: random.pick(FLOODED),
        origin: "API",
        // Evenly but for a few seconds: some live alone, some four at a time.
        startsAfterMs: Math.round(index * 7.2 * SECOND) + random.int(0, 15 * SECOND),
        readyForMs: random.int(300, 2_000),
        cost: usd / (LIVES_FOR_MS / HOUR),
        ends: { afterMs: LIVES_FOR_MS, status: "SUCCEEDED" },
        memoryMbytes: 2_048,
      };
    }),
    ...LONG,
    ...everydayRuns(random, 6, 2 * HOUR),
  ],
});
