import type { LedgerView, Named, Policy, Recorded } from "../../policy/index.ts";
import { isOfProcess } from "../model/errors.ts";
import { type BudgetNotes, type Noting, type Observed, skipFailed, type Timed } from "../model/pass.ts";
import type { LedgerState, LedgerStore } from "../model/ports.ts";
import type { Learning } from "../observe/looking.ts";
import { earlierNamesOf, type OfActor, resolveNames } from "../observe/names.ts";
import { budgetsOf, readSnapshot, viewLedger, windowsOf } from "./ledger.ts";

/** What a tick knows of the ledger; moved on as the tick goes. */
export type TickLedger = {
  /** Up to which recording the marks of the live index go. */
  recordings: number;
  /** Why the ledger does not hold all that is known, if so. */
  gap?: string;
  /** Read once a tick. */
  state?: LedgerState;
  reading?: {
    readonly recorded: Recorded;
    readonly readAt: Date;
    readonly readMs: number;
    readonly policy: Policy;
  };
};

/** What recording takes: the ledger's cells, and what the pass has seen of runs. */
export type Recording = Timed &
  Noting &
  Observed & { readonly ports: { readonly state: LedgerStore }; readonly ledger: TickLedger };

/** What judging budgets takes besides: the names that they select by, and what is kept of them. */
export type Counting = Recording & Learning & { readonly budgets: BudgetNotes };

/** A sum that is older is taken anew before anything is done on it. */
const FRESH_MS = 5_000;

async function read(
  counting: Counting,
  policy: Policy,
  state: LedgerState,
  now: Date,
): Promise<NonNullable<TickLedger["reading"]>> {
  const { completeAt, ledger, live, ports, signal } = counting;
  const readMs = ports.clock.monotonicMs();
  const snapshot = await readSnapshot(ports.state, live, {
    recordings: ledger.recordings,
    windows: windowsOf(policy, state, now),
    now,
    asleepUntil: completeAt,
  });
  for (const [id, each] of snapshot.live) live.set(id, each);
  ledger.recordings = snapshot.recordings;
  const runs = [...live.values()].map(({ run }) => run);
  const nowOf = await resolveNames(counting, policy, [...snapshot.cells, ...runs], signal);
  const { names } = ports.memory;
  const nameOf = (spender: OfActor): Named => ({
    ...nowOf(spender),
    ...earlierNamesOf({
      actor: names.get(`actor#${spender.actorId}`),
      task: names.get(`task#${spender.actorTaskId ?? ""}`),
      schedule: names.get(`schedule#${spender.scheduleId ?? ""}`),
    }),
  });
  return { recorded: { cells: snapshot.cells, nameOf }, readAt: now, readMs, policy };
}

/**
 * What the policy's budgets are judged by: cells at most five seconds old, and the live runs as they are known now.
 * `undefined` when it has no budgets, and when the ledger can't be read: then no budget says anything.
 */
export async function ledgerFor(counting: Counting, policy: Policy): Promise<LedgerView | undefined> {
  if (budgetsOf(policy).length === 0) return undefined;
  const { budgets, completeAt, ledger, live, ports } = counting;
  const now = ports.clock.now();
  const { reading } = ledger;
  const isFresh =
    reading?.policy === policy &&
    now >= reading.readAt &&
    now.getTime() - reading.readAt.getTime() <= FRESH_MS &&
    ports.clock.monotonicMs() - reading.readMs <= FRESH_MS;
  try {
    const state = ledger.state ?? (await ports.state.readLedger());
    ledger.state = state;
    const latest = isFresh ? reading : await read(counting, policy, state, now);
    ledger.reading = latest;
    const { gap } = ledger;
    return viewLedger(live.values(), { ...latest, state, budgets: budgets.kept, completeAt, gap });
  } catch (error) {
    if (isOfProcess(error)) throw error;
    skipFailed(counting, "reading the ledger", error);
    return undefined;
  }
}
