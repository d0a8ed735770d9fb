import type { Life, MicroUsd, Run, Source, SpendBySlot } from "../../policy/index.ts";
import type { Called } from "./control.ts";
import type { Counted, OfSpender, SpendPoint, Stretch, Trail } from "./ledger-store.ts";

/** A figure of a run's cost, and when it was first seen. */
export type Figure = { readonly at: Date; readonly usageMicroUsd: MicroUsd };

/** What a run had moved and brought about when its detail was read. What Apify did not tell is absent. */
export type Sample = {
  readonly at: Date;
  readonly netBytes?: number;
  readonly outputs?: number;
  /** All that `stats` said, as one number: whether they have moved since. Absent in what was kept before. */
  readonly stats?: number;
  /** The cost, which stands in where Apify tells neither usage nor events. */
  readonly usageMicroUsd?: MicroUsd;
};

/** The memory of `Observation.activity`, of one life. */
export type Samples = {
  readonly base: Sample;
  /** The base before, half a minute or more older. */
  readonly earlier?: Sample;
  /** The last look, less than half a minute after the base. */
  readonly latest?: Sample;
  /** When the stats of the last look were first seen, where it was not at that look. */
  readonly unmovedSince?: Date;
};

/** A run as the watchdog remembers it from tick to tick. `run.detail` is not kept. */
export type LiveRun = {
  readonly run: Run;
  readonly observedAt: Date;
  readonly source: Source;
  readonly life: Life;
  /** Only lists have shown it, which may show another life of it: until it is read, nothing is known but that it is there. */
  readonly unread?: boolean;
  /** When the run's cost was told, where the last look was a list that did not tell it. */
  readonly costAt?: Date;
  /** When its detail was asked for last, because the list did not tell its cost, or one of 0. */
  readonly askedAt?: Date;
  /** Its last detail showed what costs something beside a cost of 0, which no look has shown to be more since. */
  readonly doubtful?: boolean;
  /** The last figures that differed from the one before, oldest first: the burn rate's memory, of one life. */
  readonly burn?: readonly Figure[];
  readonly samples?: Samples;
  /** What the run item says, to write it only when that changes. */
  readonly recorded?: RecordedMark;
  /** Its last known cost, and up to when that counts. */
  readonly spent?: SpendPoint;
  /** What of that cost is in no cell yet, by slot: its own, and of those whose it was before. Absent: nothing. */
  readonly unrecorded?: SpendBySlot;
  readonly unrecordedBefore?: readonly OfSpender[];
  readonly trail?: Trail;
  /** As `Watched` has them. */
  readonly activeUntil?: Date;
  readonly strange?: readonly Stretch[];
  readonly untold?: readonly Stretch[];
  /** What a figure that fell took off, by slot, and when: for as long as it may come back. */
  readonly taken?: { readonly at: Date; readonly bySlot: SpendBySlot };
  /** Ids of the entries known to be in the audit, so that they need not be looked up each tick. */
  readonly said: readonly string[];
  /** The run could not be found since; young runs are never missing. */
  readonly missingSince?: Date;
  readonly resting?: Resting;
};

/** An ended run's last figure taken 10 s or more after its end; a second that equals it, and can be all, is `final`. */
export type Resting = {
  readonly at: Date;
  readonly usageMicroUsd?: MicroUsd;
  readonly final?: boolean;
  /** When it is read again all the same. Absent of a final figure: no more. */
  readonly againAt?: Date;
  /** By how much it has moved since it was final, and when it was seen. */
  readonly moved?: { readonly at: Date; readonly microUsd: MicroUsd };
};

/** Apify's figures still move for about ten seconds after a run's end. */
export const FIGURES_REST_MS = 10_000;

/** What is known of a run's item without reading it. */
export type RecordedMark = {
  readonly status: string;
  readonly life: number;
  /** Its final figure is in it. */
  readonly settled: boolean;
  /** How often it was recorded: the condition of the next write. 0 in what was kept before there was a ledger. */
  readonly version: number;
  /** How much of its cost is in the cells, and in which slots, as far as can be told: corrections are taken off them. */
  readonly spentMicroUsd?: MicroUsd;
  readonly booked?: SpendBySlot;
  readonly bookedBefore?: readonly OfSpender[];
  readonly counted?: Counted;
  /** When it was recorded last. */
  readonly at?: Date;
};

/** What is kept of budgets from tick to tick: since when projections have been at a step without a break. */
export type BudgetMemory = {
  readonly looks: Readonly<Record<string, Date>>;
  readonly lookedAt?: Date;
  /** Ids of the entries known to be in the audit. */
  readonly said: readonly string[];
};

export const NO_BUDGET_MEMORY: BudgetMemory = { looks: {}, said: [] };

/** Since which tick something has been so that may call for a person, and in how many in a row. */
export type Amiss = { readonly since: Date; readonly ticks: number };
/** An Actor or a task (`kind#id`) that was renamed while a policy was in force; without `to` it is gone. */
export type Renamed = {
  readonly key: string;
  readonly from: string;
  readonly to?: string;
  readonly policyVersion: number;
};

/** Which of the rules that name Actors or tasks select one, by the account's lists of them. */
export type Selecting = {
  readonly policyVersion: number;
  readonly listedAt: Date;
  /** Those that ever did, and those that select none now. */
  readonly had: readonly string[];
  readonly none: readonly string[];
};

/** A rule that can't judge what it is meant for, and of how many runs. */
export type Blind = { readonly ruleId: string; readonly why: string; readonly runs?: number };

/** Stops that the policy asks for and that a guard prevents, and what the runs burn meanwhile. */
export type HeldStops = { readonly runs: number; readonly usdPerHour: number };

/** What the last tick found that a person may want to know, kept so that it can be asked for between ticks. Absent: nothing. */
export type Findings = {
  /** Acknowledged ones, too. */
  readonly attention?: readonly string[];
  readonly blind?: readonly Blind[];
  readonly heldStops?: HeldStops;
};

/** The last tick that was written down, with what it covered. */
export type Heartbeat = Findings & {
  readonly tickId: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly listed: number;
  readonly evaluated: number;
  readonly skipped: Readonly<Record<string, number>>;
  /** Did the tick see every live run, write down what it had to, and leave no open intent whose call was not taken? */
  readonly complete: boolean;
};

/** Up to when the control state is known to hold what the audit has open, and its version then. */
export type TakenUp = {
  readonly at: Date;
  readonly controlVersion: number;
  /** What is not looked through yet of the time before: each pass takes the end of it. */
  readonly rest?: { readonly from: Date; readonly to: Date };
};

/** Everything about live runs, written once a tick on condition of its version. */
export type Live = {
  /** 0 before the first write. */
  readonly version: number;
  readonly runs: ReadonlyMap<string, LiveRun>;
  /** Every run started before this has been seen. Absent before the first complete listing. */
  readonly cursor?: Date;
  /** What was due up to then to be read again, kept beside the index, is in it or done. */
  readonly awaitedUpTo?: Date;
  readonly heartbeat?: Heartbeat;
  /** When the last tick began that saw every live run and wrote all of it down. */
  readonly completeAt?: Date;
  /** Up to which recording of the ledger the marks in `runs` go. */
  readonly recordings?: number;
  readonly budgets?: BudgetMemory;
  /** What calls for a person, or will if it lasts, by its stable id. */
  readonly amiss?: Readonly<Record<string, Amiss>>;
  readonly called?: Called;
  /** What was renamed, or is gone, since the policy in force was pushed. */
  readonly renamed?: readonly Renamed[];
  readonly selecting?: Selecting;
  readonly takenUp?: TakenUp;
};

export const EMPTY_LIVE: Live = { version: 0, runs: new Map() };
