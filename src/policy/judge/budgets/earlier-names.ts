import type { Quantity } from "../../policy.ts";
import { type Cell, type Spender, spenderKey } from "../../spend/cells.ts";
import { type LiveSpend, type Named, type Recorded, unrecordedOf } from "../../spend/ledger-view.ts";
import { dayOf, daySlot, type Slot, type SpendBySlot } from "../../values/slots.ts";

type GroupOf = (spender: Spender & Named) => string | undefined;

/** Groups that a spender is in by what it was called, and up to which day. */
function earlierGroups(spender: Spender & Named, groupOf: GroupOf) {
  const { earlierActorNames = [], earlierTaskNames = [], earlierScheduleNames = [] } = spender;
  const called = [
    ...earlierActorNames.map(({ name, until }) => ({ named: { ...spender, actorName: name }, until })),
    ...earlierTaskNames.map(({ name, until }) => ({ named: { ...spender, taskName: name }, until })),
    ...earlierScheduleNames.map(({ name, until }) => ({
      named: { ...spender, scheduleName: name },
      until,
    })),
  ];
  return called.flatMap(({ named, until }) => {
    const group = groupOf(named);
    return group === undefined ? [] : [{ group, lastDay: daySlot(until) }];
  });
}

/**
 * In which group a spender's money of a slot is. By its name of now; where that is in none, by what it was called then,
 * to the day: money stays where it was booked when its Actor, task or schedule is renamed.
 */
function groupBySlot(spender: Spender & Named, groupOf: GroupOf): (slot: Slot) => string | undefined {
  const now = groupOf(spender);
  if (now !== undefined) return () => now;
  const earlier = earlierGroups(spender, groupOf);
  return (slot) => earlier.find(({ lastDay }) => dayOf(slot) <= lastDay)?.group;
}

/** The same of cells. Spenders are few where cells are many: each is looked at once. */
export function groupByCell(
  { nameOf }: Pick<Recorded, "nameOf">,
  groupOf: GroupOf,
): (cell: Cell) => string | undefined {
  const bySpender = new Map<string, (slot: Slot) => string | undefined>();
  return (cell) => {
    const key = spenderKey(cell);
    const known = bySpender.get(key) ?? groupBySlot({ ...cell, ...nameOf(cell) }, groupOf);
    bySpender.set(key, known);
    return known(cell.slot);
  };
}

/** What live runs spent, or counted, under names by which they were in a group, and are in none any more: not in the cells yet. */
export function unrecordedEarlier(
  live: readonly LiveSpend[],
  groupOf: GroupOf,
  counted: (amounts: SpendBySlot) => number,
  of: Quantity,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const each of live) {
    if ((each.earlierActorNames ?? each.earlierTaskNames ?? each.earlierScheduleNames) === undefined)
      continue;
    if (groupOf(each) !== undefined) continue;
    const groupAt = groupBySlot(each, groupOf);
    for (const [slot, amount] of Object.entries(unrecordedOf(each, of))) {
      const group = groupAt(slot);
      if (group !== undefined) sums.set(group, (sums.get(group) ?? 0) + counted({ [slot]: amount }));
    }
  }
  return sums;
}
