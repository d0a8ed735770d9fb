import { parseDurationSecs } from "../duration.ts";
import type { Limit } from "./limit.ts";

const parse = (raw: unknown): number | undefined => {
  const secs = parseDurationSecs(raw);
  return secs !== undefined && secs > 0 ? secs : undefined;
};

/** What every limit on a span of time has in common. */
export const timeLimit = {
  expects: "a duration above 0 such as 90s, 6h or 1d12h",
  unit: () => "secs",
  parse,
  needsDetail: false,
  isGauge: () => false,
} as const satisfies Partial<Limit>;
