import type { TrueSchedule } from "../../../../emulator/index.ts";
import type { ControlAt } from "../control-plane.ts";
import type { Knowledge } from "../knowledge.ts";
import type { PolicyDocument } from "../policy-text.ts";
import type { Hold } from "./known-holds.ts";

/** Clocks of processes that may change anything are no further from Apify's. */
export const CLOCK_MS = 35_000;

const LOOP = "guards.loop";

export const MOST_HOLDS = 10;

const ruleOf = ({ cause }: Pick<Hold, "cause">): string =>
  cause.kind === "loop" ? LOOP : (cause.ruleId ?? "");

/** Does the policy ask, in earnest, for schedules to be held on this account? */
export function asksFor(document: PolicyDocument | undefined, { cause }: Pick<Hold, "cause">): boolean {
  if (document === undefined) return false;
  const { mode = "observe", guards, rules } = document;
  if (cause.kind === "hand") return true;
  if (cause.kind === "loop") return guards?.loop?.do === "hold" && mode === "enforce";
  const rule = rules.find(({ id }) => id === cause.ruleId);
  const isEnforced = (rule?.mode ?? mode) === "enforce";
  return isEnforced && rule?.budget !== undefined && rule.steps.some((step) => step.do === "hold");
}

/** Is what the schedule starts exempt, by this state, whatever the clock shows? */
function isExempt(
  { exemptions }: ControlAt,
  hold: Pick<Hold, "cause">,
  schedule: TrueSchedule | undefined,
  nowMs: number,
): boolean {
  if (hold.cause.kind === "hand") return false;
  const ruleId = ruleOf(hold);
  return exemptions.some(({ subject, untilMs, ceilingUsd }) => {
    if (untilMs <= nowMs + CLOCK_MS || ceilingUsd !== undefined) return false;
    if (subject.ruleId !== undefined && subject.ruleId !== ruleId) return false;
    return (
      (subject.kind === "rule" && subject.id === ruleId) ||
      (subject.kind === "actor" && schedule?.actorIds.includes(subject.id) === true) ||
      (subject.kind === "task" && schedule?.taskIds.includes(subject.id) === true)
    );
  });
}

/** Why nothing may be disabled on this account by any of the states of a span, if so: `undefined` where one allowed it. */
export function forbiddenIn(
  know: Knowledge,
  states: readonly ControlAt[],
  hold: Pick<Hold, "cause" | "scheduleId">,
  nowMs: number,
): string | undefined {
  const schedule = know.history.truth.schedules().find(({ id }) => id === hold.scheduleId);
  const reasons = states.map((state) => {
    if ((state.pausedUntilMs ?? 0) > nowMs + CLOCK_MS) return "it is paused";
    // What nobody can read any more is in force as it was.
    const document = know.control.document(state.policyVersion);
    if (document && !asksFor(document, hold)) return "the policy does not ask for it";
    return isExempt(state, hold, schedule, nowMs) ? "it is exempt" : undefined;
  });
  return reasons.every((each) => each !== undefined) ? reasons.at(-1) : undefined;
}

export const isPausedIn = (states: readonly ControlAt[], nowMs: number): boolean =>
  states.length > 0 && states.every(({ pausedUntilMs = 0 }) => pausedUntilMs > nowMs + CLOCK_MS);
