export { type Blast, blastRoom, keptOf, takenOf } from "./judge/blast/blast.ts";
export { type Loop, loopsOf } from "./judge/blast/loops.ts";
export { inLastHour, type RecentIntent, type Stopped, stoppedAs } from "./judge/blast/stopped.ts";
export { budgetStepsAhead } from "./judge/budgets/budget-ahead.ts";
export { budgetLooksAfter } from "./judge/budgets/budget-looks.ts";
export {
  BUDGET,
  type BudgetGuard,
  type BudgetStanding,
  type BudgetStandings,
  standingFor,
  standingKey,
  standingsOf,
} from "./judge/budgets/budgets.ts";
export { groupFor, groupOf, isUntold, isWithin } from "./judge/budgets/spend-groups.ts";
export {
  countSelected,
  type KnownAccount,
  type KnownName,
  type SelectedCount,
  type Taken,
  type TakesNothing,
} from "./judge/count-selected.ts";
export { decide } from "./judge/decide.ts";
export type { BudgetDecision, DecideInput, Decision, Decisions } from "./judge/decision.ts";
export {
  type ControlView,
  covers,
  type Exemption,
  type ExemptionSubject,
  exempts,
  type Guard,
  isExempt,
  isPaused,
  type Pause,
} from "./judge/guards.ts";
export type { HoldCause, HoldDecision, HoldGuard, WantedHold } from "./judge/holds/hold-decision.ts";
export { type Held, type HeldInput, holdOver } from "./judge/holds/hold-over.ts";
export { loopHolds } from "./judge/holds/loop-holds.ts";
export { isExemptSource, type Source as HoldSource, wantedHolds } from "./judge/holds/wanted-holds.ts";
export { nextBudgetInstant, nextInstant } from "./judge/instants.ts";
export { looksAfter } from "./judge/judge.ts";
export { type Judgement, judgeRun, needsDetail, needsOwners } from "./judge/judgement.ts";
export { needsCost, restsOnCost, rulesOnCost } from "./judge/needs-cost.ts";
export { matchNamed, matchSelector, type NamedKey, namesNeeded } from "./judge/selector.ts";
export { type Ahead, stepsAhead } from "./judge/steps-ahead.ts";
export { type AlsoBreached, stopFor } from "./judge/stop.ts";
export { takesNothingWarnings } from "./judge/takes-nothing.ts";
export { type Comparable, typicalOf } from "./judge/typical.ts";
export { stopsAtTimes, type TypicalShare, typicalShare } from "./judge/typical-share.ts";
export type { Evidence, Reached, Verdict, Waiting } from "./judge/verdict.ts";
export { budgetWords, periodWords, quantityWords } from "./language/budget-words.ts";
export { CAP_NAMES, type Caps, capAt, capId, capsOf, documentFromCaps, hasCaps } from "./language/caps.ts";
export { formatPath, formatProblem, PolicyError, type Problem } from "./language/errors.ts";
export { policyJsonSchema } from "./language/json-schema.ts";
export { parseNewPolicy } from "./language/new-policy.ts";
export { parsePolicy, parseStoredPolicy } from "./language/parse.ts";
export { type Warning, type WarningKind, warningsOf } from "./language/warnings.ts";
export { isZeroDoubtful } from "./limits/doubtful-zero.ts";
export { isYoungLife, type Unit } from "./limits/limit.ts";
export { TWO_LOOKS_SECS } from "./limits/looks.ts";
export { figureOf, metricWords, plainFigure, termsOf, unitOf } from "./limits/registry.ts";
export type { Activity, Life, Observation, Source, Typical, TypicalFigure } from "./observation.ts";
export {
  type Action,
  type Basis,
  type Budget,
  type BudgetRule,
  type Criteria,
  DEFAULT_ESCALATION,
  DEFAULT_LOOP,
  DEFAULT_MAX_ABORTS,
  DEFAULT_MAX_HOLDS,
  DEFAULT_STALE_AFTER_SECS,
  DEFAULT_TIME_ZONE,
  GRACE_SECS,
  holdersIn,
  isBudgetRule,
  isLimitRule,
  isStop,
  type LimitRule,
  LOOP_GUARD,
  type LoopGuard,
  type MaxAborts,
  MOST_HOLDS,
  type Mode,
  modeOf,
  ownerOf,
  type Period,
  type Policy,
  type Quantity,
  type Rule,
  type RuleLimit,
  type RuleStep,
  type Selector,
  type Step,
} from "./policy.ts";
export {
  ENDED_STATUSES,
  hasFailed,
  isActive,
  isEnded,
  isLive,
  isPossible,
  isStopping,
  LIVE_STATUSES,
  mayBeChildOf,
  NO_PRICING,
  type Run,
  type RunDetail,
  type RunSettings,
  type RunSource,
  sourceKey,
  sourceOf,
} from "./run.ts";
export type { BudgetPlace } from "./spend/budget-place.ts";
export { calendarDay, monthOf, startOfDay, weekdayOf, weekOf } from "./spend/calendar.ts";
export {
  type Cell,
  type Counts,
  type SlotSpan,
  type Spender,
  spansOf,
  spenderKey,
  spenderOf,
  spentWithin,
  sumCells,
} from "./spend/cells.ts";
export type { EarlierName, LedgerView, LiveSpend, Named, Recorded, Unpriced } from "./spend/ledger-view.ts";
export { knownSince } from "./spend/ledger-view.ts";
export { plainAmount, unitOfBudget } from "./spend/quantity.ts";
export { type Window, windowAt } from "./spend/windows.ts";
export { formatBytes } from "./values/bytes.ts";
export { formatCount } from "./values/count.ts";
export { formatDuration, parseDurationSecs } from "./values/duration.ts";
export { isObject } from "./values/forms.ts";
export { parseInstant } from "./values/instant.ts";
export { formatMemory, formatMemoryRange } from "./values/memory.ts";
export { formatUsd, type MicroUsd, parseUsd, toMicroUsd, toUsd } from "./values/money.ts";
export { nearest } from "./values/nearest.ts";
export { canonical } from "./values/patterns.ts";
export {
  lineProblem,
  MOST_NAME,
  MOST_OWNER,
  MOST_REASON,
  printable,
  printableAll,
  printableLines,
} from "./values/printable.ts";
export { formatSchedule, type Schedule } from "./values/schedule.ts";
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
} from "./values/slots.ts";
