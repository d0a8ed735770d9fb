export { formatBytes } from "./bytes.ts";
export { type Caps, documentFromCaps } from "./caps.ts";
export {
  type AlsoBreached,
  type DecideInput,
  type Decision,
  type Decisions,
  decide,
  stopFor,
} from "./decide.ts";
export { formatDuration, parseDurationSecs } from "./duration.ts";
export { formatPath, formatProblem, PolicyError, type Problem } from "./errors.ts";
export {
  type Blast,
  blastRoom,
  type ControlView,
  type Exemption,
  type ExemptionSubject,
  type Guard,
  isExempt,
  isPaused,
  type Pause,
  type RecentIntent,
} from "./guards.ts";
export { type Judgement, judgeRun, needsDetail } from "./judgement.ts";
export { isYoungLife, type Unit } from "./limits/limit.ts";
export { formatUsd, type MicroUsd, parseUsd, toMicroUsd, toUsd } from "./money.ts";
export { nearest } from "./nearest.ts";
export { parsePolicy } from "./parse.ts";
export {
  type Action,
  DEFAULT_ESCALATION,
  type MaxAborts,
  type Mode,
  modeOf,
  type Policy,
  type Rule,
  type Selector,
  type Step,
} from "./policy.ts";
export {
  ENDED_STATUSES,
  isActive,
  isEnded,
  isLive,
  isStopping,
  LIVE_STATUSES,
  type Life,
  type Observation,
  type Run,
  type RunDetail,
  type Source,
} from "./run.ts";
export { namesNeeded } from "./selector.ts";
export { type Evidence, looksAfter } from "./verdict.ts";
