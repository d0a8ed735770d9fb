import { changeControl } from "../audit/append.ts";
import type { HoldChange } from "../audit/holds/hold-entries.ts";
import { type Control, stateOf } from "../model/control.ts";
import type { Entry } from "../model/entry.ts";
import { type FreedSource, type LeftSource, leftAs } from "../model/holds/hold.ts";
import {
  freedWith,
  holdOfSchedule,
  holdsOf,
  isFreed,
  leftOf,
  sourcesIn,
  withSources,
} from "../model/holds/sources.ts";
import type { Holding } from "./holding.ts";

const changeOf = ({ change = {} }: Entry): HoldChange => change as HoldChange;

/** What the end of a hold left disabled, if this control state knows nothing of its schedule. */
function leftBy(entry: Entry, control: Control): readonly LeftSource[] {
  const { scheduleId, name, isLeftDisabled, leaves = "changed" } = changeOf(entry);
  const isKnown = leftOf(control).some((each) => each.scheduleId === scheduleId);
  if (!isLeftDisabled || isKnown || holdOfSchedule(control, scheduleId)) return [];
  const named = { scheduleId, ...(name !== undefined && { name }), holdId: entry.intentId ?? "" };
  return [{ ...named, ...leftAs(leaves, new Date(entry.at)) }];
}

/** The same of what it freed. */
function freedBy(entry: Entry, control: Control, now: Date): readonly FreedSource[] {
  const { scheduleId, frees } = changeOf(entry);
  const until = new Date(frees?.until ?? 0);
  if (frees === undefined || until <= now || isFreed(control, scheduleId, now)) return [];
  return [{ scheduleId, why: frees.why, until }];
}

/**
 * Puts back what became of schedules as holds ended, where the control state does not know it, as after a restore: what a person
 * has let go stays so, what was left disabled calls for one, and a hold that has ended is none. Of each schedule the last end counts; what is over by now is
 * forgotten again by this pass.
 */
export async function putEndsBack(holding: Holding, ended: readonly Entry[]): Promise<void> {
  const closed = new Set(ended.map(({ intentId }) => intentId));
  const last = [...new Map(ended.map((entry) => [changeOf(entry).scheduleId, entry])).values()];
  await changeControl(holding.ports, (before) => {
    const now = holding.ports.apify.now();
    const holds = holdsOf(before).filter(({ holdId }) => !closed.has(holdId));
    const control = { ...before, holds };
    const left = last.flatMap((entry) => leftBy(entry, control));
    const freed = last.flatMap((entry) => freedBy(entry, control, now));
    if (left.length + freed.length === 0 && holds.length === holdsOf(before).length) return undefined;
    const sources = sourcesIn(stateOf(control));
    return {
      next: withSources(stateOf(control), {
        holds,
        freed: freedWith(sources.freed, freed, now),
        left: [...sources.left, ...left],
      }),
    };
  });
}
