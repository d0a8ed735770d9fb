import type { Quantity } from "../policy.ts";
import type { MicroUsd } from "../values/money.ts";
import type { SpendBySlot } from "../values/slots.ts";
import type { Cell, Counts, Spender } from "./cells.ts";
import type { Window } from "./windows.ts";

/** What an Actor, a task or a schedule was called, and up to when at the latest. */
export type EarlierName = { readonly name: string; readonly until: Date };

/** A spender by name, as far as its names could be resolved. */
export type Named = {
  readonly actorName?: string;
  readonly taskName?: string;
  readonly scheduleName?: string;
  /** What they were called before, as an observation has it. */
  readonly formerActorNames?: readonly string[];
  readonly formerTaskNames?: readonly string[];
  readonly formerScheduleNames?: readonly string[];
  /** By what its money of before was booked, whatever policy was in force. */
  readonly earlierActorNames?: readonly EarlierName[];
  readonly earlierTaskNames?: readonly EarlierName[];
  readonly earlierScheduleNames?: readonly EarlierName[];
};

/** A live run's part in what is spent. */
export type LiveSpend = Spender &
  Named & {
    readonly startedAt: Date;
    readonly usageTotalMicroUsd?: MicroUsd;
    /** What it spent since it was recorded: not in the cells yet. */
    readonly unrecorded: SpendBySlot;
    /** Its start and failures that are not in the cells yet. Absent: none. */
    readonly uncounted?: Counts;
    readonly measuredBurnMicroUsdPerHour?: number;
  };

/** A run that ended, and of which Apify has told no cost: it is in no cell. */
export type Unpriced = Spender & Named & { readonly startedAt: Date; readonly finishedAt: Date };

/** What was recorded up to some instant. One object for one reading: sums over it are remembered by it. */
export type Recorded = {
  readonly cells: readonly Cell[];
  readonly nameOf: (spender: Spender) => Named;
};

/** All that budgets are judged by. */
export type LedgerView = {
  readonly recorded: Recorded;
  /** Every run that is live, and what is not in the cells of one that has ended. */
  readonly live: readonly LiveSpend[];
  readonly readAt: Date;
  /** Runs that ended lately without a cost; absent where nobody asked. */
  readonly unpriced?: readonly Unpriced[];
  /** Apify's monthly usage cycle; absent while it is not known. */
  readonly cycle?: Window;
  /** What Apify says that the account has used in its cycle, storage and builds included, and when it said so. */
  readonly accountUsage?: { readonly microUsd: MicroUsd; readonly readAt: Date };
  /** All that was spent since then is in it. Absent: nobody knows. */
  readonly completeSince?: Date;
  /** All runs that started or failed since then are counted in it. Absent: nobody knows. */
  readonly countedSince?: Date;
  /** When a tick last saw every run and wrote all of it down. Absent: never. */
  readonly lastCompleteAt?: Date;
  /** Why it does not agree with what is known now, if so: then budgets stop nothing. */
  readonly gap?: string;
  /** Since when projections have been at a step without a break, by rule, group, window and step. */
  readonly looks: Readonly<Record<string, Date>>;
  /** When `looks` was kept last. */
  readonly lookedAt?: Date;
};

/** Since when a ledger has all of a quantity. */
export const knownSince = (
  { completeSince, countedSince }: Pick<LedgerView, "completeSince" | "countedSince">,
  of: Quantity,
): Date | undefined => (of === "usd" ? completeSince : countedSince);

/** What of a quantity a live run has that is not in the cells yet. */
export const unrecordedOf = ({ unrecorded, uncounted = {} }: LiveSpend, of: Quantity): SpendBySlot =>
  of === "usd" ? unrecorded : (uncounted[of] ?? {});
