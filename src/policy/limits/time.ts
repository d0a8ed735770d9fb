import { positiveDuration } from "../values/figure-forms.ts";
import type { Limit, Pace } from "./limit.ts";

/** A second grows by a second. */
export const BY_THE_CLOCK: Pace = { perSec: 1, clock: true };

/** What every limit on a span of time has in common. */
export const timeLimit = {
  unit: () => "secs",
  form: () => positiveDuration,
  needs: "list",
  isGauge: () => false,
} as const satisfies Partial<Limit>;
