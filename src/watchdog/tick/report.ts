import type { BudgetDecision, Decision, Decisions, HoldDecision, Mode } from "../../policy/index.ts";
import type { PolicyInForce } from "../model/control.ts";
import type { EntryEvidence, EntryStep, EntrySubject } from "../model/entry.ts";
import { evidenceOf } from "../model/evidence.ts";
import type { Blind, HeldStops } from "../model/live.ts";
import type { Outcome } from "../model/pass.ts";
import type { Capacity } from "../model/ports.ts";
import type { Coverage } from "../observe/list.ts";
import type { Context } from "./context.ts";
import { heldStops } from "./held-stops.ts";

export type ReportedDecision = {
  readonly subject: EntrySubject;
  /** Absent where the decision is about a budget. */
  readonly runId?: string;
  readonly ruleId: string;
  readonly step: EntryStep;
  /** `hold` is a stop that a guard prevents; `hold-sources` asks for the schedules behind a budget to be held. */
  readonly action: Decision["action"] | HoldDecision["action"];
  readonly guard?: string;
  readonly evidence: EntryEvidence;
};

/** What one tick saw, decided and did. Stable: others read it. Times are ISO 8601, money is in USD. */
export type TickReport = {
  readonly account: string;
  /** `null` when no policy was ever pushed: then nothing is stopped. */
  readonly policyVersion: number | null;
  readonly mode: Mode | null;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Live runs that Apify listed. */
  readonly listed: number;
  /** Runs that the rules judged. */
  readonly evaluated: number;
  /** What could not be done justice to, by reason. Empty when coverage is full. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Why a person must look after this watchdog. Empty when nobody need; each tick says it until it is mended. */
  readonly attention: readonly string[];
  readonly decisions: readonly ReportedDecision[];
  /** The entries that this tick wrote. */
  readonly outcomes: readonly Outcome[];
  /** Runs whose cost a rule asks for and Apify does not tell, past their first two minutes. */
  readonly unknownCost: number;
  /** Rules that can't judge what they are meant for, and why; `runs`: how many. */
  readonly blind: readonly Blind[];
  /** Stops that a guard other than an exemption prevents now, and what the runs burn meanwhile. */
  readonly heldStops: HeldStops;
  /** Every live run was listed and judged, what had to be written is, and no open intent waits for its call to be taken. */
  readonly complete: boolean;
  /** How often it waited for an instant at which a step could be reached, and looked just then. */
  readonly watched: number;
  readonly apiRequests: number;
  readonly consumedCapacity: Capacity;
};

const reported = (decision: Decision): ReportedDecision => ({
  subject: decision.subject,
  runId: decision.subject.runId,
  ruleId: decision.ruleId,
  step: decision.step,
  action: decision.action,
  ...(decision.guard && { guard: decision.guard }),
  evidence: evidenceOf(decision),
});

const reportedBudget = ({ subject, ...decision }: BudgetDecision | HoldDecision): ReportedDecision => ({
  subject: { ...subject, from: subject.from.toISOString() },
  ruleId: decision.ruleId,
  step: decision.step,
  action: decision.action,
  ...(decision.guard && { guard: decision.guard }),
  evidence: evidenceOf(decision),
});

const reportedHold = (hold: HoldDecision): ReportedDecision => ({
  ...(hold.mode === "observe" && { guard: "observe" }),
  ...reportedBudget(hold),
});

export function makeReport(
  context: Context,
  {
    inForce,
    cover,
    decided,
    attention,
    blind,
    complete,
    watched,
  }: {
    readonly inForce: PolicyInForce | undefined;
    readonly cover: Coverage | undefined;
    readonly decided: Pick<Decisions, "decisions" | "budgets" | "holds" | "unknownCost">;
    readonly attention: readonly string[];
    readonly blind: readonly Blind[];
    readonly complete: boolean;
    readonly watched: number;
  },
): TickReport {
  const { ports, tick } = context;
  return {
    account: ports.account,
    policyVersion: inForce?.version ?? null,
    mode: inForce?.policy.mode ?? null,
    startedAt: tick.startedAt.toISOString(),
    finishedAt: ports.clock.now().toISOString(),
    listed: cover?.listed ?? 0,
    evaluated: context.observations.size,
    skipped: Object.fromEntries(context.skipped),
    attention: [...context.attention.values(), ...attention],
    decisions: [
      ...decided.decisions.map(reported),
      ...decided.budgets.map(reportedBudget),
      ...decided.holds.map(reportedHold),
    ],
    outcomes: context.outcomes,
    unknownCost: decided.unknownCost.length,
    blind,
    heldStops: heldStops(decided.decisions, context.observations),
    complete,
    watched,
    apiRequests: ports.apify.takeRequestCount(),
    consumedCapacity: ports.state.takeConsumedCapacity(),
  };
}
