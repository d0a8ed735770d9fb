import {
  type BudgetRule,
  isBudgetRule,
  isEnded,
  type LedgerView,
  type LiveSpend,
  type MicroUsd,
  type Named,
  type Policy,
  type Recorded,
  type Spender,
  spansOf,
  spentWithin,
  sumCells,
  type Window,
  windowAt,
} from "../../policy/index.ts";
import type { BudgetMemory, LiveRun } from "../model/live.ts";
import type { LedgerReads, LedgerState } from "../model/ports.ts";
import { observationOf } from "../observe/remember.ts";
import { rebase } from "../observe/spending.ts";
import { countsOf, hasUncounted } from "./counting.ts";
import { unpricedRun } from "./untold-runs.ts";

export const budgetsOf = (policy: Policy): readonly BudgetRule[] => policy.rules.filter(isBudgetRule);

/** The windows in which the budgets of a policy are now. */
export const windowsOf = (
  policy: Policy,
  { cycle }: Pick<LedgerState, "cycle">,
  now: Date,
): readonly Window[] => budgetsOf(policy).flatMap(({ budget }) => windowAt(budget, now, cycle) ?? []);

/** Somebody who records all the while, such as a backfill, is waited for so often. */
const MAX_TRIES = 5;

/** Cells, and a live index whose marks go as far as they do. */
export type Snapshot = {
  readonly cells: Recorded["cells"];
  readonly recordings: number;
  readonly live: ReadonlyMap<string, LiveRun>;
};

/**
 * Reads the cells of the windows. What a run spent must be either in them or unrecorded in the live index, never in
 * both: where the ledger has moved on from what the live index knows, the runs' items are read and counted anew.
 */
export async function readSnapshot(
  state: LedgerReads,
  live: ReadonlyMap<string, LiveRun>,
  {
    recordings,
    windows,
    now,
    asleepUntil,
  }: {
    readonly recordings: number;
    readonly windows: readonly Window[];
    readonly now: Date;
    readonly asleepUntil?: Date | undefined;
  },
): Promise<Snapshot> {
  const spans = spansOf(windows, now);
  const runs = new Map(live);
  const countAnew = async (ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return;
    for (const [id, item] of await state.readRuns(ids)) {
      const ours = runs.get(id);
      if (ours && item.version !== ours.recorded?.version) runs.set(id, rebase(ours, item, asleepUntil, now));
    }
  };
  // A run that was forgotten, lives again and could not be recorded has no mark, and is in the cells all the same.
  await countAnew([...runs.values()].flatMap(({ run, recorded }) => (recorded ? [] : [run.id])));
  let known = recordings;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const reading = await state.readSpend(spans);
    if (reading.recordings === known) return { cells: reading.cells, recordings: known, live: runs };
    await countAnew([...runs.keys()]);
    // The items were read after the counter: they may be ahead of it, and then it has moved on at the next look.
    known = reading.recordings;
    const again = await state.readSpend([]);
    if (again.recordings === known) return { cells: reading.cells, recordings: known, live: runs };
  }
  throw new Error("the ledger kept being written while it was read");
}

/** What each spent in a window: by the cells, and what of live runs is in no cell yet. */
export function sumsOf(
  { cells, live }: Pick<Snapshot, "cells" | "live">,
  window: Window,
  keyOf: (spender: Spender) => string,
): Map<string, MicroUsd> {
  const all = sumCells(cells, window, keyOf);
  for (const { run, unrecorded = {}, unrecordedBefore = [] } of live.values()) {
    for (const { spender, bySlot } of [{ spender: run, bySlot: unrecorded }, ...unrecordedBefore]) {
      const microUsd = spentWithin(bySlot, window);
      if (microUsd !== 0) all.set(keyOf(spender), (all.get(keyOf(spender)) ?? 0) + microUsd);
    }
  }
  return all;
}

/** What all of them spent. */
export const sumOf = (snapshot: Snapshot, window: Window): MicroUsd =>
  sumsOf(snapshot, window, () => "all").get("all") ?? 0;

/** Of what nobody has seen for so long, or what is not there any more, nobody knows that it still spends. */
const UNSEEN_MS = 5 * 60_000;

const isBurning = ({ run, missingSince, observedAt }: LiveRun, now: Date): boolean =>
  !isEnded(run.status) && missingSince === undefined && now.getTime() - observedAt.getTime() <= UNSEEN_MS;

const spendOf = (live: LiveRun, named: Named, now: Date): LiveSpend => {
  const { run, unrecorded = {} } = live;
  const { counts } = countsOf(live);
  const { measuredBurnMicroUsdPerHour: burn } = observationOf(live);
  return {
    actorId: run.actorId,
    ...(run.actorTaskId !== undefined && { actorTaskId: run.actorTaskId }),
    ...(run.origin !== undefined && { origin: run.origin }),
    ...(run.scheduleId !== undefined && { scheduleId: run.scheduleId }),
    ...named,
    startedAt: run.startedAt,
    ...(run.usageTotalMicroUsd !== undefined && { usageTotalMicroUsd: run.usageTotalMicroUsd }),
    unrecorded,
    ...(burn !== undefined && isBurning(live, now) && { measuredBurnMicroUsdPerHour: burn }),
    ...(Object.keys(counts).length > 0 && { uncounted: counts }),
  };
};

/** What is in no cell yet of those whose a run was before. */
const spentBefore = ({ run, unrecordedBefore = [] }: LiveRun, { nameOf }: Recorded): readonly LiveSpend[] =>
  unrecordedBefore.map(({ spender, bySlot }) => ({
    ...spender,
    ...nameOf(spender),
    startedAt: run.startedAt,
    unrecorded: bySlot,
  }));

/** What budgets are judged by, put together. */
export function viewLedger(
  live: Iterable<LiveRun>,
  {
    recorded,
    readAt,
    state,
    budgets,
    completeAt,
    gap,
  }: {
    readonly recorded: Recorded;
    readonly readAt: Date;
    readonly state: LedgerState;
    readonly budgets: BudgetMemory;
    readonly completeAt?: Date | undefined;
    readonly gap?: string | undefined;
  },
): LedgerView {
  const all = [...live];
  const spending = all.filter(
    (each) => !isEnded(each.run.status) || each.unrecorded !== undefined || hasUncounted(each),
  );
  return {
    recorded,
    live: [
      ...spending.map((each) => spendOf(each, recorded.nameOf(each.run), readAt)),
      ...all.flatMap((each) => spentBefore(each, recorded)),
    ],
    readAt,
    unpriced: all.flatMap((each) => {
      const unpriced = unpricedRun(each);
      return unpriced ? [{ ...unpriced, ...recorded.nameOf(each.run) }] : [];
    }),
    ...(state.accountUsage && { accountUsage: state.accountUsage }),
    ...(state.cycle && { cycle: { from: state.cycle.from, to: state.cycle.to } }),
    ...(state.completeSince && { completeSince: state.completeSince }),
    ...(state.countedSince && { countedSince: state.countedSince }),
    ...(completeAt && { lastCompleteAt: completeAt }),
    ...(gap !== undefined && { gap }),
    looks: budgets.looks,
    ...(budgets.lookedAt && { lookedAt: budgets.lookedAt }),
  };
}
