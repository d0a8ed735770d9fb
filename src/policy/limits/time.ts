import { positiveDuration } from "../figure-forms.ts";
import type { Limit } from "./limit.ts";

/** What every limit on a span of time has in common. */
export const timeLimit = {
  unit: () => "secs",
  form: () => positiveDuration,
  needs: "list",
  isGauge: () => false,
} as const satisfies Partial<Limit>;
