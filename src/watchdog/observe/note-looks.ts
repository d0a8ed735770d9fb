import { looksAfter, type Observation, type Policy } from "../../policy/index.ts";
import type { Observed, Timed } from "../model/pass.ts";

/**
 * Remembers what a reading shows of gauges and of states that a limit times. A reading before a call is a look like any
 * other: one that shows the run busy, or below a step, breaks the row, or the next tick would believe that it was none.
 */
export function noteLooks(
  { live, ports }: Pick<Observed, "live"> & Pick<Timed, "ports">,
  policy: Policy,
  observation: Observation,
): void {
  const { run, observedAt } = observation;
  const latest = live.get(run.id);
  // Of overlapping looks the newer one is remembered, and speaks for itself.
  if (latest === undefined || latest.observedAt.getTime() !== observedAt.getTime()) return;
  const looks = looksAfter(policy.rules, observation, ports.clock.now());
  live.set(run.id, { ...latest, life: { ...latest.life, looks, lookedAt: observedAt } });
}
