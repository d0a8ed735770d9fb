import {
  addSpend,
  dayOf,
  isHourSlot,
  type MicroUsd,
  type SpendBySlot,
  type Spender,
  spenderKey,
  spenderOf,
  spread,
  totalOf,
} from "../../policy/index.ts";
import type { LiveRun } from "../model/live.ts";
import type { OfSpender, RunItem } from "../model/ports.ts";

/** So many hours are told apart; of more, the earliest days are kept whole: a run of weeks has some dozen slots. */
const MOST_HOURS = 72;

/** What a run has where. A correction of days that are whole is not taken off their hours any more. */
export function folded(spend: SpendBySlot): SpendBySlot {
  const tooEarly = Object.keys(spend)
    .filter(isHourSlot)
    .sort()
    .at(-MOST_HOURS - 1);
  if (tooEarly === undefined) return spend;
  const pieces = Object.entries(spend).map(([slot, microUsd]): SpendBySlot => {
    const isOld = isHourSlot(slot) && dayOf(slot) <= dayOf(tooEarly);
    return { [isOld ? dayOf(slot) : slot]: microUsd };
  });
  return pieces.reduce(addSpend, {});
}

/**
 * A correction downwards, taken off the slots in which the run's money is, the latest first: no window is relieved of what
 * another was charged with, and nothing of the run goes below 0. `undefined` where it is not known to have so much.
 */
export function takenOff(microUsd: MicroUsd, has: SpendBySlot): SpendBySlot | undefined {
  const taken: Record<string, MicroUsd> = {};
  let left = microUsd;
  for (const [slot, amount] of Object.entries(has).sort(([a], [b]) => (a < b ? 1 : -1))) {
    const part = Math.min(left, Math.max(0, amount));
    if (part > 0) taken[slot] = -part;
    left -= part;
    if (left === 0) return taken;
  }
  return undefined;
}

/** What a run's cells have of it, of an item from before that was kept: by its curve, as it was spread at the time. */
function byCurve({ run, curve, spent }: RunItem): SpendBySlot | undefined {
  let booked: SpendBySlot = {};
  let before = { at: run.startedAt, microUsd: 0 };
  for (const point of curve) {
    const grown = point.microUsd - before.microUsd;
    const from = before.at < point.at ? before.at : point.at;
    const change = grown < 0 ? takenOff(-grown, booked) : spread(grown, from, point.at);
    if (change === undefined) return undefined;
    booked = addSpend(booked, change);
    before = point;
  }
  return totalOf(booked) === spent?.microUsd ? folded(booked) : undefined;
}

/** By slot, what the cells have of a run, as far as that can be told. */
export const bookedOf = (item: RunItem): SpendBySlot => item.booked ?? byCurve(item) ?? {};

const isOf =
  (spender: Spender) =>
  (each: OfSpender): boolean =>
    spenderKey(each.spender) === spenderKey(spender);

/** With more of one spender's, as the latest. */
export function withMore(
  all: readonly OfSpender[] = [],
  spender: Spender,
  more: SpendBySlot = {},
): readonly OfSpender[] {
  const bySlot = addSpend(all.find(isOf(spender))?.bySlot ?? {}, more);
  const others = all.filter((each) => !isOf(spender)(each));
  return Object.keys(bySlot).length > 0 ? [...others, { spender: spenderOf(spender), bySlot }] : others;
}

/** What a run has, and what those have whose it was before, once it has become another Actor's. */
export function handedOver(
  own: SpendBySlot | undefined,
  before: readonly OfSpender[] | undefined,
  from: Spender,
  to: Spender,
): { readonly own: SpendBySlot; readonly before: readonly OfSpender[] } {
  if (spenderKey(from) === spenderKey(to)) return { own: own ?? {}, before: before ?? [] };
  const all = withMore(before, from, own);
  return { own: all.find(isOf(to))?.bySlot ?? {}, before: all.filter((each) => !isOf(to)(each)) };
}

/**
 * A correction downwards that may be of a time when the run was somebody else's: its own slots first, then those of whom it
 * was before, the latest first. `undefined` where all of them are not known to have so much.
 */
export function takenOffAll(
  microUsd: MicroUsd,
  has: SpendBySlot,
  before: readonly OfSpender[],
): { readonly own: SpendBySlot; readonly before: readonly OfSpender[] } | undefined {
  let left = microUsd;
  const take = (bySlot: SpendBySlot): SpendBySlot => {
    const amounts = Object.values(bySlot).map((amount) => Math.max(0, amount));
    const part = Math.min(
      left,
      amounts.reduce((sum, each) => sum + each, 0),
    );
    left -= part;
    return part > 0 ? (takenOff(part, bySlot) ?? {}) : {};
  };
  const own = take(has);
  const taken = before.toReversed().map(({ spender, bySlot }) => ({ spender, bySlot: take(bySlot) }));
  const others = taken.filter(({ bySlot }) => Object.keys(bySlot).length > 0).toReversed();
  return left > 0 ? undefined : { own, before: others };
}

/**
 * Where it was goes what was taken off and is there again, the earliest first. A rise by half of it or more in one look is
 * that; one by less is what the run has spent since.
 */
export function givenBack(taken: LiveRun["taken"], microUsd: MicroUsd): SpendBySlot {
  if (taken === undefined || microUsd * 2 < -totalOf(taken.bySlot)) return {};
  const back: Record<string, MicroUsd> = {};
  let left = microUsd;
  for (const [slot, amount] of Object.entries(taken.bySlot).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const part = Math.min(left, -amount);
    if (part > 0) back[slot] = part;
    left -= part;
  }
  return back;
}
