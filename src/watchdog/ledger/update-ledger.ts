import { ConflictError } from "../model/errors.ts";
import type { LedgerState, LedgerStore } from "../model/ports.ts";

/** More writers than this at one moment are not met. */
const MAX_TRIES = 10;

/** Changes what is known of the ledger, on what stands: asked again when somebody else wrote first. */
export async function updateLedger(
  { state }: { readonly state: LedgerStore },
  change: (now: LedgerState) => LedgerState,
): Promise<LedgerState> {
  for (let tries = 1; ; tries++) {
    const now = await state.readLedger();
    const next = change(now);
    try {
      await state.writeLedgerState(next);
      return { ...next, version: now.version + 1 };
    } catch (error) {
      if (!(error instanceof ConflictError) || tries >= MAX_TRIES) throw error;
    }
  }
}
