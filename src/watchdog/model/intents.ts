import { HOUR_MS, type Stopped } from "../../policy/index.ts";
import { isAhead } from "./ahead.ts";
import { type Control, type ControlState, type OpenIntent, stateOf } from "./control.ts";

/**
 * For how long a claim on an intent is held. A call starts while at least `CALL_MS` of it is left and is given up
 * when they are over, so that when another tick may claim the intent no call of ours is on its way.
 */
export const CLAIM_MS = 20_000;
export const CALL_MS = 10_000;

export const findIntent = (control: Control, intentId: string): OpenIntent | undefined =>
  control.openIntents.find((intent) => intent.intentId === intentId);

/** A minute more than they count: clocks that agree do so to seconds. */
const KEPT_MS = HOUR_MS + 60_000;

const recentAt = (control: Control, now: Date) =>
  control.recentIntents.filter(({ at }) => now.getTime() - at.getTime() < KEPT_MS);

/** Opens an intent, and counts it in the blast radius by what the run was then. */
export function withIntent(
  control: Control,
  intent: OpenIntent,
  tick: { readonly id: string; readonly endsBy: Date },
  stopped: Stopped,
): ControlState {
  const { at } = intent;
  const recent = { ...stopped, at, tickId: tick.id, tickEndsBy: tick.endsBy };
  return {
    ...stateOf(control),
    recentIntents: [...recentAt(control, at), recent],
    openIntents: [...control.openIntents, intent],
  };
}

/**
 * The control state with nothing in it that is dated ahead of now by a clock that was wrong: it counts as of now, so that
 * an intent takes its place in the blast radius for an hour, and what follows from it comes in its time. `undefined`: there
 * is nothing such.
 */
export function withoutAhead(control: Control, now: Date): ControlState | undefined {
  const { recentIntents, openIntents } = control;
  const right = (at: Date): Date => (isAhead(at, now) ? now : at);
  const recent = recentIntents.map((each) =>
    isAhead(each.at, now) ? { ...each, at: now, tickEndsBy: now } : each,
  );
  const open = openIntents.map((intent) => {
    const longest = new Date(now.getTime() + CLAIM_MS);
    const until = isAhead(intent.claim.until, longest) ? longest : intent.claim.until;
    const dates = DATES.flatMap((key) => (intent[key] ? [[key, right(intent[key])] as const] : []));
    const isRight = until === intent.claim.until && dates.every(([key, at]) => at === intent[key]);
    return isRight ? intent : { ...intent, ...Object.fromEntries(dates), claim: { ...intent.claim, until } };
  });
  const isRight =
    recent.every((each, i) => each === recentIntents[i]) && open.every((each, i) => each === openIntents[i]);
  return isRight ? undefined : { ...stateOf(control), recentIntents: recent, openIntents: open };
}

/** From these it is measured what an intent has waited for. */
const DATES = ["at", "requestedAt", "forcedAt", "unconfirmedAt", "missingSince"] as const;

export const withPatch = (control: Control, intentId: string, patch: Partial<OpenIntent>): ControlState => ({
  ...stateOf(control),
  openIntents: control.openIntents.map((each) => (each.intentId === intentId ? { ...each, ...patch } : each)),
});

export const withoutIntent = (control: Control, intentId: string): ControlState => ({
  ...stateOf(control),
  openIntents: control.openIntents.filter((each) => each.intentId !== intentId),
});

/** The run turned up again: forget since when it was missing. */
export const withoutMissing = (control: Control, intentId: string): ControlState => ({
  ...stateOf(control),
  openIntents: control.openIntents.map((each) => {
    if (each.intentId !== intentId) return each;
    const { missingSince: _missingSince, ...rest } = each;
    return rest;
  }),
});

/** The tick makes no more intents: what it made no longer counts in the allowance of ticks that start now. */
export const withTickEnded = (control: Control, tickId: string, now: Date): ControlState => ({
  ...stateOf(control),
  recentIntents: control.recentIntents.map((each) =>
    each.tickId === tickId ? { ...each, tickEndsBy: now } : each,
  ),
});
