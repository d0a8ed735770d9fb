import { ACTORS, everydayRuns, HOUR, MINUTE, TASKS } from "./acme.ts";
import type { WorldFactory } from "./factory.ts";

/**
 * Minutes from the start:
 *
 *     0 ── well ── 2 ── 503 JSON ── 5 ── 502 HTML ── 8 ── resets ── 9 ── 429 ── 10 ── well, but for the first abort's
 *                                                                                     answer, which gets lost ──▶
 */
export const apiDown: WorldFactory = (random) => ({
  name: "api-down",
  about:
    "From minute 2 to 10 the API answers 503, HTML, resets and 429 in turn; a run passes 5 USD at minute 4.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    { actor: "acme/shop-products", task: "shop-us", startsAfterMs: -6 * MINUTE, readyForMs: 0, cost: 30 },
    ...everydayRuns(random, 10, HOUR),
  ],
  faults: [
    {
      fault: { kind: "status", status: 503, type: "service-unavailable", message: "Service is unavailable" },
      fromMs: 2 * MINUTE,
      untilMs: 5 * MINUTE,
    },
    { fault: { kind: "html", status: 502 }, fromMs: 5 * MINUTE, untilMs: 8 * MINUTE },
    { fault: { kind: "reset", afterEffect: false }, fromMs: 8 * MINUTE, untilMs: 9 * MINUTE },
    { fault: { kind: "rate-limit" }, fromMs: 9 * MINUTE, untilMs: 10 * MINUTE },
    { match: { kind: "abort" }, fault: { kind: "reset", afterEffect: true }, times: 1, fromMs: 10 * MINUTE },
  ],
});
