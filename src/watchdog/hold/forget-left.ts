import { changeControl } from "../audit/append.ts";
import { type Control, stateOf } from "../model/control.ts";
import type { LeftSource } from "../model/holds/hold.ts";
import { leftOf, sourcesIn, withSources } from "../model/holds/sources.ts";
import type { ControlPorts, Schedule, ScheduleReading } from "../model/ports.ts";
import { READ_PATIENCE_MS, withinBudget } from "../observe/within-budget.ts";
import type { Holding } from "./holding.ts";
import { GONE_MS } from "./ladder.ts";

/** What is kept of it, by the schedule as it is now; `undefined`: nothing, for it is enabled, or is not there again and again. */
export function keptOf(left: LeftSource, reading: ScheduleReading, now: Date): LeftSource | undefined {
  const { goneAt, ...found } = left;
  if (reading.kind === "found") {
    if (reading.schedule.isEnabled) return undefined;
    return goneAt ? found : left;
  }
  if (reading.kind === "forbidden") return left;
  if (goneAt === undefined) return { ...left, goneAt: now };
  return now.getTime() - goneAt.getTime() < GONE_MS ? left : undefined;
}

/**
 * Forgets one that was left disabled and is enabled, or gone, where the list does not show that it is disabled. What the list
 * does not have is looked up by itself.
 */
export async function forgetLeft(
  holding: Holding,
  left: LeftSource,
  schedules: readonly Schedule[],
): Promise<void> {
  const { scheduleId } = left;
  const listed = schedules.find(({ id }) => id === scheduleId);
  const reading = listed
    ? { kind: "found" as const, schedule: listed }
    : await withinBudget(holding, READ_PATIENCE_MS, (signal) =>
        holding.ports.apify.readSchedule(scheduleId, signal),
      );
  const now = holding.ports.apify.now();
  const kept = keptOf(left, reading, now);
  if (kept === left) return;
  const ports: ControlPorts = holding.ports;
  await changeControl(ports, (control: Control) => {
    const stands = leftOf(control).find((each) => each.scheduleId === scheduleId);
    // Another tick has left it anew since.
    if (stands === undefined || stands.at.getTime() !== left.at.getTime()) return undefined;
    const state = stateOf(control);
    const { left: all, ...rest } = sourcesIn(state);
    const others = all.filter((each) => each.scheduleId !== scheduleId);
    return { next: withSources(state, { ...rest, left: kept ? [...others, kept] : others }) };
  });
}
