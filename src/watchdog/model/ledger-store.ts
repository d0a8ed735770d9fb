import type { Cell, Counts, MicroUsd, Run, SlotSpan, SpendBySlot, Spender } from "../../policy/index.ts";
import type { ListPlace } from "./apify-port.ts";
import type { Head } from "./entry.ts";

/** What a run had cost at some instant. */
export type SpendPoint = { readonly at: Date; readonly microUsd: MicroUsd };

/** A stretch of time. */
export type Stretch = { readonly from: Date; readonly to: Date };

/** What is booked of a run, or to be, under somebody whose it was before it became another Actor's. */
export type OfSpender = { readonly spender: Spender; readonly bySlot: SpendBySlot };

/** How a run was watched while it lived, beside its curve. */
export type Watched = {
  /** The first look that told its cost. From then on the curve holds each look, as near as `observe/curve/slack.ts` says. */
  readonly from?: Date;
  /** From one look to the next that was too long in coming: in between its cost is only known to lie between the two. */
  readonly gaps?: readonly Stretch[];
  /** The last look that showed it READY. */
  readonly readyUntil?: Date;
  /** The last look that showed it READY or RUNNING, once it was seen to be neither. */
  readonly activeUntil?: Date;
  /** The first look that showed it ABORTING or TIMING-OUT. */
  readonly stoppingSince?: Date;
  /** From the first look to the last, in a row, that showed it in a status that is not known: no rule judges it then. */
  readonly strange?: readonly Stretch[];
  /** From the first reading to the last, in a row, that left out a cost that was told before: no rule on cost stops it then. */
  readonly untold?: readonly Stretch[];
};

/** What is kept of a run's curve until it is written: `observe/curve/trail.ts` says by what rule. */
export type Trail = {
  /** The first look that told a cost. */
  readonly from: Date;
  /** The last point of the curve. */
  readonly point: SpendPoint;
  /** How many points there are. */
  readonly points: number;
  /** Those that are not written yet. Absent: none. */
  readonly open?: readonly SpendPoint[];
  /** A line from the last point with a slope between these passes every look since then near enough. Absent: any does. */
  readonly slopes?: readonly [low: number, high: number];
  readonly gaps?: readonly Stretch[];
};

/** What the cells have counted of a run. That it is there at all: its start. */
export type Counted = {
  /** How often it failed or timed out: a run that was resurrected may do so again. */
  readonly failures: number;
  /** When it ended so last. Absent: never. */
  readonly failedAt?: Date;
};

/** What is recorded of a run for good. */
export type RunRecord = {
  readonly run: Run;
  readonly life: number;
  readonly recordedAt: Date;
  /** Set once the ended run's figure rests. */
  readonly settledAt?: Date;
  /** How often the run was recorded, this time included. */
  readonly version: number;
  /** How much of its cost is in the cells, and up to when. Absent while Apify has told no cost. */
  readonly spent?: SpendPoint;
  /**
   * In which slots the cells have that, to the hour for two days and to the day before. Absent in what was recorded before
   * this was kept.
   */
  readonly booked?: SpendBySlot;
  /** The rest of it, of those whose it was before, the latest last. Absent: none. */
  readonly bookedBefore?: readonly OfSpender[];
};

/**
 * `curve`: its cost over time, oldest first: a point where it bends and, as `spent`, the last one. In what was recorded
 * before `watched` was kept, a point for each time that it was recorded.
 */
export type RunItem = RunRecord & {
  readonly curve: readonly SpendPoint[];
  /** In its last life. Absent in what was recorded before this was kept, and of a run that was never seen live. */
  readonly watched?: Watched;
  /** Absent in what was recorded before runs were counted. */
  readonly counted?: Counted;
  readonly head?: Head;
};

/** A run as recorded anew, and what that adds to the cells. */
export type LedgerWrite = {
  readonly record: RunRecord;
  /** The version that the run's item must have: 0 where nothing is recorded of it, or nothing of spend yet. */
  readonly expectedVersion: number;
  readonly spend: SpendBySlot;
  /** Whose cells that moves. Absent: the run's own, as it is recorded. */
  readonly spender?: Spender;
  /** What it adds to what is counted; with a start, nothing may be counted of the run yet. Absent: nothing. */
  readonly counts?: Counts;
  /** What is counted of the run once this is. Absent: what stands of it is left as it is. */
  readonly counted?: Counted;
  /** The next points of its curve. Absent: none. */
  readonly points?: readonly SpendPoint[];
  /** Absent: what stands of it is left as it is. */
  readonly watched?: Watched;
};

export type LedgerWritten = {
  /** Runs whose item had another version than expected, or whose start was counted. Nothing of them was written. */
  readonly stale: readonly string[];
  /** How many transactions it took: by so much the counter moved. */
  readonly recordings: number;
};

/** `recordings`: how many recordings the cells hold; every one up to there and none after. */
export type SpendReading = { readonly cells: readonly Cell[]; readonly recordings: number };

/** How far the filling of the ledger from Apify's run list has come. */
export type Backfill = {
  /** What is spent from here on is to be found. */
  readonly since: Date;
  /** Runs that started later are the ticks' to find. */
  readonly until: Date;
  /** Where the next page begins. */
  readonly place?: ListPlace;
  readonly runs: number;
  /** Runs that had ended only just: their figures are to be read again. */
  readonly unsettled: readonly string[];
  /** How often it came to its end, and some of them could not be read. */
  readonly tries?: number;
};

/** Apify's figure for the cycle so far beside the ledger's. */
export type Drift = {
  readonly at: Date;
  readonly apifyMicroUsd: MicroUsd;
  readonly ledgerMicroUsd: MicroUsd;
  /** Ended runs whose final figure has moved since the comparison before, the most first. Absent: none. */
  readonly moved?: readonly { readonly runId: string; readonly microUsd: MicroUsd }[];
};

/** What is known of the ledger as a whole. */
export type LedgerState = {
  /** 0 before the first write. */
  readonly version: number;
  /** All that runs spent since then is in it. */
  readonly completeSince?: Date;
  /** All runs that started or failed since then are counted in it. */
  readonly countedSince?: Date;
  readonly backfill?: Backfill;
  /** Apify's monthly usage cycle. */
  readonly cycle?: { readonly from: Date; readonly to: Date; readonly readAt: Date };
  /** What Apify said last that the account has used in its cycle, and when it said so. */
  readonly accountUsage?: { readonly microUsd: MicroUsd; readonly readAt: Date };
  /** The last ones, oldest first. */
  readonly drift: readonly Drift[];
};

export const EMPTY_LEDGER: LedgerState = { version: 0, drift: [] };

/** What is recorded of runs. */
export interface RecordedRuns {
  /** `undefined` when nothing is recorded of the run yet, even when it has a chain. */
  readRun(runId: string): Promise<RunItem | undefined>;
  /** Those of the runs that something is recorded of, by id. */
  readRuns(runIds: readonly string[]): Promise<ReadonlyMap<string, RunItem>>;
  /** Every recorded run, in no order, a page at a time. */
  allRuns(): AsyncIterable<RunItem>;
}

export interface LedgerReads extends RecordedRuns {
  /** The cells of spans of time. Cells and counter belong together: no recording fell between. */
  readSpend(spans: readonly SlotSpan[]): Promise<SpendReading>;
  readLedger(): Promise<LedgerState>;
}

/** What runs have cost, over time. Reads are strongly consistent. */
export interface LedgerStore extends LedgerReads {
  /**
   * Records runs and what they spent. A run's item and its cells move in one transaction, so that each delta is in the
   * cells exactly once; several runs share a transaction. Each transaction moves the counter of recordings by one.
   */
  writeLedger(writes: readonly LedgerWrite[]): Promise<LedgerWritten>;
  /** Replaces what is known of the ledger on condition of `state.version`, and moves the version. */
  writeLedgerState(state: LedgerState): Promise<void>;
}
