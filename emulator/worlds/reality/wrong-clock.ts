import { ACTORS, everydayRuns, HOUR, MINUTE, TASKS } from "../acme.ts";
import type { WorldFactory } from "../factory.ts";

/**
 * Minutes from the start:
 *
 *     0 ─ 6 h behind ─ 20 ─ right ─ 30 ─ none ─ 40 ─ unreadable ─ 50 ─ cached ─ 60 ─ 2 min ahead ─ 70 ─ right ──▶
 *
 * Who looks on a clock that shows the world's time sees a run of an hour as one of seven in the first span.
 */
export const wrongClock: WorldFactory = (random) => ({
  name: "wrong-clock",
  about:
    "Apify's Date is six hours behind for 20 minutes, later missing, unreadable, cached and two minutes ahead; two runs are expensive.",
  actors: ACTORS,
  tasks: TASKS,
  date: [
    { skewMs: -6 * HOUR, untilMs: 20 * MINUTE },
    { as: "missing", fromMs: 30 * MINUTE, untilMs: 40 * MINUTE },
    { as: "unreadable", fromMs: 40 * MINUTE, untilMs: 50 * MINUTE },
    { ageSecs: 300, fromMs: 50 * MINUTE, untilMs: 60 * MINUTE },
    { skewMs: 2 * MINUTE, fromMs: 60 * MINUTE, untilMs: 70 * MINUTE },
  ],
  runs: [
    { label: "dear", actor: "acme/shop-products", startsAfterMs: -30 * MINUTE, readyForMs: 0, cost: 12 },
    { label: "dear-later", actor: "acme/video-index", startsAfterMs: 20 * MINUTE, readyForMs: 0, cost: 20 },
    ...everydayRuns(random, 12, 2 * HOUR),
  ],
});
