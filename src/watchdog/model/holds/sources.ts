import type { Control, ControlState } from "../control.ts";
import type { FreedSource, LeftSource, SourceHold } from "./hold.ts";

export const holdsOf = ({ holds = [] }: Pick<ControlState, "holds">): readonly SourceHold[] => holds;
export const leftOf = ({ left = [] }: Pick<ControlState, "left">): readonly LeftSource[] => left;

export const findHold = (control: Pick<ControlState, "holds">, holdId: string): SourceHold | undefined =>
  holdsOf(control).find((each) => each.holdId === holdId);

export const holdOfSchedule = (
  control: Pick<ControlState, "holds">,
  scheduleId: string,
): SourceHold | undefined => holdsOf(control).find((each) => each.scheduleId === scheduleId);

export const isFreed = ({ freed = [] }: Pick<Control, "freed">, scheduleId: string, now: Date): boolean =>
  freed.some((each) => each.scheduleId === scheduleId && each.until > now);

/** The three lists, each absent where it is empty, as it was in every control state of before. */
export function withSources(
  { holds: _holds, freed: _freed, left: _left, ...rest }: ControlState,
  next: {
    readonly holds: readonly SourceHold[];
    readonly freed: readonly FreedSource[];
    readonly left: readonly LeftSource[];
  },
): ControlState {
  return {
    ...rest,
    ...(next.holds.length > 0 && { holds: next.holds }),
    ...(next.freed.length > 0 && { freed: next.freed }),
    ...(next.left.length > 0 && { left: next.left }),
  };
}

export const sourcesIn = ({ holds = [], freed = [], left = [] }: ControlState) => ({ holds, freed, left });

export const withHoldPatch = (
  state: ControlState,
  holdId: string,
  patch: Partial<SourceHold>,
): ControlState => {
  const { holds, ...rest } = sourcesIn(state);
  const patched = holds.map((each) => (each.holdId === holdId ? { ...each, ...patch } : each));
  return withSources(state, { ...rest, holds: patched });
};

/** Frees a schedule in place of what was said of it before; what is over goes. */
export const freedWith = (
  freed: readonly FreedSource[],
  added: readonly FreedSource[],
  now: Date,
): readonly FreedSource[] => [
  ...freed.filter(
    (each) => each.until > now && !added.some(({ scheduleId }) => scheduleId === each.scheduleId),
  ),
  ...added,
];
