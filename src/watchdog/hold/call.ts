import type { SourceHold } from "../model/holds/hold.ts";
import { CALL_MS } from "../model/intents.ts";
import type { Schedule, ScheduleAnswer } from "../model/ports.ts";
import { withinBudget } from "../observe/within-budget.ts";
import type { Holding } from "./holding.ts";

/** What a change rests on: the schedule as it was just read, and when that was, by the monotonic clock. */
export type Seen = { readonly schedule: Schedule; readonly readMs: number };

const FRESH_MS = 5_000;

function refuse(hold: SourceHold, why: string): never {
  throw new Error(`no change of schedule ${hold.scheduleId}: ${why}`);
}

function checkFresh({ ports }: Holding, hold: SourceHold, { schedule, readMs }: Seen): void {
  if (schedule.id !== hold.scheduleId) refuse(hold, "another one was read");
  if (ports.clock.monotonicMs() - readMs > FRESH_MS)
    refuse(hold, "the reading is not of the last five seconds");
}

/**
 * The one place from which a schedule is disabled. Refuses, by an error, what must never leave: a call on an old reading, or
 * for one that is not as it was when that was promised. The promise is durable when this is reached, and the caller has it.
 */
export async function disable(holding: Holding, hold: SourceHold, seen: Seen): Promise<ScheduleAnswer> {
  checkFresh(holding, hold, seen);
  const { isEnabled, modifiedAt } = seen.schedule;
  if (hold.madeAt || !isEnabled || modifiedAt.getTime() !== hold.modifiedAt.getTime())
    refuse(hold, "it is not as it was when it was promised");
  return withinBudget(holding, CALL_MS, (signal) =>
    holding.ports.apify.disableSchedule(hold.scheduleId, signal),
  );
}

/** The one place from which a schedule is enabled: one that we disabled, that is as we left it, and that is let go. */
export async function enable(holding: Holding, hold: SourceHold, seen: Seen): Promise<ScheduleAnswer> {
  checkFresh(holding, hold, seen);
  const { isEnabled, modifiedAt } = seen.schedule;
  if (!hold.letGo || isEnabled || modifiedAt.getTime() !== hold.madeAt?.getTime())
    refuse(hold, "it is not as it was left");
  return withinBudget(holding, CALL_MS, (signal) =>
    holding.ports.apify.enableSchedule(hold.scheduleId, signal),
  );
}
