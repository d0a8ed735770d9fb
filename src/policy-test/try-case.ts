import { decide } from "../policy/judge/decide.ts";
import type { BudgetDecision } from "../policy/judge/decision.ts";
import type { ControlView, Exemption, ExemptionSubject } from "../policy/judge/guards.ts";
import type { Policy } from "../policy/policy.ts";
import { isLive } from "../policy/run.ts";
import { explainDecision, foreseeBudget } from "../watchdog/explain/explain-decision.ts";
import type { Foreseen, Judged, RuleView } from "../watchdog/explain/explanation.ts";
import type { Case, CaseRun } from "./case-file.ts";
import type { Expectation, WrittenExemption } from "./case-form.ts";
import { type Difference, differencesOf, type Got, gotFrom } from "./differences.ts";
import { idOf, observationFrom } from "./observation.ts";
import { standingsIn } from "./standings.ts";

/** What became of one run of a case. */
export type RunOutcome = {
  readonly runId: string;
  readonly expected: Expectation;
  readonly got: Got;
  /** Empty where it is as expected. */
  readonly differences: readonly Difference[];
  readonly why: string;
  readonly rules: readonly RuleView[];
};

export type CaseOutcome = {
  readonly name: string;
  readonly passed: boolean;
  readonly runs: readonly RunOutcome[];
};

const HALF_HOUR_MS = 1_800_000;
const MINUTE_MS = 60_000;
/** An exemption of which no end is said outlasts any case. */
const YEAR_MS = 365 * 86_400_000;

function subjectOf({ run, actor, task, rule }: WrittenExemption): ExemptionSubject {
  const under = rule === undefined ? {} : { ruleId: rule };
  if (run !== undefined) return { kind: "run", id: run, ...under };
  if (actor !== undefined) return { kind: "actor", id: idOf(actor), ...under };
  return task === undefined ? { kind: "rule", id: rule ?? "" } : { kind: "task", id: idOf(task), ...under };
}

function exemptionFrom(written: WrittenExemption, now: Date): Exemption {
  const { until, ceiling } = written;
  const span = typeof until === "number" ? until * 1000 : YEAR_MS;
  return {
    kind: "valid",
    subject: subjectOf(written),
    until: until instanceof Date ? until : new Date(now.getTime() + span),
    ...(ceiling !== undefined && { ceilingMicroUsd: ceiling }),
    owner: "the case",
    reason: "it says so",
  };
}

function controlOf({ now, exempt = [], paused = false, stoppedInLastHour = 0 }: Case): ControlView {
  const at = new Date(now.getTime() - HALF_HOUR_MS);
  const tick = { tickId: "before", tickEndsBy: new Date(at.getTime() + MINUTE_MS) };
  return {
    ...(paused && { pause: { since: now, by: "the case", reason: "it says so" } }),
    exemptions: exempt.map((each) => exemptionFrom(each, now)),
    recentIntents: others(stoppedInLastHour, "stopped").map((runId) => ({ runId, life: 0, at, ...tick })),
    openRunIds: new Set(),
  };
}

/** What is told of the budgets that a run is in: of its group and not of the run, but a case has no other place for it. */
const toldOfBudgets = (budgets: readonly BudgetDecision[], { rules }: Judged): readonly Foreseen[] =>
  budgets
    .filter(({ ruleId, subject, step }) => {
      const own = rules.find((rule) => rule.ruleId === ruleId)?.place;
      return step.do === "notify" && own?.group === subject.group;
    })
    .map(foreseeBudget);

function outcomeOf(
  { id, expected }: CaseRun,
  judged: Judged,
  budgets: readonly BudgetDecision[],
  policy: Policy,
): RunOutcome {
  const { decision, notices, rules } = judged;
  const isStop = decision.action !== "notify" && decision.action !== "nothing";
  // Of several notices any may be the one that is meant.
  const candidates = isStop ? [decision] : [decision, ...notices, ...toldOfBudgets(budgets, judged)];
  const ruleIds = policy.rules.map((rule) => rule.id);
  const [best] = candidates
    .map((foreseen) => {
      const got = gotFrom(foreseen);
      return { got, why: foreseen.why, differences: differencesOf(expected, got, ruleIds) };
    })
    .sort((a, b) => a.differences.length - b.differences.length);
  if (best === undefined) throw new Error("a decision is always foreseen");
  return { runId: id, expected, ...best, rules };
}

/** Ids of runs of which nothing else is said. */
const others = (count: number, what: string): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${what} ${at + 1}`);

/** Plays one case by the policy: what a tick would decide then, by the functions that it decides with. */
export function tryCase(policy: Policy, each: Case): CaseOutcome {
  const { now } = each;
  const seen = each.runs.map((run) => ({
    run,
    observation: observationFrom(run.written, run.id, policy, now),
  }));
  const live = seen.map(({ observation }) => observation).filter(({ run }) => isLive(run.status));
  const liveRunIds = [...live.map(({ run }) => run.id), ...others(each.otherLiveRuns ?? 0, "live")];
  const input = {
    policy,
    observations: live,
    budgets: standingsIn(
      policy,
      each,
      seen.map(({ observation }) => observation),
    ),
    control: controlOf(each),
    blast: { tick: { id: "case", startedAt: now }, liveRunIds: new Set(liveRunIds) },
    now,
  };
  const { budgets } = decide(input);
  const runs = seen.map(({ run, observation }) =>
    outcomeOf(run, explainDecision(input, observation), budgets, policy),
  );
  return { name: each.name, passed: runs.every(({ differences }) => differences.length === 0), runs };
}
