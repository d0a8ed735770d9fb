import { type Decision, type Observation, toUsd } from "../../policy/index.ts";
import type { HeldStops } from "../model/live.ts";

/** What an operator wants held is held in peace. */
const MEANT: readonly (string | undefined)[] = ["exemption", "pause"];

/** An exempt run is not stopped by a person's word; what is only observed would not be stopped either. */
export function heldStops(
  decisions: readonly Decision[],
  observations: ReadonlyMap<string, Observation>,
  { butMeant = false } = {},
): HeldStops {
  const held = decisions.filter(
    ({ action, mode, guard }) =>
      action === "hold" &&
      mode === "enforce" &&
      guard !== "exemption" &&
      !(butMeant && MEANT.includes(guard)),
  );
  const microUsdPerHour = held.reduce((sum, { subject }) => {
    const burn = observations.get(subject.runId)?.burnMicroUsdPerHour ?? 0;
    return sum + (Number.isFinite(burn) ? burn : 0);
  }, 0);
  return { runs: held.length, usdPerHour: toUsd(Math.round(microUsdPerHour)) };
}
