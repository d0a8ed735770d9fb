import { addSpend, type SpendBySlot, type Spender } from "../../policy/index.ts";
import type { LiveRun, RecordedMark } from "../model/live.ts";
import { folded, withMore } from "../observe/booked.ts";

/** So many slots of one run go into one transaction; what a run spent over more of them goes in step by step. */
const MAX_SLOTS = 60;

/** The oldest slots, as many as one transaction takes, and those that are left. */
function oldest(spend: SpendBySlot): { readonly now: SpendBySlot; readonly later: SpendBySlot } {
  const slots = Object.entries(spend).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    now: Object.fromEntries(slots.slice(0, MAX_SLOTS)),
    later: Object.fromEntries(slots.slice(MAX_SLOTS)),
  };
}

const isAny = (spend: SpendBySlot): boolean => Object.keys(spend).length > 0;

/** What goes into the cells next: of those whose the run was before, and then its own. */
export function nextStep({ unrecorded = {}, unrecordedBefore: [first, ...others] = [] }: LiveRun): {
  readonly now: SpendBySlot;
  readonly spender?: Spender;
  readonly left: Pick<LiveRun, "unrecorded" | "unrecordedBefore">;
} {
  const { now, later } = oldest(first?.bySlot ?? unrecorded);
  const own = first ? unrecorded : later;
  const before = first && isAny(later) ? [{ ...first, bySlot: later }, ...others] : others;
  return {
    now,
    ...(first && { spender: first.spender }),
    left: {
      ...(isAny(own) && { unrecorded: own }),
      ...(before.length > 0 && { unrecordedBefore: before }),
    },
  };
}

/** What is booked of a run once that is in the cells. */
export function bookedWith(
  { booked = {}, bookedBefore }: Pick<RecordedMark, "booked" | "bookedBefore"> = {},
  now: SpendBySlot,
  spender: Spender | undefined,
): Pick<RecordedMark, "booked" | "bookedBefore"> {
  const before = spender ? withMore(bookedBefore, spender, now) : bookedBefore;
  return {
    booked: folded(spender ? booked : addSpend(booked, now)),
    ...(before && { bookedBefore: before.map((each) => ({ ...each, bySlot: folded(each.bySlot) })) }),
  };
}
