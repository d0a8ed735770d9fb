import { ACTORS, everydayRuns, HOUR, MINUTE, TASKS } from "./acme.ts";
import type { WorldFactory } from "./factory.ts";

/** The three ways not to go away: after a graceful abort, after any abort, and by never getting a worker. */
export const stuck: WorldFactory = (random) => ({
  name: "stuck",
  about: "One run stops only by force, one not at all (both above 5 USD), and one never leaves READY.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    {
      actor: "acme/shop-products",
      startsAfterMs: -30 * MINUTE,
      readyForMs: 0,
      cost: 12,
      onAbort: { kind: "ignoresGraceful" },
    },
    {
      actor: "acme/video-index",
      startsAfterMs: -40 * MINUTE,
      readyForMs: 0,
      cost: 9,
      onAbort: { kind: "unstoppable" },
    },
    { actor: "acme/pdf-reports", startsAfterMs: -2 * HOUR, readyForMs: Number.POSITIVE_INFINITY },
    ...everydayRuns(random, 6, HOUR),
  ],
});
