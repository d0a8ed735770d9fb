import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

export const ENTRY_KINDS = [
  "step.notified",
  "abort.observed",
  "abort.held",
  "abort.intended",
  "abort.requested",
  "abort.failed",
  "abort.forced",
  "abort.unconfirmed",
  "abort.confirmed",
  "abort.moot",
  "abort.withdrawn",
  "policy.pushed",
  "policy.fell-back",
  "control.paused",
  "control.resumed",
  "exemption.granted",
  "exemption.ending",
  "exemption.ended",
  "attention.acknowledged",
  "loop.begun",
  "audit.checkpoint",
  "audit.tampered",
  "run.undone",
  "stop.judged",
  "drill.begun",
  "drill.ended",
  "source.held",
  "source.released",
  "source.left",
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** The kinds that close an intent; each intent gets exactly one of them. */
export const CLOSING_KINDS = ["abort.confirmed", "abort.moot", "abort.withdrawn"] as const;
export type ClosingKind = (typeof CLOSING_KINDS)[number];
/** Does an entry of this kind close an intent? */
export const isClosing = (kind: string): boolean => CLOSING_KINDS.some((each) => each === kind);

/** What a decision rests on, in the units that people read: USD, seconds, bytes, a count. */
export type EntryEvidence = {
  readonly metric: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  readonly observedAt: string;
  readonly source: string;
  /** `actual`: as Apify says; `estimate`: our own lower bound of it. */
  readonly basis: string;
  /** What else the figure rests on, such as what is usual and of how many runs. */
  readonly facts?: Readonly<Record<string, number>>;
  /** Of a budget: whose it is, and of which window. */
  readonly budget?: EntryBudget;
  readonly also?: readonly {
    readonly ruleId: string;
    readonly step: EntryStep;
    readonly metric: string;
    readonly measured: number;
    readonly limit: number;
    readonly unit: string;
  }[];
};

/** `group`: `account`, or the id of an Actor or a task, or an origin. The window is `from` to before `to`. */
export type EntryBudget = {
  /** `runs` or `failures`. Absent: money. */
  readonly of?: string;
  readonly per: string;
  readonly each: string;
  readonly group: string;
  readonly from: string;
  readonly to: string;
};

/** `at` in percent of the limit. */
export type EntryStep = { readonly at: number; readonly do: string; readonly basis?: string };

/** A run's figures as seen when the entry was written. */
export type EntryRun = {
  readonly status: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly origin?: string;
  readonly usageTotalUsd?: number;
};

export type EntrySubject =
  | { readonly kind: "run"; readonly runId: string; readonly life: number }
  /** The budget of one group in the window that begins at `from`. */
  | { readonly kind: "budget"; readonly ruleId: string; readonly group: string; readonly from: string }
  | { readonly kind: "control" };

/** A decision or what came of it, before it has a place in its chain. Times are ISO 8601 in UTC. */
export type EntryDraft = {
  readonly entryId: string;
  readonly kind: EntryKind;
  readonly at: string;
  readonly subject: EntrySubject;
  readonly runId?: string;
  readonly actorId?: string;
  readonly actorTaskId?: string;
  readonly ruleId?: string;
  readonly step?: EntryStep;
  readonly mode?: string;
  readonly policyVersion?: number;
  /** Of that version's document: the same as in its `policy.pushed`. */
  readonly policyHash?: string;
  readonly guard?: string;
  /** Whom the rule says to tell. */
  readonly owner?: string;
  /** What happens next if nothing changes, in words. */
  readonly next?: string;
  /** The command that overrules it. */
  readonly overrule?: string;
  readonly evidence?: EntryEvidence;
  readonly run?: EntryRun;
  /** `watchdog`, or the identity of the person or role that acted. */
  readonly by: string;
  /** The tick that wrote it. */
  readonly tickId?: string;
  /** `abort.requested`, `abort.failed`, `abort.forced`: was, or is, the call graceful? */
  readonly gracefully?: boolean;
  /** What the API said, or `lost`. */
  readonly response?: string;
  /** Why, in words, where the kind alone does not say. */
  readonly reason?: string;
  /** The entry that this one continues or closes. */
  readonly intentId?: string;
  /** `abort.intended`: how fast the run was spending, and what it can at most cost beyond its limit at that rate. */
  readonly burnUsdPerHour?: number;
  readonly overshootBoundUsd?: number;
  readonly finalUsageTotalUsd?: number;
  /** What it cost beyond its limit; where the limit is not on its cost, after it was found beyond. */
  readonly overshootUsd?: number;
  /** `abort.confirmed`: live runs that Actors started during its life, which it may have started. At most 20. */
  readonly children?: readonly string[];
  /** Control-plane entries: what changed. */
  readonly change?: Readonly<Record<string, unknown>>;
};

/** The Actor that an entry is of: that of its run, or of its budget where Actors have their own. */
export function actorOf({ actorId, subject, evidence }: EntryDraft): string | undefined {
  const isActors = subject.kind === "budget" && evidence?.budget?.each === "actor";
  return isActors ? subject.group : actorId;
}

/** An entry in its place. `previous` is the hash of the entry before it, or 64 zeros for the first. */
export type Entry = EntryDraft & {
  readonly account: string;
  readonly chain: string;
  readonly sequence: number;
  readonly previous: string;
};

/** An entry as stored: its canonical JSON text (RFC 8785) and the SHA-256 of that text, in hex. */
export type SealedEntry = { readonly entry: Entry; readonly text: string; readonly hash: string };

/** Where a chain stands: the last sequence and its hash. */
export type Head = { readonly sequence: number; readonly hash: string };

export const GENESIS = "0".repeat(64);
export const CONTROL_CHAIN = "control";
export const RUN_CHAINS = "run#";
export const runChain = (runId: string): string => `${RUN_CHAINS}${runId}`;
export const BUDGET_CHAINS = "budget#";
/** One for each window of each group: what is told of it. */
export const budgetChain = ({
  ruleId,
  group,
  from,
}: Omit<EntrySubject & { kind: "budget" }, "kind">): string => `${BUDGET_CHAINS}${ruleId}#${group}#${from}`;
export const isBudgetChain = (chain: string): boolean => chain.startsWith(BUDGET_CHAINS);
/** The run that a chain is of; not for the control plane's chain. */
export const runIdOf = (chain: string): string => chain.slice(RUN_CHAINS.length);

export const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** Puts a draft behind the chain's tail. */
export function seal(draft: EntryDraft, account: string, chain: string, tail: Head | undefined): SealedEntry {
  const entry: Entry = {
    ...draft,
    account,
    chain,
    sequence: (tail?.sequence ?? 0) + 1,
    previous: tail?.hash ?? GENESIS,
  };
  const text = canonicalize(entry);
  if (text === undefined) throw new Error("an audit entry must be JSON");
  return { entry, text, hash: sha256(text) };
}

/**
 * An id that the same fact always gets, whoever writes it and however often: so that writing it again is
 * recognised. 20 hex digits of the SHA-256 of its parts.
 */
export const entryIdOf = (...parts: readonly (string | number | undefined)[]): string =>
  sha256(JSON.stringify(parts.map((part) => part ?? null))).slice(0, 20);
