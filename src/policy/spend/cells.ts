import type { Quantity } from "../policy.ts";
import type { MicroUsd } from "../values/money.ts";
import {
  dayOf,
  daySlot,
  HOUR_MS,
  hoursOf,
  isHourSlot,
  type Slot,
  type SpendBySlot,
  startOfSlot,
} from "../values/slots.ts";
import type { Window } from "./windows.ts";

/** Who spent: the finest that the ledger tells apart. */
export type Spender = {
  readonly actorId: string;
  readonly actorTaskId?: string;
  readonly origin?: string;
  /** Absent, too, in what was kept before schedules were. */
  readonly scheduleId?: string;
};

/** Whose money a run's is. */
export const spenderOf = ({ actorId, actorTaskId, origin, scheduleId }: Spender): Spender => ({
  actorId,
  ...(actorTaskId !== undefined && { actorTaskId }),
  ...(origin !== undefined && { origin }),
  ...(scheduleId !== undefined && { scheduleId }),
});

/** Names a spender among all. */
export const spenderKey = ({ actorId, actorTaskId = "", origin = "", scheduleId = "" }: Spender): string =>
  [actorId, actorTaskId, origin, scheduleId].join("|");

/** What is counted of runs beside their money, by slot: those that started, and those that failed or timed out. */
export type Counts = Readonly<Partial<Record<Exclude<Quantity, "usd">, SpendBySlot>>>;

/**
 * What a spender spent in one slot, and how many of its runs started and failed in it; absent: none that is counted. A day's
 * cell holds all of the day, its hours' cells what is known to the hour.
 */
export type Cell = Spender & {
  readonly slot: Slot;
  readonly microUsd: MicroUsd;
  readonly runs?: number;
  readonly failures?: number;
};

const amountIn = ({ microUsd: usd, runs = 0, failures = 0 }: Cell, of: Quantity): number =>
  ({ usd, runs, failures })[of];

/** From one slot to another, both included; both hours or both days. */
export type SlotSpan = { readonly from: Slot; readonly to: Slot };

/** How many hours of a day lie in a window: from the one to before the other. */
function hoursWithin(day: Slot, { from, to }: Window): readonly [number, number] {
  const start = startOfSlot(day).getTime();
  const hour = (at: Date): number => Math.min(24, Math.max(0, (at.getTime() - start) / HOUR_MS));
  return [hour(from), hour(to)];
}

const isWhole = ([first, end]: readonly [number, number]): boolean => first === 0 && end === 24;

/** The share of so many hours in what is known to the day alone: shares of hours that follow each other add up. */
const shareOf = (amount: number, [first, end]: readonly [number, number]): number =>
  Math.floor((amount * end) / 24) - Math.floor((amount * first) / 24);

/** What of an amount in a slot falls into a window. */
function within(slot: Slot, amount: number, window: Window): number {
  if (isHourSlot(slot)) {
    const at = startOfSlot(slot);
    return window.from <= at && at < window.to ? amount : 0;
  }
  return shareOf(amount, hoursWithin(slot, window));
}

/** Tells of any spend what falls into the window. Slots are few where spends are many: each is looked at once. */
export function countingWithin(window: Window): (spend: SpendBySlot) => MicroUsd {
  const hours = new Map<Slot, boolean>();
  const isIn = (slot: Slot): boolean => {
    const found = hours.get(slot) ?? within(slot, 1, window) === 1;
    hours.set(slot, found);
    return found;
  };
  return (spend) => {
    let sum = 0;
    for (const [slot, microUsd] of Object.entries(spend)) {
      if (!isHourSlot(slot)) sum += within(slot, microUsd, window);
      else if (isIn(slot)) sum += microUsd;
    }
    return sum;
  };
}

/** What of some spend falls into a window. */
export const spentWithin = (spend: SpendBySlot, window: Window): MicroUsd => countingWithin(window)(spend);

/**
 * What of a quantity each group has in a window, by the cells. Of whole days the day's cell counts; of a day that is cut, its
 * hours, and of what is not known to the hour a share:
 *
 *     window   ···|=====|=========|===|···
 *     counted      hours    day    hours
 *
 * All cells of the spans that `spansOf` names must be there.
 */
export function sumCells(
  cells: readonly Cell[],
  window: Window,
  groupOf: (cell: Cell) => string | undefined,
  of: Quantity = "usd",
): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (group: string, amount: number) => sums.set(group, (sums.get(group) ?? 0) + amount);
  /** By group, what of a cut day is not known to the hour. */
  const rest = new Map<Slot, Map<string, number>>();
  const addRest = (day: Slot, group: string, amount: number): void => {
    const ofDay = rest.get(day) ?? new Map<string, number>();
    ofDay.set(group, (ofDay.get(group) ?? 0) + amount);
    rest.set(day, ofDay);
  };
  for (const cell of cells) {
    const amount = amountIn(cell, of);
    // Another quantity is why it is there: it makes no group of this one.
    if (amount === 0) continue;
    const { slot } = cell;
    const day = dayOf(slot);
    const hours = hoursWithin(day, window);
    if (hours[0] >= hours[1]) continue;
    const group = groupOf(cell);
    if (group === undefined) continue;
    if (isWhole(hours)) {
      if (!isHourSlot(slot)) add(group, amount);
      continue;
    }
    if (!isHourSlot(slot)) addRest(day, group, amount);
    else {
      add(group, within(slot, amount, window));
      addRest(day, group, -amount);
    }
  }
  for (const [day, groups] of rest) {
    const hours = hoursWithin(day, window);
    for (const [group, amount] of groups) add(group, shareOf(amount, hours));
  }
  return sums;
}

/** The spans of cells that sums over these windows take, up to now. */
export function spansOf(windows: readonly Window[], now: Date): readonly SlotSpan[] {
  if (windows.length === 0) return [];
  const first = Math.min(...windows.map(({ from }) => from.getTime()));
  const end = Math.min(Math.max(...windows.map(({ to }) => to.getTime())), now.getTime() + 1);
  const cut = new Set<Slot>();
  for (const window of windows) {
    for (const edge of [window.from.getTime(), window.to.getTime() - 1]) {
      const day = daySlot(new Date(edge));
      if (!isWhole(hoursWithin(day, window)) && startOfSlot(day).getTime() < end) cut.add(day);
    }
  }
  const hours = [...cut].sort().map((day) => ({ from: `${day}T00`, to: hoursOf(day).at(-1) ?? day }));
  return [{ from: daySlot(new Date(first)), to: daySlot(new Date(end - 1)) }, ...hours];
}
