import type { LedgerView, Policy } from "../../policy/index.ts";
import { type Live, NO_BUDGET_MEMORY } from "../model/live.ts";
import type { KnownReads, LedgerReads } from "../model/ports.ts";
import { storedNames } from "../observe/known.ts";
import { budgetsOf, readSnapshot, viewLedger, windowsOf } from "./ledger.ts";

/** What is known of live runs, with how far their marks go. */
type LiveIndex = Pick<Live, "runs" | "recordings" | "completeAt" | "budgets">;

/**
 * What a tick that began at this instant would judge the policy's budgets by, from the tables alone. `undefined` when it has
 * no budgets, and when the ledger can't be read, as in a tick: then no budget says anything.
 */
export async function storedLedger(
  state: LedgerReads & KnownReads,
  policy: Policy | undefined,
  { runs, recordings = 0, completeAt, budgets = NO_BUDGET_MEMORY }: LiveIndex,
  now: Date,
): Promise<LedgerView | undefined> {
  if (policy === undefined || budgetsOf(policy).length === 0) return undefined;
  try {
    const ledger = await state.readLedger();
    const snapshot = await readSnapshot(state, runs, {
      recordings,
      windows: windowsOf(policy, ledger, now),
      now,
      asleepUntil: completeAt,
    });
    const live = [...snapshot.live.values()];
    const spenders = [...snapshot.cells, ...live.map(({ run }) => run)];
    const nameOf = await storedNames(state, spenders);
    const recorded = { cells: snapshot.cells, nameOf };
    return viewLedger(live, { recorded, readAt: now, state: ledger, budgets, completeAt });
  } catch {
    return undefined;
  }
}
