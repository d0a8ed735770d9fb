import { HOUR_MS } from "../../policy/index.ts";
import { type Control, type ControlState, type OpenIntent, stateOf } from "./control.ts";

/**
 * For how long a claim on an intent is held. A call starts while at least `CALL_MS` of it is left and is given up
 * when they are over, so that when another tick may claim the intent no call of ours is on its way.
 */
export const CLAIM_MS = 20_000;
export const CALL_MS = 10_000;

export const findIntent = (control: Control, intentId: string): OpenIntent | undefined =>
  control.openIntents.find((intent) => intent.intentId === intentId);

const recentAt = (control: Control, now: Date) =>
  control.recentIntents.filter(({ at }) => now.getTime() - at.getTime() < HOUR_MS);

/** Opens an intent, and counts it in the blast radius. */
export function withIntent(
  control: Control,
  intent: OpenIntent,
  tick: { readonly id: string; readonly endsBy: Date },
): ControlState {
  const { runId, life, at } = intent;
  const recent = { runId, life, at, tickId: tick.id, tickEndsBy: tick.endsBy };
  return {
    ...stateOf(control),
    recentIntents: [...recentAt(control, at), recent],
    openIntents: [...control.openIntents, intent],
  };
}

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
  recentIntents: recentAt(control, now).map((each) =>
    each.tickId === tickId ? { ...each, tickEndsBy: now } : each,
  ),
});
