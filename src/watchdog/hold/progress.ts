import { changeControl } from "../audit/append.ts";
import { WATCHDOG } from "../audit/drafts.ts";
import { type HoldBasis, heldDraft, holdClosedDraft } from "../audit/holds/hold-drafts.ts";
import { type Control, stateOf } from "../model/control.ts";
import { CONTROL_CHAIN, type EntryKind } from "../model/entry.ts";
import { leftAs, type SourceHold } from "../model/holds/hold.ts";
import {
  findHold,
  freedWith,
  holdOfSchedule,
  sourcesIn,
  withHoldPatch,
  withSources,
} from "../model/holds/sources.ts";
import { CLAIM_MS } from "../model/intents.ts";
import type { Holding } from "./holding.ts";
import type { Closing } from "./ladder.ts";

function note({ outcomes }: Holding, kind: EntryKind, scheduleId: string): void {
  outcomes.push({ kind, chain: CONTROL_CHAIN, scheduleId });
}

export const claimOf = ({ ports, tick }: Holding): SourceHold["claim"] => ({
  tickId: tick.id,
  until: new Date(ports.apify.now().getTime() + CLAIM_MS),
});

/** Promises to disable a schedule, unless it is held already or `may` says no of the very state that this is written on. */
export async function promiseHold(
  holding: Holding,
  hold: SourceHold,
  basis: HoldBasis,
  may: (control: Control) => Promise<boolean>,
): Promise<boolean> {
  const changed = await changeControl(holding.ports, async (control) => {
    if (holdOfSchedule(control, hold.scheduleId) || !(await may(control))) return undefined;
    const state = stateOf(control);
    const { holds, freed, left } = sourcesIn(state);
    return {
      // What is enabled and read so is left to nobody any more.
      next: withSources(state, {
        holds: [...holds, hold],
        freed,
        left: left.filter(({ scheduleId }) => scheduleId !== hold.scheduleId),
      }),
      draft: heldDraft(hold, basis, holding.tick.id),
      chain: CONTROL_CHAIN,
    };
  });
  if (changed) note(holding, "source.held", hold.scheduleId);
  return changed !== undefined;
}

/** Changes what is kept of a hold, if it is still open and `when` agrees. */
export const patchHold = (
  { ports }: Holding,
  holdId: string,
  patch: Partial<SourceHold>,
  when: (hold: SourceHold) => boolean = () => true,
) =>
  changeControl(ports, (control) => {
    const hold = findHold(control, holdId);
    return hold && when(hold) ? { next: withHoldPatch(stateOf(control), holdId, patch) } : undefined;
  });

/** Notes since when Apify does not find the schedule, or that it does. */
export const noteGone = ({ ports }: Holding, holdId: string, goneAt: Date | undefined) =>
  changeControl(ports, (control) => {
    const hold = findHold(control, holdId);
    if (hold === undefined || (hold.goneAt === undefined) === (goneAt === undefined)) return undefined;
    const { goneAt: _was, ...found } = hold;
    const { holds, ...rest } = sourcesIn(stateOf(control));
    const noted = goneAt ? { ...found, goneAt } : found;
    const next = holds.map((each) => (each.holdId === holdId ? noted : each));
    return { next: withSources(stateOf(control), { ...rest, holds: next }) };
  });

/** Takes the right to change the schedule, where no other has it. */
export async function claimHold(holding: Holding, holdId: string): Promise<boolean> {
  const now = holding.ports.apify.now();
  const taken = await patchHold(
    holding,
    holdId,
    { claim: claimOf(holding) },
    ({ claim }) => claim.until <= now || claim.tickId === holding.tick.id,
  );
  return taken !== undefined;
}

/** When it was refused, it is asked for again after so long. */
const REFUSED_MS = 3_600_000;

/** Closes a hold, once, with what is to be remembered of its schedule. */
export async function closeHold(holding: Holding, holdId: string, closing: Closing): Promise<void> {
  const { kind, reason, frees, leaves } = closing;
  let closed: SourceHold | undefined;
  const changed = await changeControl(holding.ports, (control) => {
    closed = findHold(control, holdId);
    if (closed === undefined) return undefined;
    const hold = closed;
    const now = holding.ports.apify.now();
    const state = stateOf(control);
    const { holds, freed, left } = sourcesIn(state);
    const { scheduleId, name, until } = hold;
    const isByHand = hold.letGo !== undefined && hold.letGo.by !== WATCHDOG;
    const soon = new Date(Math.min(until.getTime(), now.getTime() + REFUSED_MS));
    const why = frees ?? (isByHand && until > now ? "released" : undefined);
    const free = why && { scheduleId, why, until: why === "refused" ? soon : until };
    const leaving = leaves && {
      scheduleId,
      ...(name !== undefined && { name }),
      holdId,
      ...leftAs(leaves, now),
    };
    return {
      next: withSources(state, {
        holds: holds.filter((each) => each.holdId !== holdId),
        freed: freedWith(freed, free ? [free] : [], now),
        left: leaving ? [...left.filter((each) => each.scheduleId !== scheduleId), leaving] : left,
      }),
      draft: holdClosedDraft(
        hold,
        { kind, reason, leaves, frees: free },
        { at: now, tickId: holding.tick.id },
      ),
      chain: CONTROL_CHAIN,
    };
  });
  if (changed?.appended && closed) note(holding, kind, closed.scheduleId);
}
