export { budgetStepsAhead } from "./budget-ahead.ts";
export { budgetLooksAfter } from "./budget-looks.ts";
export type { BudgetPlace } from "./budget-place.ts";
export { budgetWords, periodWords } from "./budget-words.ts";
export {
  BUDGET,
  type BudgetGuard,
  type BudgetStanding,
  type BudgetStandings,
  groupFor,
  groupOf,
  standingFor,
  standingKey,
  standingsOf,
} from "./budgets.ts";
export { formatBytes } from "./bytes.ts";
export { CAP_NAMES, type Caps, capAt, capId, capsOf, documentFromCaps, hasCaps } from "./caps.ts";
export { type Cell, type SlotSpan, type Spender, spansOf, spentWithin, sumCells } from "./cells.ts";
export { type BudgetDecision, type DecideInput, type Decision, type Decisions, decide } from "./decide.ts";
export { formatDuration, parseDurationSecs } from "./duration.ts";
export { formatPath, formatProblem, PolicyError, type Problem } from "./errors.ts";
export { isObject } from "./forms.ts";
export {
  type Blast,
  blastRoom,
  type ControlView,
  covers,
  type Exemption,
  type ExemptionSubject,
  exempts,
  type Guard,
  isExempt,
  isPaused,
  type Pause,
  type RecentIntent,
  takenOf,
} from "./guards.ts";
export { nextBudgetInstant, nextInstant } from "./instants.ts";
export { policyJsonSchema } from "./json-schema.ts";
export { type Judgement, judgeRun, needsDetail } from "./judgement.ts";
export type { LedgerView, LiveSpend, Named, Recorded } from "./ledger-view.ts";
export { isYoungLife, type Unit } from "./limits/limit.ts";
export { metricWords, plainFigure, termsOf, unitOf } from "./limits/registry.ts";
export { formatMemory, formatMemoryRange } from "./memory.ts";
export { formatUsd, type MicroUsd, parseUsd, toMicroUsd, toUsd } from "./money.ts";
export { nearest } from "./nearest.ts";
export { parsePolicy } from "./parse.ts";
export {
  type Action,
  type Basis,
  type Budget,
  type BudgetRule,
  type Criteria,
  DEFAULT_ESCALATION,
  DEFAULT_MAX_ABORTS,
  DEFAULT_STALE_AFTER_SECS,
  DEFAULT_TIME_ZONE,
  GRACE_SECS,
  isBudgetRule,
  isLimitRule,
  type LimitRule,
  type MaxAborts,
  type Mode,
  modeOf,
  ownerOf,
  type Period,
  type Policy,
  type Rule,
  type RuleLimit,
  type RuleStep,
  type Selector,
  type Step,
} from "./policy.ts";
export {
  type Activity,
  ENDED_STATUSES,
  isActive,
  isEnded,
  isLive,
  isStopping,
  LIVE_STATUSES,
  type Life,
  NO_PRICING,
  type Observation,
  type Run,
  type RunDetail,
  type RunSettings,
  type Source,
  type Typical,
  type TypicalFigure,
} from "./run.ts";
export { formatSchedule, type Schedule } from "./schedule.ts";
export { namesNeeded } from "./selector.ts";
export {
  addSpend,
  DAY_MS,
  dayOf,
  daySlot,
  endOfSlot,
  HOUR_MS,
  hourSlot,
  hoursOf,
  isHourSlot,
  type Slot,
  type SpendBySlot,
  spread,
  startOfSlot,
  totalOf,
} from "./slots.ts";
export { type Ahead, stepsAhead } from "./steps-ahead.ts";
export { type AlsoBreached, stopFor } from "./stop.ts";
export {
  type Evidence,
  looksAfter,
  type Reached,
  TWO_LOOKS_SECS,
  type Verdict,
  type Waiting,
} from "./verdict.ts";
export { type Warning, warningsOf } from "./warnings.ts";
export { type Window, windowAt } from "./windows.ts";
