import type { MicroUsd, Observation, Policy, RecentIntent } from "../../policy/index.ts";
import type { TickLedger } from "../ledger/tick-ledger.ts";
import type { Known } from "../observe/remember.ts";
import type { Control } from "./control.ts";
import { budgetChain, type EntryDraft, type EntryKind, runChain } from "./entry.ts";
import type { LiveRun } from "./live.ts";
import type { Ports } from "./ports.ts";

export type PolicyInForce = {
  /** The one really used. */
  readonly version: number;
  readonly policy: Policy;
  /** Set where it stands in for the version that was pushed last, which can't be used. */
  readonly fellBack?: { readonly version: number; readonly problem: string };
};

/** What came of something in this tick: an entry that this tick wrote, and its chain. Of a budget there is no run. */
export type Outcome = { readonly runId?: string; readonly kind: EntryKind; readonly chain: string };

/** One pass, and what it has gathered so far. Made anew for each tick; nothing of it outlives one. */
export type Context = {
  readonly ports: Ports;
  readonly tick: { readonly id: string; readonly startedAt: Date; readonly endsBy: Date };
  /** Aborts when the tick must stop starting work. */
  readonly signal: AbortSignal;
  readonly live: Map<string, LiveRun>;
  readonly observations: Map<string, Observation>;
  /** What is known of the Actors and tasks of runs that are looked at although this tick did not observe them. */
  readonly known: Map<string, Known>;
  readonly liveRunIds: Set<string>;
  /** Up to when each run was judged, and at which spend each budget: what was reached since is yet to be acted on. */
  readonly judged: { readonly runs: Map<string, Date>; readonly spent: Map<string, MicroUsd> };
  /** The stops that this tick only observed. */
  readonly observed: RecentIntent[];
  readonly outcomes: Outcome[];
  readonly skipped: Map<string, number>;
  readonly ledger: TickLedger;
  /** No call may leave this pass, whatever policy and open intents say. */
  readonly observeOnly: boolean;
  /** The policy that is in force by this control state; read once per version. `undefined` when none was pushed. */
  readonly policyOf: (control: Control) => Promise<PolicyInForce | undefined>;
};

/** Counts a run, or a piece of work, that this tick could not do justice to. */
export function skip(context: Context, reason: string, count = 1): void {
  if (count > 0) context.skipped.set(reason, (context.skipped.get(reason) ?? 0) + count);
}

export function noteOutcome(context: Context, { kind, subject }: EntryDraft): void {
  if (subject.kind === "control") return;
  const { outcomes } = context;
  if (subject.kind === "run") outcomes.push({ runId: subject.runId, kind, chain: runChain(subject.runId) });
  else outcomes.push({ kind, chain: budgetChain(subject) });
}

export const errorText = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
