import { type Blast, type Guard, type MaxAborts, takenOf } from "../../policy/index.ts";
import type { Control } from "../model/control.ts";

const runs = (count: number): string => `${count} ${count === 1 ? "run" : "runs"}`;

/** What was stopped so far, as the guard itself counts it, and what to do about it. */
function taken(control: Control, guard: keyof MaxAborts, blast: Blast, now: Date): string {
  const { thisTick, thisHour, stopped, population } = takenOf(control, blast, now);
  switch (guard) {
    case "perTick":
      return `${runs(thisTick.size)} stopped by ticks and orders that are under way; say it again in a minute`;
    case "perHour":
      return `${runs(thisHour.size)} stopped in the last hour; wait`;
    case "percentOfLive":
      return `${stopped.size} of the ${runs(population)} live now or in the last hour stopped; wait`;
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
  return `the policy's maxAborts.${guard} is ${allowed}${unit}, with ${taken(control, guard, blast, now)}, or push a policy that allows more`;
}
