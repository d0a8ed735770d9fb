import type { Observation } from "../../../src/policy/index.ts";
import { looksAfter } from "../../../src/policy/judge/judge.ts";

import { at, HOUR, life, observation, rule, run, usd } from "../../support/builders.ts";

/** A run that costs so much. */
export const costing = (amount: number): Observation =>
  observation({ run: run({ usageTotalMicroUsd: usd(amount) }) });

/** A rule on a gauge. */
export const cpuRule = rule({ id: "busy", limit: { metric: "stats.cpuAvgUsage", value: 90 } });
/** A run with this figure of the gauge, so many seconds after noon; it remembers the look `before`. */
export const cpu = (
  cpuAvgUsage: number | undefined,
  secs: number,
  before?: Observation,
  status = "RUNNING",
): Observation => {
  const looks = before ? looksAfter([cpuRule], before, before.observedAt) : {};
  const stats: Record<string, number> = cpuAvgUsage === undefined ? {} : { cpuAvgUsage };
  return observation({
    run: run({ status, detail: { stats } }),
    observedAt: at(secs),
    source: "detail",
    life: life({ since: at(-HOUR), looks }),
  });
};
