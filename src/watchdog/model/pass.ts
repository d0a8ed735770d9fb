import type { LedgerView, Observation, Policy } from "../../policy/index.ts";
import type { Control, PolicyInForce } from "./control.ts";
import { budgetChain, type EntryDraft, type EntryKind, runChain } from "./entry.ts";
import { ApifyError } from "./errors.ts";
import type { BudgetMemory, LiveRun } from "./live.ts";
import type { Clock, ControlPorts, Log } from "./ports.ts";

/**
 * The parts of a pass: of a tick, or of what a person orders of a run. Each function takes those that it uses, so that its
 * signature says what it may touch; only the tick has them all.
 */

type Fields = Readonly<Record<string, unknown>>;

/** When the pass began, and for how long it may go on. */
export type Timed = {
  readonly ports: { readonly clock: Clock };
  readonly tick: {
    readonly id: string;
    readonly startedAt: Date;
    /** The same by the monotonic clock. */
    readonly startedMs: number;
    readonly endsBy: Date;
  };
  /** Aborts when the pass must stop starting work. */
  readonly signal: AbortSignal;
};

/** Where the pass notes what it could not do justice to, by reason. */
export type Noting = {
  readonly ports: { readonly log: Log };
  readonly skipped: Map<string, number>;
  /** Why a person must look, by what it is about: its stable id, and words. */
  readonly attention: Map<string, string>;
};

/** What is known of the run's Actor, task and schedule, as far as a policy asks for it. */
export type Known = Pick<
  Observation,
  | "actorName"
  | "taskName"
  | "scheduleName"
  | "formerActorNames"
  | "formerTaskNames"
  | "formerScheduleNames"
  | "ownActor"
  | "typical"
>;

/** What the pass has seen of runs so far. */
export type Observed = {
  readonly live: Map<string, LiveRun>;
  readonly observations: Map<string, Observation>;
  /** What is known of the Actors and tasks of runs that are looked at although this pass did not observe them. */
  readonly known: Map<string, Known>;
  readonly liveRunIds: Set<string>;
  /** When the last complete tick before this pass began. */
  readonly completeAt?: Date;
};

/** What runs are judged by, as it is now. */
export type InForce = {
  /** The policy that is in force by this control state; read once per version. `undefined` when none was pushed. */
  readonly policyOf: (control: Control) => Promise<PolicyInForce | undefined>;
  /** What the policy's budgets are judged by. `undefined`: it has none, or nobody can tell; then they say nothing. */
  readonly ledgerOf: (policy: Policy) => Promise<LedgerView | undefined>;
};

/** What came of something in this pass: an entry that it wrote, and its chain. Of a budget there is no run. */
export type Outcome = {
  readonly runId?: string;
  readonly scheduleId?: string;
  readonly kind: EntryKind;
  readonly chain: string;
};

/** Entries, and the control state that they go with. */
export type Writing = {
  readonly ports: ControlPorts;
  readonly outcomes: Outcome[];
};

/** What is kept of budgets from tick to tick, as far as this pass has come. */
export type BudgetNotes = { kept: BudgetMemory };

/** Counts a run, or a piece of work, that this pass could not do justice to. */
export function skip({ skipped }: Pick<Noting, "skipped">, reason: string, count = 1): void {
  if (count > 0) skipped.set(reason, (skipped.get(reason) ?? 0) + count);
}

/** Calls for a person: each tick says it again until it is mended. The id begins with what kind of trouble it is. */
export function alert({ attention }: Pick<Noting, "attention">, id: string, text: string): void {
  attention.set(id, `${id} ${text}`);
}

/** What an answer that failed said, as far as that can't be anything: for counting by reason. */
function failureOf(error: unknown): string {
  if (!(error instanceof ApifyError)) return "";
  if (error.status === 0) return ": no answer";
  return `: ${error.status}${/^[a-z-]{1,60}$/.test(error.type) ? ` ${error.type}` : ""}`;
}

/** Counts what failed, with what Apify said where that was it. */
export function skipFailed(noting: Noting, what: string, error: unknown, fields: Fields = {}): void {
  noting.ports.log.warn(`${what} failed`, { ...fields, error: errorText(error) });
  skip(noting, `${what} failed${failureOf(error)}`);
}

export function noteOutcome({ outcomes }: Pick<Writing, "outcomes">, { kind, subject }: EntryDraft): void {
  if (subject.kind === "control") return;
  if (subject.kind === "run") outcomes.push({ runId: subject.runId, kind, chain: runChain(subject.runId) });
  else outcomes.push({ kind, chain: budgetChain(subject) });
}

/** What an error says, without its name: for people. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The same with its name: for logs. */
export const errorText = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
