import type { LedgerView, Policy, Recorded } from "../../policy/index.ts";
import { type Context, errorText, skip } from "../model/context.ts";
import type { BudgetMemory, Live } from "../model/live.ts";
import type { LedgerState } from "../model/ports.ts";
import { resolveNames } from "../observe/names.ts";
import { budgetsOf, readSnapshot, viewLedger, windowsOf } from "./ledger.ts";

/** What a tick knows of the ledger; moved on as the tick goes. */
export type TickLedger = {
  /** Up to which recording the marks of the live index go. */
  recordings: number;
  /** When the last complete tick before this one began. */
  readonly completeAt?: Date;
  /** Why the ledger does not hold all that is known, if so. */
  gap?: string;
  /** Read once a tick. */
  state?: LedgerState;
  budgets: BudgetMemory;
  reading?: { readonly recorded: Recorded; readonly readAt: Date; readonly policy: Policy };
};

export const NO_BUDGET_MEMORY: BudgetMemory = { looks: {}, said: [] };

export const tickLedger = ({ recordings = 0, completeAt, budgets = NO_BUDGET_MEMORY }: Live): TickLedger => ({
  recordings,
  ...(completeAt && { completeAt }),
  budgets,
});

/** A sum that is older is taken anew before anything is done on it. */
const FRESH_MS = 5_000;

async function read(
  context: Context,
  policy: Policy,
  state: LedgerState,
  now: Date,
): Promise<NonNullable<TickLedger["reading"]>> {
  const { ledger, live, ports, signal } = context;
  const snapshot = await readSnapshot(ports.state, live, {
    recordings: ledger.recordings,
    windows: windowsOf(policy, state, now),
    now,
    asleepUntil: ledger.completeAt,
  });
  for (const [id, each] of snapshot.live) live.set(id, each);
  ledger.recordings = snapshot.recordings;
  const runs = [...live.values()].map(({ run }) => run);
  const nameOf = await resolveNames(context, policy, [...snapshot.cells, ...runs], signal);
  return { recorded: { cells: snapshot.cells, nameOf }, readAt: now, policy };
}

/**
 * What the policy's budgets are judged by: cells at most five seconds old, and the live runs as they are known now.
 * `undefined` when it has no budgets, and when the ledger can't be read: then no budget says anything.
 */
export async function ledgerFor(context: Context, policy: Policy): Promise<LedgerView | undefined> {
  if (budgetsOf(policy).length === 0) return undefined;
  const { ledger, ports } = context;
  const now = ports.clock.now();
  const { reading } = ledger;
  const isFresh =
    reading && reading.policy === policy && now.getTime() - reading.readAt.getTime() <= FRESH_MS;
  try {
    const state = ledger.state ?? (await ports.state.readLedger());
    ledger.state = state;
    const latest = isFresh ? reading : await read(context, policy, state, now);
    ledger.reading = latest;
    const { budgets, completeAt, gap } = ledger;
    return viewLedger(context.live.values(), { ...latest, state, budgets, completeAt, gap });
  } catch (error) {
    ports.log.warn("reading the ledger failed", { error: errorText(error) });
    skip(context, "reading the ledger failed");
    return undefined;
  }
}
