import { isPaused } from "../../policy/index.ts";
import { changeControl } from "../audit/append.ts";
import { heldDraft, holdIdOf } from "../audit/holds/hold-drafts.ts";
import { type PolicyInForce, stateOf, viewOf } from "../model/control.ts";
import { CONTROL_CHAIN } from "../model/entry.ts";
import { checkGiven } from "../model/given.ts";
import type { SourceHold } from "../model/holds/hold.ts";
import {
  findHold,
  freedWith,
  holdOfSchedule,
  leftOf,
  sourcesIn,
  withHoldPatch,
  withSources,
} from "../model/holds/sources.ts";
import type { Outcome } from "../model/pass.ts";
import { beginHold } from "./begin-hold.ts";
import type { Holding } from "./holding.ts";
import { claimOf } from "./progress.ts";
import { type Outlook, pursueHold } from "./pursue-hold.ts";

/** Who orders it, and why. */
export type HoldOrder = { readonly scheduleId: string; readonly by: string; readonly reason: string };

/**
 * What came of an order. `done`: the schedule is as it was ordered. `open`: it is promised, and ticks go on with it.
 * `refused`: nothing was changed, or not by us.
 */
export type HoldResult = {
  readonly kind: "done" | "open" | "refused";
  readonly why?: string;
  readonly outcomes: readonly Outcome[];
};

const PAUSED = 'the watchdog is paused, so no call leaves; first: watchdog resume --reason "…"';

/** A person's order stands whatever rules say; only a pause holds it back. */
const STANDS: Outlook = async () => undefined;

/** Disables a schedule until then because a person says so: the way of every hold. */
export async function holdByHand(
  holding: Holding,
  { scheduleId, by, reason }: HoldOrder,
  until: Date,
  inForce: PolicyInForce | undefined,
): Promise<HoldResult> {
  checkGiven({ by, reason, id: scheduleId });
  const { ports, outcomes } = holding;
  const control = await ports.state.readControl();
  if (isPaused(viewOf(control), ports.apify.now())) return { kind: "refused", why: PAUSED, outcomes };
  const wanted = { scheduleId, cause: { kind: "hand", by, reason }, until, mode: "enforce" } as const;
  const why = await beginHold(holding, wanted, inForce, STANDS);
  if (why !== undefined) return { kind: "refused", why, outcomes };
  const hold = holdOfSchedule(await ports.state.readControl(), scheduleId);
  if (hold === undefined)
    return { kind: "refused", why: "Apify refused it, or somebody else changed the schedule", outcomes };
  return { kind: hold.madeAt ? "done" : "open", outcomes };
}

/** The hold that an order lets go of: one that stands, or what was left disabled, taken up as it is now. */
async function takeUp(
  holding: Holding,
  { scheduleId, by, reason }: HoldOrder,
): Promise<{ readonly kind: "taken"; readonly holdId: string } | { readonly kind: "paused" | "unheld" }> {
  const { ports, tick } = holding;
  const now = ports.apify.now();
  const letGo = { at: now, by, reason };
  const reading = await ports.apify.readSchedule(scheduleId, holding.signal);
  let holdId: string | undefined;
  let paused = false as boolean;
  await changeControl(ports, (control) => {
    holdId = undefined;
    paused = isPaused(viewOf(control), ports.apify.now());
    if (paused) return undefined;
    const state = stateOf(control);
    const stands = holdOfSchedule(control, scheduleId);
    if (stands) {
      holdId = stands.holdId;
      const { holds, freed, left } = sourcesIn(withHoldPatch(state, holdId, { letGo }));
      const free = { scheduleId, until: stands.until, why: "released" } as const;
      return { next: withSources(state, { holds, left, freed: freedWith(freed, [free], now) }) };
    }
    const isLeft = leftOf(control).some((each) => each.scheduleId === scheduleId);
    if (!isLeft || reading.kind !== "found" || reading.schedule.isEnabled) return undefined;
    const { name, modifiedAt, state: made } = reading.schedule;
    const hold: SourceHold = {
      holdId: holdIdOf(scheduleId, `${tick.id}/${now.toISOString()}`),
      scheduleId,
      ...(name !== undefined && { name }),
      cause: { kind: "hand", by, reason },
      at: now,
      until: now,
      modifiedAt,
      state: made,
      claim: claimOf(holding),
      madeAt: modifiedAt,
      letGo,
    };
    holdId = hold.holdId;
    const { holds, freed, left } = sourcesIn(state);
    return {
      next: withSources(state, {
        holds: [...holds, hold],
        freed,
        left: left.filter((each) => each.scheduleId !== scheduleId),
      }),
      draft: heldDraft(hold, {}, tick.id),
      chain: CONTROL_CHAIN,
    };
  });
  if (holdId !== undefined) return { kind: "taken", holdId };
  return { kind: paused ? "paused" : "unheld" };
}

/**
 * Lets a schedule go because a person says so, and keeps it free until the hold's time would have been up; or enables what
 * was left disabled. Only as it was left: what somebody else changed since stays as it is.
 */
export async function releaseByHand(holding: Holding, order: HoldOrder): Promise<HoldResult> {
  checkGiven({ by: order.by, reason: order.reason, id: order.scheduleId });
  const { ports, outcomes } = holding;
  const taken = await takeUp(holding, order);
  if (taken.kind !== "taken")
    return {
      kind: "refused",
      why: taken.kind === "paused" ? PAUSED : "it is not held by the watchdog",
      outcomes,
    };
  const { holdId } = taken;
  await pursueHold(holding, { holdId, scheduleId: order.scheduleId }, STANDS);
  if (findHold(await ports.state.readControl(), holdId)) return { kind: "open", outcomes };
  const isReleased = outcomes.some(({ kind }) => kind === "source.released");
  return isReleased
    ? { kind: "done", outcomes }
    : {
        kind: "refused",
        why: "somebody else changed or deleted it, and what they made of it stays",
        outcomes,
      };
}
