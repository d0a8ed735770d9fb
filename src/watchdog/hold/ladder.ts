import type { FreedSource, Leaves, SourceHold } from "../model/holds/hold.ts";
import type { ScheduleReading } from "../model/ports.ts";

/** How a hold ends. `frees`: a person has enabled the schedule, which stays so. `leaves`: it stays disabled, and a person must look. */
export type Closing = {
  readonly kind: "source.released" | "source.left";
  readonly reason: string;
  readonly frees?: FreedSource["why"];
  readonly leaves?: Leaves;
};

export type HoldMove =
  | { readonly kind: "wait" }
  | { readonly kind: "claim" }
  /** Apify does not find it, which may be so for a moment only. */
  | { readonly kind: "note-gone" }
  /** It is there after all. */
  | { readonly kind: "note-found" }
  /** It is as a call of ours leaves it, whose answer is lost. */
  | { readonly kind: "note-made"; readonly madeAt: Date }
  | { readonly kind: "let-go"; readonly reason: string }
  | { readonly kind: "disable" }
  | { readonly kind: "enable" }
  | ({ readonly kind: "close"; readonly closing: Closing["kind"] } & Omit<Closing, "kind">);

export type HoldView = {
  readonly now: Date;
  readonly tickId: string;
  /** No call leaves. */
  readonly isPaused: boolean;
  /** Why it need not be held any longer, if so. */
  readonly over: string | undefined;
};

const close = (closing: Closing["kind"], reason: string, more: Omit<Closing, "kind" | "reason"> = {}) =>
  ({ kind: "close", closing, reason, ...more }) as const;

/** By so much our clock, put right by Apify's, may be off. */
const A_SECOND_MS = 1_000;

const WAIT = { kind: "wait" } as const;

/** Only who holds the claim calls; one that has run out is anybody's. */
function byClaim({ claim }: SourceHold, { now, tickId }: HoldView, call: HoldMove): HoldMove {
  if (claim.tickId === tickId && claim.until > now) return call;
  return claim.until > now ? WAIT : { kind: "claim" };
}

/** A promise of which it is not known that it was kept. */
function ofPromised(
  hold: SourceHold,
  { isEnabled, modifiedAt, state }: { isEnabled: boolean; modifiedAt: Date; state: string },
  view: HoldView,
): HoldMove {
  const isUntouched = modifiedAt.getTime() === hold.modifiedAt.getTime();
  if (isEnabled && isUntouched) {
    if (view.over || hold.letGo)
      return close("source.left", `nothing was disabled: ${hold.letGo?.reason ?? view.over}`);
    return view.isPaused ? WAIT : byClaim(hold, view, { kind: "disable" });
  }
  if (isEnabled)
    return state === hold.state
      ? close("source.left", "it was enabled again", { frees: "enabled" })
      : close("source.left", "it was changed before it was disabled, and is enabled");
  // Ours changes nothing else, and comes while a claim stands: what was made of it before, later, or otherwise, is somebody else's.
  const isInTime = modifiedAt.getTime() >= hold.at.getTime() - A_SECOND_MS && modifiedAt <= hold.claim.until;
  const isOurs = isUntouched || (state === hold.state && isInTime);
  return isOurs
    ? { kind: "note-made", madeAt: modifiedAt }
    : close("source.left", "somebody else disabled it, or changed it", { leaves: "changed" });
}

/** Apify answers reads from replicas, which may lag behind its answer to a change; none does for longer than this. */
const LAG_MS = 5 * 60_000;

/** Does it show the schedule as it was before we disabled it? */
const isFromBefore = (
  { isEnabled, modifiedAt }: { isEnabled: boolean; modifiedAt: Date },
  madeAt: Date,
  now: Date,
): boolean => isEnabled && modifiedAt < madeAt && now.getTime() - madeAt.getTime() < LAG_MS;

/** An answer that it is not there stands once another one, a tick later, says so, too. */
export const GONE_MS = 45_000;

function ofGone({ goneAt, madeAt }: SourceHold, { now }: HoldView): HoldMove {
  if (goneAt === undefined) return { kind: "note-gone" };
  if (now.getTime() - goneAt.getTime() < GONE_MS) return WAIT;
  return close("source.left", "it was deleted", madeAt ? { leaves: "gone" } : {});
}

/**
 * What to do about a hold, by the schedule as it was read. Pure. While a call may be on its way, what is seen meanwhile closes
 * nothing: that call would change what nobody holds any more.
 */
export function nextHoldMove(hold: SourceHold, reading: ScheduleReading, view: HoldView): HoldMove {
  const move = moveBy(hold, reading, view);
  const isOurs = hold.claim.tickId === view.tickId && hold.madeAt !== undefined;
  const mayBeUnderWay = hold.claim.until > view.now && !isOurs;
  return move.kind === "close" && mayBeUnderWay ? WAIT : move;
}

function moveBy(hold: SourceHold, reading: ScheduleReading, view: HoldView): HoldMove {
  if (reading.kind === "gone") return ofGone(hold, view);
  // It may be read again: nothing is known of it meanwhile.
  if (reading.kind === "forbidden") return WAIT;
  if (hold.goneAt) return { kind: "note-found" };
  const { schedule } = reading;
  if (hold.madeAt === undefined) return ofPromised(hold, schedule, view);
  if (isFromBefore(schedule, hold.madeAt, view.now)) return WAIT;
  if (schedule.isEnabled)
    return hold.letGo
      ? close("source.released", hold.letGo.reason)
      : close("source.left", "it was enabled again", { frees: "enabled" });
  if (schedule.modifiedAt.getTime() !== hold.madeAt.getTime())
    return close("source.left", "somebody else changed it while it was held", { leaves: "changed" });
  if (view.isPaused) return WAIT;
  if (hold.letGo) return byClaim(hold, view, { kind: "enable" });
  return view.over === undefined ? WAIT : byClaim(hold, view, { kind: "let-go", reason: view.over });
}
