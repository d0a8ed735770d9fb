import type { Part } from "../api.ts";

/** What the page reads of the command line's JSON (docs/cli.md): money in USD, instants in ISO 8601, `null` where it is not known. */

export type Step = { readonly at: number; readonly do: string; readonly basis?: string };
/** `inSecs` is left out where it can't be determined. */
export type StepAhead = Step & {
  readonly figure: number;
  readonly inSecs?: number;
  /** What keeps a stop from being made by then: `exemption`, `pause` or `maxAborts`. */
  readonly held?: string;
};
/** Of a run: by which rule, and what the figure is in. */
export type RunStep = StepAhead & { readonly ruleId: string; readonly mode: string; readonly unit: string };
export type Range = { readonly from: number; readonly to: number };
export type Hold = { readonly by: string; readonly until: string };

export type Share = {
  readonly ruleId: string;
  readonly mode: string;
  readonly metric: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  readonly share: number;
  readonly exempt: boolean;
};

export type Run = {
  readonly runId: string;
  readonly actorId: string;
  readonly actor: string;
  readonly status: string;
  readonly origin?: string;
  readonly startedAt: string;
  readonly observedAt: string;
  readonly usageTotalUsd: number | null;
  /** The nearest limit first. */
  readonly shares: readonly Share[];
  readonly stopping: boolean;
  /** Since when it is known that Apify does not carry out the stop. */
  readonly unconfirmedAt: string | null;
  readonly held: string | null;
  readonly exempt: boolean;
  readonly noLimit: string | null;
  readonly scheduleHeld: Hold | null;
  /** How its cost grew. */
  readonly curve?: readonly { readonly at: string; readonly usd: number }[];
  /** What it comes to next if it goes on as it does. */
  readonly nextStep?: RunStep;
};

export type Budget = {
  readonly ruleId: string;
  readonly mode: string;
  readonly budget: {
    readonly of?: string;
    readonly per: string;
    readonly each: string;
    readonly group: string;
    readonly from: string;
    readonly to: string;
  };
  readonly spent: number;
  readonly limit: number;
  readonly share: number;
  readonly runsOfUnknownCost?: number;
  readonly nextStep?: StepAhead;
  readonly guard?: "unfilledWindow" | "staleLedger";
};

export type Budgets = {
  readonly groups: readonly Budget[];
  readonly unknown: readonly { readonly ruleId: string; readonly reason: string }[];
};

export type Runs = {
  readonly asOf: string | null;
  /** When the last tick began that saw the whole account; without one it is not known which runs are live. */
  readonly completeAt: string | null;
  readonly budgets: Budgets;
  /** The nearest to a limit first. */
  readonly runs: readonly Run[];
};

export type Target = {
  readonly kind: "stack" | "folder" | "environment";
  readonly name: string;
  readonly account: string;
  readonly region?: string;
  readonly apifyUser?: string;
};

export type Status = {
  readonly target?: Target;
  readonly guarding: "guarding" | "observing" | "paused" | "not guarding";
  readonly alive: boolean;
  readonly lastCompleteAt: string | null;
  readonly lastTickAt: string | null;
  readonly lastTickComplete: boolean | null;
  readonly skipped: Readonly<Record<string, unknown>>;
  readonly mode: string | null;
  readonly policyVersion: number | null;
  readonly rules: { readonly enforcing: number; readonly observing: number } | null;
  readonly fellBack: { readonly version: number; readonly problem: string } | null;
  readonly paused: {
    readonly by: string;
    readonly reason: string;
    readonly since: string;
    readonly until?: string;
  } | null;
  readonly live: number | null;
  readonly budgets: Budgets;
  readonly blockedStops: { readonly runs: number; readonly usdPerHour: number } | null;
  readonly blind: readonly { readonly ruleId: string; readonly why: string; readonly runs?: number }[];
  readonly attention: readonly string[];
  readonly openIntents: number;
  readonly recipients: number | null;
  readonly notified: string | null;
};

type Saved = {
  readonly stops: readonly { readonly runId: string; readonly savedUsd: Range | null }[];
  readonly savedUsd: Range | null;
};

export type Report = {
  readonly from: string;
  readonly until: string;
  readonly saved: { readonly enforced: Saved; readonly observed: Saved };
  readonly actors: readonly { readonly actorId: string; readonly name: string }[];
  readonly totalUsd: number | null;
  readonly runsOfUnknownCost: number;
};

export type Exemption = {
  readonly subject: { readonly kind: string; readonly id: string; readonly ruleId?: string } | null;
  readonly malformed: boolean;
  readonly problem?: string;
  readonly ruleGone?: boolean;
  readonly name?: string | null;
  readonly until?: string;
  readonly over?: boolean;
  readonly ceilingUsd?: number | null;
  readonly owner?: string;
  readonly reason?: string;
};

export type Entry = {
  readonly entryId: string;
  readonly kind: string;
  readonly at: string;
  readonly sequence: number;
  readonly by: string;
  readonly runId?: string;
  readonly actorId?: string;
  readonly ruleId?: string;
  readonly intentId?: string;
  readonly reason?: string;
  readonly gracefully?: boolean;
  readonly subject?: { readonly kind: string };
  /** What it says in one line. */
  readonly says?: string;
  /** The word that sums it up. */
  readonly word?: string;
};

/** What a part holds, as far as it is known: `isOld` where it is not the latest answer. */
export type Held<T> = { readonly value: T; readonly at: Date; readonly isOld: boolean };

/** What is known of a part, be it of before. */
export function heldIn<T>(part: Part | undefined): Held<T> | undefined {
  if (part === undefined) return undefined;
  const known = part.kind === "known" ? part : part.last;
  return known && { value: known.value as T, at: new Date(known.at), isOld: part.kind !== "known" };
}
