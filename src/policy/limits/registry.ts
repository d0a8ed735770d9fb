import { abortingTime } from "./aborting-time.ts";
import type { Limit } from "./limit.ts";
import { queueTime } from "./queue-time.ts";
import { runTime } from "./run-time.ts";
import { stats } from "./stats.ts";
import { usageTotalUsd } from "./usage-total-usd.ts";

/** Every limit there is. A new one is a file beside this one and a line here. */
export const LIMITS: readonly Limit[] = [usageTotalUsd, runTime, queueTime, abortingTime, stats];

export const findLimit = (metric: string): Limit | undefined => LIMITS.find((limit) => limit.matches(metric));

/** For a metric that a parsed policy names, and which therefore exists. */
export function limitFor(metric: string): Limit {
  const limit = findLimit(metric);
  if (limit === undefined) throw new Error(`no limit measures "${metric}"; the policy was not parsed`);
  return limit;
}
