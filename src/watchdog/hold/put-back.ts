import { figureOf, type HoldCause } from "../../policy/index.ts";
import { changeControl, readChain } from "../audit/append.ts";
import { type HoldChange, isHoldClosing } from "../audit/holds/hold-entries.ts";
import { stateOf } from "../model/control.ts";
import { CONTROL_CHAIN, type Entry } from "../model/entry.ts";
import type { SourceHold } from "../model/holds/hold.ts";
import { findHold, holdOfSchedule, sourcesIn, withSources } from "../model/holds/sources.ts";
import { CLAIM_MS } from "../model/intents.ts";
import { alert } from "../model/pass.ts";
import type { Holding } from "./holding.ts";

type ToldCause =
  | HoldCause
  | { readonly kind: "budget"; readonly ruleId: string; readonly group: string; readonly from: string };

const causeOf = (cause: ToldCause): HoldCause =>
  cause.kind === "budget" ? { ...cause, from: new Date(cause.from) } : cause;

/** The hold that its entry tells of. Who disabled it did so within the first claim: whatever moved later is somebody else's. */
function holdOf({
  entryId,
  at,
  change = {},
  policyVersion,
  policyHash,
  evidence,
}: Entry): SourceHold | undefined {
  const { scheduleId, name, until, modifiedAt, state, cause } = change as HoldChange & {
    readonly state?: string;
    readonly cause?: ToldCause;
  };
  if (!scheduleId || !until || !modifiedAt || state === undefined || cause === undefined) return undefined;
  return {
    holdId: entryId,
    scheduleId,
    ...(name !== undefined && { name }),
    cause: causeOf(cause),
    ...(policyVersion !== undefined && { policyVersion }),
    ...(policyHash !== undefined && { policyHash }),
    at: new Date(at),
    until: new Date(until),
    modifiedAt: new Date(modifiedAt),
    state,
    claim: { tickId: "", until: new Date(new Date(at).getTime() + CLAIM_MS) },
    ...(evidence && { measured: figureOf(evidence.unit, evidence.measured) }),
  };
}

/** Puts back what the audit has open and the control state does not know, as after a restore: else it would stay disabled. */
export async function putHoldsBack(holding: Holding, told: readonly Entry[]): Promise<void> {
  for (const entry of told) {
    const hold = holdOf(entry);
    if (hold === undefined) continue;
    const changed = await changeControl(holding.ports, async (control) => {
      if (findHold(control, hold.holdId) || holdOfSchedule(control, hold.scheduleId)) return undefined;
      // Read after the control state: one that was closed before that has its closing entry here.
      const { entries } = await readChain(holding.ports, CONTROL_CHAIN);
      const own = entries.filter(({ intentId }) => intentId === hold.holdId);
      if (own.some(({ kind }) => isHoldClosing(kind))) return undefined;
      const state = stateOf(control);
      const { holds, ...rest } = sourcesIn(state);
      return { next: withSources(state, { ...rest, holds: [...holds, hold] }) };
    });
    if (changed)
      alert(
        holding,
        `restored:${hold.scheduleId}`,
        "its hold is in the audit and was not in the state table, as after a restore; it is taken up again",
      );
  }
}
