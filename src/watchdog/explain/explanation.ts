import type { BudgetGuard, Guard, Judgement, Mode } from "../../policy/index.ts";
import type { EntryBudget, EntryRun, EntryStep } from "../model/entry.ts";

/** What people are shown of a run and of everything that looks at it. Times are ISO 8601, figures in the units that people read. */

/** A step that a run has not reached, the figure that reaches it, and in how many seconds, where that can be told. */
export type StepAhead = EntryStep & {
  readonly figure: number;
  readonly inSecs?: number;
  /** Of a stop: what keeps it from being made, as far as that still stands by then. */
  readonly held?: HeldAhead;
};

export type HeldAhead = "exemption" | "pause" | "maxAborts";

/** A step that the figure has reached, and what it is not taken for yet. */
export type StepWaiting = EntryStep & { readonly for: string };

/** An exemption that covers the run, whether it still holds or not. */
export type ExemptionView = {
  readonly holds: boolean;
  readonly subject: string;
  readonly until?: string;
  readonly ceilingUsd?: number;
  readonly owner?: string;
  readonly reason?: string;
  /** What is wrong with it; such a one protects all the same. */
  readonly problem?: string;
};

/** What one rule makes of a run, and why. */
export type RuleView = {
  readonly ruleId: string;
  readonly mode: Mode;
  readonly owner?: string;
  readonly applies: Judgement["applies"];
  /** What keeps the rule from applying. */
  readonly because?: string;
  readonly metric: string;
  /** The budget in words, where it is one. */
  readonly budget?: string;
  /** Of a budget: whose the figures are, and of which window; absent while they are not known. */
  readonly place?: EntryBudget;
  /** Of a budget: why it stops nothing now, if so. */
  readonly guard?: BudgetGuard;
  readonly limit: number;
  readonly unit: string;
  readonly measured?: number;
  /** 1 is all of the limit. */
  readonly share?: number;
  readonly basis?: string;
  readonly facts?: Readonly<Record<string, number>>;
  /** Why there is no figure. `young`: too early to hold it against anyone. */
  readonly unknown?: { readonly reason: string; readonly young: boolean };
  /** The steps that it would take: a stop, a notice, or both. */
  readonly reached: readonly EntryStep[];
  readonly waiting: readonly StepWaiting[];
  readonly nextStep?: StepAhead;
  /** The next step that stops, where that is another. */
  readonly nextStop?: StepAhead;
  readonly exempt?: ExemptionView;
  /** All of it in words. */
  readonly says: string;
};

/** What a tick would do about a run now. */
export type Foreseen = {
  readonly action: "notify" | "abort" | "abort-now" | "hold" | "nothing";
  readonly ruleId?: string;
  readonly step?: EntryStep;
  readonly mode?: Mode;
  readonly guard?: Guard;
  readonly owner?: string;
  /** Would Apify be called? */
  readonly called: boolean;
  /** When the very same was written in the audit before: it is said once. */
  readonly saidAt?: string;
  readonly why: string;
};

/** An intent that is open: the run is being stopped. */
export type IntentView = {
  readonly intentId: string;
  readonly ruleId: string;
  readonly since: string;
  readonly requestedAt?: string;
  readonly forcedAt?: string;
  /** What the policy and the operators say of it now. */
  readonly standing: "condemned" | "forbidden" | "unknown";
  readonly reason?: string;
};

/** Who paused all stops, and why. */
export type PauseView = {
  readonly by: string;
  readonly since: string;
  readonly until?: string;
  readonly reason: string;
};

/** An audit entry in short. */
export type Told = {
  readonly at: string;
  readonly entryId: string;
  readonly kind: string;
  readonly ruleId?: string;
  readonly by: string;
  readonly word: string;
  readonly text: string;
};

/** What the rules make of a run, and what comes of that. */
export type Judged = {
  readonly decision: Foreseen;
  /** What its owners would be told beside that. */
  readonly notices: readonly Foreseen[];
  readonly rules: readonly RuleView[];
};

/** What bounds what a run is charged. */
export type Charges = {
  /** Its cap was reached then; it goes on, and is charged no more. */
  readonly stoppedAt?: string;
  /** Pay per result: `most` are charged at most. */
  readonly results?: { readonly most: number; readonly usdEach: number; readonly usdAtMost: number };
};

/** Why a run was touched or not, as far as it is known. */
export type Explanation = Judged & {
  readonly kind: "live" | "ended";
  readonly runId: string;
  readonly actorId: string;
  readonly actorName?: string;
  readonly actorTaskId?: string;
  readonly taskName?: string;
  /** Of a run that a schedule started. */
  readonly scheduleId?: string;
  readonly scheduleName?: string;
  readonly run: EntryRun;
  readonly charges?: Charges;
  /** How its cost grew, in all its lives: each point is a look at it. */
  readonly curve: readonly { readonly at: string; readonly usd: number }[];
  readonly life: { readonly number: number; readonly since: string };
  readonly observedAt: string;
  readonly source: "list" | "detail" | "record";
  readonly ageSecs: number;
  /** Why the run was not read from Apify just now, if so. */
  readonly unread?: string;
  /** `null`: none was pushed. */
  readonly policyVersion: number | null;
  readonly mode: Mode | null;
  /** When the last tick that was written down ended. */
  readonly lastTickAt?: string;
  /** Nothing is stopped now, whatever a rule says. */
  readonly paused?: PauseView;
  readonly openIntent?: IntentView;
  readonly history: readonly Told[];
};

/** Neither the tables nor Apify know such a run. */
export type UnknownRun = {
  readonly kind: "unknown";
  readonly runId: string;
  /** The live run whose id is most like it. */
  readonly nearest?: string;
  readonly unread?: string;
};
