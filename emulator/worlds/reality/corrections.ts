import type { RunScript } from "../../world/script.ts";
import { ACTORS, everydayRuns, HOUR, MINUTE, SECOND, TASKS } from "../acme.ts";
import type { WorldFactory } from "../factory.ts";

/** Shows nothing while it runs, and what it cost so long after its end. */
const late = (label: string, settlesInMs: number, settlesInSteps = 1): RunScript => ({
  label,
  actor: "acme/shop-products",
  startsAfterMs: -5 * MINUTE,
  readyForMs: 0,
  cost: 60,
  usageLagMs: 24 * HOUR,
  settlesInMs,
  settlesInSteps,
  ends: { afterMs: 25 * MINUTE, status: "SUCCEEDED" },
});

/** What was told of the cost changes afterwards, in both directions. */
export const corrections: WorldFactory = (random) => ({
  name: "corrections",
  about:
    "Final figures come up to ten minutes late, two runs' figures are corrected, and after two hours all prices halve.",
  actors: ACTORS,
  tasks: TASKS,
  runs: [
    late("late-by-130-s", 130 * SECOND),
    late("late-by-240-s", 240 * SECOND),
    late("late-by-ten-minutes", 10 * MINUTE, 4),
    // 9 USD at the time, then 3.60 and what comes after.
    {
      label: "corrected-down",
      actor: "acme/video-index",
      startsAfterMs: -20 * MINUTE,
      readyForMs: 0,
      cost: 18,
      corrections: [{ atMs: 10 * MINUTE, factor: 0.4 }],
    },
    // Ended at 1.50 USD an hour ago; it was four times as much.
    {
      label: "corrected-up",
      actor: "acme/serp-tracker",
      startsAfterMs: -90 * MINUTE,
      readyForMs: 0,
      cost: 3,
      ends: { afterMs: 30 * MINUTE, status: "SUCCEEDED" },
      corrections: [{ atMs: 5 * MINUTE, factor: 4 }],
    },
    ...everydayRuns(random, 16, 3 * HOUR),
  ],
  changes: [{ kind: "prices", atMs: 2 * HOUR, factor: 0.5 }],
});
