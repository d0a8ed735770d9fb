import {
  type Decision,
  decide,
  type Guard,
  isExempt,
  isPaused,
  isStop,
  judgeRun,
  type LedgerView,
  modeOf,
  type Observation,
  type Policy,
  standingsOf,
} from "../../policy/index.ts";
import { quietDraft } from "../audit/drafts.ts";
import { type Control, viewOf } from "../model/control.ts";
import type { EntryEvidence, EntryStep } from "../model/entry.ts";
import { evidenceOf, plainEvidence } from "../model/evidence.ts";
import { standingOf } from "../model/standing.ts";
import { type BudgetsView, viewBudgets } from "./budget-view.ts";

/** The live runs at an instant, and all else that a decision about them depends on. */
export type Sight = {
  readonly source: "apify" | "last-tick";
  readonly asOf: Date;
  readonly observations: readonly Observation[];
  readonly liveRunIds: ReadonlySet<string>;
  /** Ids of the entries that are in the audit already, by run. */
  readonly said: ReadonlyMap<string, readonly string[]>;
  readonly control: Control;
  /** What the budgets of either policy are judged by, if one has any. */
  readonly ledger?: LedgerView;
  /** What could not be looked at, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
};

/** A run that a policy would do something about, by which rule and on what evidence. */
export type AffectedRun = {
  readonly runId: string;
  readonly actorId: string;
  readonly actorName?: string;
  readonly ruleId: string;
  readonly step: EntryStep;
  readonly guard?: Guard;
  readonly evidence: EntryEvidence;
};

/** What another policy would do about the live runs now. */
export type PolicyEffect = {
  readonly source: Sight["source"];
  readonly asOf: string;
  readonly liveRuns: number;
  readonly stops: readonly AffectedRun[];
  /** Over a limit, and not stopped because of a guard. */
  readonly held: readonly AffectedRun[];
  /** Over a limit that is believed at two looks only, of which this is the first. `guard`: what will hold the stop. */
  readonly waiting: readonly AffectedRun[];
  /** Would be stopped if the rule were enforced. */
  readonly observed: readonly AffectedRun[];
  /** Notices that were not given yet. */
  readonly notices: readonly AffectedRun[];
  /** What the policy in force stops, holds, or is about to stop, and the other one would not. */
  readonly spared: readonly AffectedRun[];
  /** Where its budgets stand. */
  readonly budgets: BudgetsView;
  /** What could not be judged, by reason. */
  readonly unjudged: Readonly<Record<string, number>>;
};

const TICK_ID = "preview";

function decisionsOf({ observations, control, ledger, liveRunIds, asOf }: Sight, policy: Policy) {
  const tick = { id: TICK_ID, startedAt: asOf };
  const view = viewOf(control);
  return decide({ policy, observations, ledger, control: view, blast: { tick, liveRunIds }, now: asOf });
}

const stopsForReal = ({ action, mode }: Decision): boolean => action !== "notify" && mode === "enforce";

/** Open intents that no call has left for, and that the other policy would let go. */
function letGo({ observations, control, ledger, asOf }: Sight, before: Policy | undefined, after: Policy) {
  return control.openIntents.flatMap((intent) => {
    const observation = observations.find(({ run }) => run.id === intent.runId);
    const called = intent.callSent || intent.requestedAt !== undefined;
    if (observation === undefined || called || intent.order) return [];
    const standing = (policy: Policy | undefined) =>
      standingOf(policy && { version: 0, hash: "", policy }, intent, observation, control, asOf, ledger).kind;
    return standing(before) === "condemned" && standing(after) === "forbidden"
      ? [{ intent, observation }]
      : [];
  });
}

const whose = ({ run, actorName }: Observation) => ({
  runId: run.id,
  actorId: run.actorId,
  ...(actorName !== undefined && { actorName }),
});

/** Runs whose first look by a limit this is, and that a second one like it stops. */
function waitingUnder(
  { observations, control, ledger, asOf }: Sight,
  policy: Policy,
): readonly AffectedRun[] {
  const budgets = ledger && standingsOf(policy, ledger, asOf);
  const view = viewOf(control);
  return observations.flatMap((observation) => {
    if (view.openRunIds.has(observation.run.id)) return [];
    const rows = judgeRun(policy, observation, asOf, { budgets }).flatMap(
      (judgement): readonly AffectedRun[] => {
        if (judgement.applies !== "yes" || judgement.verdict.kind === "unknown") return [];
        const { rule, verdict } = judgement;
        const wait = verdict.waiting.find((each) => each.for === "a second look" && isStop(each.step));
        if (wait === undefined) return [];
        const guards: readonly (readonly [Guard, boolean])[] = [
          ["observe", modeOf(policy, rule) === "observe"],
          ["exemption", isExempt(view, rule.id, observation, asOf)],
          ["pause", isPaused(view, asOf)],
        ];
        const guard = guards.find(([, holds]) => holds)?.[0] ?? judgement.guard;
        const evidence = plainEvidence(verdict.evidence);
        return [
          { ...whose(observation), ruleId: rule.id, step: wait.step, ...(guard && { guard }), evidence },
        ];
      },
    );
    // One that nothing will hold says most.
    const first = rows.find(({ guard }) => guard === undefined) ?? rows[0];
    return first ? [first] : [];
  });
}

/** What putting `after` in force in place of `before` would do about the live runs, by the decisions of a tick. Pure. */
export function effectOf(sight: Sight, before: Policy | undefined, after: Policy): PolicyEffect {
  const { observations, said, asOf, source, liveRunIds } = sight;
  const byRun = new Map(observations.map((observation) => [observation.run.id, observation]));
  const stamp = { now: asOf, tickId: TICK_ID, policyVersion: 0 };
  const affected = (decisions: readonly Decision[]): readonly AffectedRun[] =>
    decisions.flatMap((decision) => {
      const observation = byRun.get(decision.subject.runId);
      if (observation === undefined) return [];
      const { ruleId, step, guard } = decision;
      return [
        { ...whose(observation), ruleId, step, ...(guard && { guard }), evidence: evidenceOf(decision) },
      ];
    });
  const isNew = (decision: Decision): boolean => {
    const observation = byRun.get(decision.subject.runId);
    const draft = observation && quietDraft(decision, observation, stamp);
    return draft !== undefined && said.get(decision.subject.runId)?.includes(draft.entryId) !== true;
  };
  const { decisions, unjudged } = decisionsOf(sight, after);
  const wishes = decisions.filter(({ action }) => action !== "notify");
  const stays = new Set(wishes.filter(stopsForReal).map(({ subject }) => subject.runId));
  const waiting = waitingUnder(sight, after).filter(({ runId }) => !stays.has(runId));
  const stoppedBefore = before ? decisionsOf(sight, before).decisions.filter(stopsForReal) : [];
  return {
    source,
    asOf: asOf.toISOString(),
    liveRuns: liveRunIds.size,
    stops: affected(wishes.filter((each) => stopsForReal(each) && each.action !== "hold")),
    held: affected(wishes.filter(({ action }) => action === "hold")),
    waiting,
    observed: affected(wishes.filter(({ action, mode }) => action !== "hold" && mode === "observe")),
    notices: affected(decisions.filter((each) => each.action === "notify" && isNew(each))),
    spared: [
      ...affected(stoppedBefore.filter(({ subject }) => !stays.has(subject.runId))),
      ...letGo(sight, before, after).map(({ intent, observation }) => {
        const { ruleId, step, evidence } = intent;
        return { ...whose(observation), ruleId, step, evidence };
      }),
    ],
    budgets: viewBudgets(after, sight.ledger, asOf),
    unjudged: { ...sight.skipped, ...unjudged },
  };
}
