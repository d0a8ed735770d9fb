import { type Blast, type Guard, keptOf, type MaxAborts, takenOf } from "../../policy/index.ts";
import type { Control } from "../model/control.ts";

const runs = (count: number): string => `${count} ${count === 1 ? "run" : "runs"}`;

/** What was stopped so far, as the guard itself counts it, and what to do about it. */
function taken(
  control: Control,
  guard: keyof MaxAborts,
  maxAborts: MaxAborts,
  blast: Blast,
  now: Date,
): string {
  const counted = takenOf(control, blast, now);
  const { thisTick, places, sharing, population } = counted;
  const kept = keptOf(maxAborts.perHour, counted);
  switch (guard) {
    case "perTick":
      return `${runs(thisTick.size)} stopped by ticks and orders that are under way; say it again in a minute`;
    case "perHour":
      if (sharing.size >= maxAborts.perHour)
        return `${runs(sharing.size)} stopped in the last hour that sources started again; wait`;
      return `${runs(places.size)} stopped in the last hour${kept > 0 ? `, and ${kept} kept for runs that burn more` : ""}; wait`;
    case "percentOfLive":
      return `${places.size} of the ${runs(population)} live now or in the last hour stopped; wait`;
  }
}

const isRoom = (guard: Guard): guard is keyof MaxAborts =>
  guard === "perTick" || guard === "perHour" || guard === "percentOfLive";

/** Why an order was not carried out, and what its operator can do. */
export function whyHeld(
  control: Control,
  guard: Guard,
  maxAborts: MaxAborts,
  blast: Blast,
  now: Date,
): string {
  const { pause } = control;
  if (guard === "exemption") return "an exemption protects the run";
  if (guard === "pause" && pause) {
    return `paused by ${pause.by} since ${pause.since.toISOString()}: ${pause.reason}`;
  }
  if (!isRoom(guard)) return guard;
  const allowed = maxAborts[guard];
  if (allowed === 0)
    return `the policy's maxAborts.${guard} is 0, so nothing may be stopped: push a policy that allows more`;
  const unit = guard === "percentOfLive" ? "%" : "";
  return `the policy's maxAborts.${guard} is ${allowed}${unit}, with ${taken(control, guard, maxAborts, blast, now)}, or push a policy that allows more`;
}
