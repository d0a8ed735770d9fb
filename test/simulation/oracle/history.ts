import type { Call, TrueSchedule, Truth } from "../../../emulator/index.ts";

/** What a run's life was started with. `pricingModel` is `NONE` where the answer attached no pricing. */
export type SeenSettings = {
  readonly build?: string;
  readonly buildNumber?: string;
  readonly memoryMbytes?: number;
  readonly timeoutSecs?: number;
  readonly pricingModel?: string;
  /** What its events may come to at most, whoever set that. */
  readonly maxTotalChargeUsd?: number;
};

type Numbers = Readonly<Record<string, number>>;

/** What an answer about one run told of it beyond what lists tell. What it did not tell is absent. */
export type SeenDetail = {
  readonly stats: Numbers;
  readonly settings: SeenSettings;
  readonly usage?: Numbers;
  readonly usageUsd?: Numbers;
  readonly events?: Numbers;
  /** How many of each event Apify has accounted for, and what they come to. */
  readonly accounted?: Numbers;
  readonly accountedUsd?: Numbers;
  /** Of each event the cheapest price, in USD. */
  readonly eventUsd?: Numbers;
};

/** The last runs that ended well of an Actor or a task, as an answer listed them. */
export type SeenSuccesses = {
  readonly of: "actors" | "actor-tasks";
  readonly id: string;
  readonly runs: readonly {
    readonly startedAtMs: number;
    readonly finishedAtMs: number;
    readonly usageTotalUsd?: number;
  }[];
};

/** A request to the pretend Apify as a bystander sees it: what came of it, who sent it, and when. */
export type SeenCall = Call & {
  /** The process that sent it; `user` when the account's owner did by other means. */
  readonly by: string;
  readonly leftAtMs: number;
  /** What its sender took for the time then. Absent: his clock was right. */
  readonly saidMs?: number;
  /** How far the `Date` of its answer was ahead of Apify's time; behind when negative. Absent: it told none that counts. */
  readonly datedAheadMs?: number;
  /** It was asked for to know whose the token is, and nothing else is taken from it. */
  readonly isWhose?: true;
  /** Runs in it of which nobody could make out what is told. */
  readonly garbled?: readonly string[];
  /** What Apify itself said why it refused: the type of its error. Absent where a page of something else came. */
  readonly refusedAs?: string;
  /** For reads of one run. */
  readonly detail?: SeenDetail;
  /** A list of what was before the watchdog came, which is asked for the runs in it that have ended. */
  readonly isHistory?: true;
  /** For lists of runs that ended well. */
  readonly successes?: SeenSuccesses;
  /** Asked for what is typical: of the costs in it nothing is recorded. */
  readonly isOfTypical?: true;
  /** Of a call that names a schedule: how that was before and after it, by the truth. */
  readonly schedule?: { readonly before: TrueSchedule; readonly after: TrueSchedule };
  /** When its sender had the whole answer. Absent: not yet, or never. */
  deliveredAtMs?: number;
  /** When its sender stopped waiting: with the answer, by giving up, or by dying. */
  overAtMs?: number;
};

/** An entry as it lies in the store, and when and by whom it was put there. */
export type SeenEntry = {
  readonly commitMs: number;
  readonly by: string;
  readonly chain: string;
  readonly sequence: number;
  readonly text: string;
  readonly hash: string;
};

export type SeenTick = {
  /** The process that runs it. */
  readonly by: string;
  readonly tickId: string;
  /** When it had the answer to its first question; before that it can't know or do anything. */
  startedAtMs?: number;
  /** When it is over at the latest, as it says itself; whoever stands still may go on after that. */
  readonly endsByMs?: number;
  /** When it was told what earlier ticks had written down of live runs: what was written later it can't know. */
  liveReadMs?: number;
  endedAtMs?: number;
  how?: "done" | "failed" | "died";
  /** Its process stood still for a while, between two of its steps. */
  stoodStill?: boolean;
  /** Its clock was further from Apify's than is good, or was set meanwhile. */
  readonly isClockBad?: boolean;
  /** Why a person must look, as it reported at its end. Absent where it had none to report. */
  attention?: readonly string[];
  /** It said that it listed and judged every live run, wrote down what it had to and left no call that was not taken. */
  isComplete?: boolean;
  /** Its last write to the audit or the control state: after that it makes no more intents. */
  lastWriteMs?: number;
  /** When it wrote down what it had seen of live runs: before it waited for anything, and after. */
  liveWrittenMs?: readonly number[];
  error?: string;
};

/** The control item alone, or with it all but the audit, was put back at an instant as it was at an earlier one. */
export type SeenRestore = {
  readonly atMs: number;
  readonly keptMs: number;
  readonly what: "table" | "control";
};

/** The ledger as it lies in the store: what was spent by whom on which day, and what is recorded of each run. */
export type SeenLedger = {
  /** Micro-dollars of all days together, by spender: Actor, task and origin. */
  readonly cells: ReadonlyMap<string, number>;
  /** The same by slot, an hour or a day, and then by spender. */
  readonly slots: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly runs: readonly {
    readonly runId: string;
    readonly spender: string;
    readonly spentMicroUsd?: number;
    readonly settled: boolean;
    readonly version: number;
    /** In which of its lives it was recorded last. */
    readonly life?: number;
    /** What of it is in which slot's cells. Absent: an older release recorded it. */
    readonly booked?: Readonly<Record<string, number>>;
  }[];
  /** What ticks remember of runs: the last known cost, what of it is in no cell, and how often they know it recorded. */
  readonly live: readonly {
    readonly runId: string;
    readonly knownMicroUsd: number;
    readonly unrecordedMicroUsd: number;
    readonly version: number;
  }[];
};

/** All that the oracle goes by: the truth, the audit, and who did what when. Grows while the world runs. */
export type History = {
  readonly account: string;
  readonly truth: Truth;
  readonly calls: SeenCall[];
  readonly entries: SeenEntry[];
  readonly ticks: Map<string, SeenTick>;
  /** When Apify's usage cycle begins: on which day of the month, at which hour and minute, all UTC. */
  readonly cycleStart?: { readonly day: number; readonly hour?: number; readonly minute?: number };
  /** The policy document of a version, as stored. */
  policyText(version: number): string | undefined;
  ledger(): SeenLedger;
  /** What somebody has put back as it was before. */
  readonly restores?: readonly SeenRestore[];
  /** How far a process's clock on the wall was ahead of Apify's at an instant; behind when negative. */
  readonly aheadMs?: (by: string, atMs: number) => number;
  /** When it was set. */
  readonly clockSetsMs?: (by: string) => readonly number[];
  /** When a process first asked whose its token is, whether or not that ever reached Apify. */
  readonly askedWhoseMs?: (by: string) => number | undefined;
  /** Did a process ask for a run itself, whether or not that ever reached Apify? */
  readonly hasAskedFor?: (by: string, runId: string) => boolean;
  /** When a person ordered that a schedule be let go. */
  readonly releases?: readonly { readonly scheduleId: string; readonly atMs: number }[];
  /** How often something was recorded in it, or remembered of it. */
  readonly recordings: () => number;
  nowMs(): number;
};

/** A promise that was broken, told as a sentence. */
export type Violation = { readonly promise: string; readonly atMs: number; readonly text: string };
