import {
  BUDGET,
  type Criteria,
  formatDuration,
  formatMemory,
  formatMemoryRange,
  formatSchedule,
  isActive,
  isStop,
  metricWords,
  type Observation,
  type Rule,
  TWO_LOOKS_SECS,
} from "../../policy/index.ts";
import { formatMeasure } from "../audit/describe.ts";
import {
  budgetAmounts,
  budgetHeld,
  budgetVerb,
  groupWords,
  unknownOfRuns,
} from "../audit/describe-budget.ts";
import type { EntryStep } from "../model/entry.ts";
import { minuteOf } from "../model/minute.ts";
import type { ExemptionView, HeldAhead, RuleView, StepAhead, StepWaiting } from "./explanation.ts";

const DOES: Readonly<Record<string, string>> = {
  notify: "notice",
  hold: "hold of its schedules",
  abort: "stop",
  "abort-now": "stop without grace",
};

const doneBy = ({ do: action }: EntryStep): string => DOES[action] ?? action;

/** `exempt: run iOIR… until 2026-11-24 18:00 UTC or $20.00, by ann: a backfill`. */
export function exemptionWords({
  subject,
  until,
  ceilingUsd,
  owner,
  reason,
  problem,
}: ExemptionView): string {
  if (problem !== undefined)
    return `exempt: an exemption of ${subject} can't be read, so it protects (${problem})`;
  const ends = [
    until && `${minuteOf(until)} UTC`,
    ceilingUsd !== undefined && formatMeasure("USD", ceilingUsd),
  ];
  const end = ends.filter(Boolean).join(" or ");
  return `exempt: ${subject}${end ? ` until ${end}` : ""}, by ${owner}: ${reason}`;
}

/** What the run has of what a selector's key asks for. */
function ownOf(key: keyof Criteria, { run, actorName, taskName, scheduleName }: Observation): string {
  const { build, buildNumber, memoryMbytes, pricingModel } = run.settings ?? {};
  const own: Readonly<Record<keyof Criteria, string | undefined>> = {
    actors: actorName ?? run.actorId,
    tasks: taskName ?? run.actorTaskId ?? "no task",
    schedules: scheduleName ?? run.scheduleId ?? "no schedule",
    origins: run.origin,
    builds: [build, buildNumber].filter((each) => each !== undefined).join(", "),
    memory: memoryMbytes === undefined ? undefined : formatMemory(memoryMbytes),
    pricingModels: pricingModel,
  };
  return own[key] ?? "not reported";
}

function wantedBy(key: keyof Criteria, criteria: Criteria | undefined): string {
  if (key === "memory") return (criteria?.memory ?? []).map(formatMemoryRange).join(", ");
  return (criteria?.[key] ?? []).join(", ");
}

/** `for.origins is SCHEDULER, API; this run's: WEB`. */
function mismatch(because: string, { for: selector }: Rule, observation: Observation): string {
  const [, except, key = ""] = /^for\.(except\.)?(\w+)$/.exec(because) ?? [];
  if (key === "") return because;
  const criteria = except ? selector?.except : selector;
  const own = ownOf(key as keyof Criteria, observation);
  return `${because} is ${wantedBy(key as keyof Criteria, criteria)}; this run's: ${own}`;
}

const OPEN_NAMES: Readonly<Record<string, string>> = {
  actors: "the name of its Actor could not be resolved",
  tasks: "the name of its task could not be resolved",
  schedules: "the schedule that started it could not be resolved",
  "its origin": "its origin is not reported",
};

/** What is not known of a run that a rule asks for. */
export const openWords = (because: string): string =>
  OPEN_NAMES[because] ?? `Apify has not reported its ${because}`;

function whyNot(
  { applies, because = "" }: Pick<RuleView, "applies" | "because">,
  rule: Rule,
  seen: Observation,
) {
  switch (applies) {
    case "unresolved":
    case "untold":
      return `can't determine whether it applies: ${openWords(because)}`;
    case "not-in-this-status":
      return `does not judge a run in ${because}`;
    case "not-scheduled":
      return `outside its schedule (${rule.schedule ? formatSchedule(rule.schedule) : ""})`;
    default:
      return `does not apply: ${mismatch(because, rule, seen)}`;
  }
}

const basisWords = ({ basis }: EntryStep): string => (basis ? ` (${basis})` : "");

const HELD: Readonly<Record<HeldAhead, string>> = {
  exemption: ", but it is exempt",
  pause: ", but stops are paused",
  maxAborts: ", but maxAborts allows no stop",
};

/** `notice at 80% ($4.00, in about 12m)`, and what keeps a stop from being made by then. */
export function aheadWords(step: StepAhead, { metric, unit }: Pick<RuleView, "metric" | "unit">): string {
  const figure = unit === "flag" ? metricWords(metric) : formatMeasure(unit, step.figure);
  // Money is foreseen from its pace, time is not guessed.
  const about = metric === "usageTotalUsd" || metric === BUDGET ? "in about " : "in ";
  const when = step.inSecs === undefined ? "" : `, ${about}${formatDuration(Math.ceil(step.inSecs))}`;
  const held = step.held ? HELD[step.held] : "";
  return `${doneBy(step)} at ${step.at}%${basisWords(step)} (${figure}${when}${held})`;
}

function waitingWords(step: StepWaiting, rule: Rule): string {
  const reached = `reached ${step.at}%${basisWords(step)} (${step.do})`;
  if (step.for !== "its schedule")
    return `${reached}, waits for ${step.for} at least ${TWO_LOOKS_SECS} s after the first`;
  const schedule = rule.steps.find(({ at, do: action }) => at === step.at && action === step.do)?.schedule;
  return `${reached}, outside that step's schedule (${schedule ? formatSchedule(schedule) : ""})`;
}

const factWords = ({ metric, facts }: Pick<RuleView, "metric" | "facts">): readonly string[] => {
  if (facts === undefined) return [];
  if (metric === "noTimeout")
    return [`its timeout is ${facts.timeoutSecs ? formatDuration(facts.timeoutSecs) : "none"}`];
  const { own, usual, runs } = facts;
  if (own === undefined || usual === undefined) return [];
  const unit = metric.endsWith(".usd") ? "USD" : "secs";
  return [`${formatMeasure(unit, own)}, usual is ${formatMeasure(unit, usual)} (${runs} runs)`];
};

/** `spent $31.20 of $50.00 a day for the account until 2026-11-26 00:00 UTC`, and what holds its stops. */
function spentWords(
  view: Pick<RuleView, "place" | "guard" | "measured" | "limit" | "facts">,
  seen: Observation,
) {
  const { facts = {}, place, guard, measured, limit } = view;
  if (place === undefined || measured === undefined) return [];
  const names = { actor: seen.actorName, task: seen.taskName, schedule: seen.scheduleName };
  const name = names[place.each as keyof typeof names];
  const whose = groupWords({ ...place, ...(name !== undefined && { group: name }) });
  const spent = `${budgetVerb(place)} ${budgetAmounts(place, measured, limit)}${unknownOfRuns(facts.runsOfUnknownCost)} for ${whose} until ${minuteOf(place.to)} UTC`;
  return guard ? [spent, budgetHeld(guard)] : [spent];
}

/** A rule's view of a run in one line. */
export function saysOf(view: Omit<RuleView, "says">, rule: Rule, seen: Observation): string {
  if (view.applies !== "yes") return whyNot(view, rule, seen);
  const { reached, waiting, nextStep, nextStop, unknown, exempt, mode } = view;
  const stops = reached.some(isStop);
  const ahead = isActive(seen.run.status) || view.metric === "abortingTime" ? [nextStep, nextStop] : [];
  const parts = [
    ...spentWords(view, seen),
    ...(unknown ? [`not known${unknown.young ? " yet" : ""}: ${unknown.reason}`] : []),
    ...factWords(view),
    ...reached.map((step) => `reached ${step.at}%${basisWords(step)}: ${step.do}`),
    ...waiting.map((step) => waitingWords(step, rule)),
    ...(stops && mode === "observe" ? ["only observed"] : []),
    ...(exempt?.holds ? [exemptionWords(exempt)] : []),
    ...(exempt && !exempt.holds ? [`no longer ${exemptionWords(exempt)}`] : []),
    ...ahead.flatMap((step) => (step ? [aheadWords(step, view)] : [])),
  ];
  return parts.join("; ");
}
