import type { Acknowledged, Control, ControlState } from "../model/control.ts";

/** What an attention is called by: the word that it begins with. */
export const attentionId = (attention: string): string =>
  (attention.split(" ", 1)[0] ?? "").replace(/:$/, "");

/** Attention to a pause that has no end. */
export const ENDLESS_PAUSE = "weaker:pause";
/** Attention to a deployed policy that guards less, and was not adopted. */
export const WEAKER_DEPLOYMENT = "weaker:deployment";
/** Attention to a rule that is exempt as a whole. */
export const exemptRule = (ruleId: string): string => `weaker:exempt:${ruleId}`;

const stands = ({ until }: Acknowledged, now: Date): boolean => until > now;

export const isAcknowledged = (
  { acknowledged = [] }: Pick<Control, "acknowledged">,
  id: string,
  now: Date,
): boolean => acknowledged.some((each) => each.id === id && stands(each, now));

/** The attentions that a person has not acknowledged. */
export const unacknowledged = (
  attention: readonly string[],
  control: Pick<Control, "acknowledged">,
  now: Date,
): readonly string[] => attention.filter((each) => !isAcknowledged(control, attentionId(each), now));

/** One more, in place of an earlier one of that id; those whose time is up are dropped. */
export const withAcknowledged = (state: ControlState, one: Acknowledged, now: Date): ControlState => ({
  ...state,
  acknowledged: [
    ...(state.acknowledged ?? []).filter((each) => each.id !== one.id && stands(each, now)),
    one,
  ],
});

/** As after what calls for a person has changed: what was said of it before is no answer to that. */
export function withoutAcknowledged(state: ControlState, id: string): ControlState {
  const { acknowledged, ...rest } = state;
  const kept = acknowledged?.filter((each) => each.id !== id) ?? [];
  return kept.length > 0 ? { ...rest, acknowledged: kept } : rest;
}
