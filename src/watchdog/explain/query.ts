import {
  type Guard,
  isExempt,
  isLive,
  type Judgement,
  judgeRun,
  type LedgerView,
  type Mode,
  modeOf,
  type Observation,
  type Policy,
  standingsOf,
} from "../../policy/index.ts";
import { storedLedger } from "../ledger/stored-ledger.ts";
import { type Control, type OpenIntent, type PolicyInForce, viewOf } from "../model/control.ts";
import type { EntryEvidence } from "../model/entry.ts";
import { plainEvidence } from "../model/evidence.ts";
import type { SourceHold } from "../model/holds/hold.ts";
import { holdOfSchedule } from "../model/holds/sources.ts";
import type { Heartbeat, Live, LiveRun } from "../model/live.ts";
import type { Known } from "../model/pass.ts";
import type { ReadPorts } from "../model/ports.ts";
import { observationOf } from "../observe/remember.ts";
import { policyInForce } from "../policies/policy-in-force.ts";
import { type BudgetsView, viewBudgets } from "./budget-view.ts";
import { heldRuns } from "./held-runs.ts";
import { lastSeenRuns } from "./last-seen.ts";
import { nextStepOf, type RunStep } from "./next-step.ts";
import { whyNoLimit } from "./no-limit.ts";

/** How far a run is towards one rule's limit. */
export type Share = Pick<EntryEvidence, "metric" | "measured" | "limit" | "unit"> & {
  readonly ruleId: string;
  readonly mode: Mode;
  /** 1 is all of it. */
  readonly share: number;
  /** Does an exemption keep this rule from stopping this run? */
  readonly exempt: boolean;
};

/** A live run as the last tick saw it, against every rule that applies to it. */
export type RunView = {
  readonly live: LiveRun;
  readonly observation: Observation;
  /** The nearest limit first. */
  readonly shares: readonly Share[];
  /** What it comes to next if it goes on as it does, in seconds from then on; absent where no figure is known. */
  readonly nextStep?: RunStep;
  /** Its open intent: it is being stopped. */
  readonly intent?: OpenIntent;
  /** What keeps it from being stopped although a rule says so. */
  readonly held?: Guard;
  /** The hold of the schedule that started it: the run goes on, no other starts. */
  readonly scheduleHold?: SourceHold;
  /** Why no rule gives it a limit, where none does: `Standby: no rule names it`. */
  readonly noLimit?: string;
};

export type RunsView = {
  readonly control: Control;
  /** All that the last tick remembered. */
  readonly index: Live;
  readonly budgets: BudgetsView;
  readonly policy?: Policy;
  /** The same with its version, and what it stands in for. */
  readonly inForce?: PolicyInForce;
  readonly heartbeat?: Heartbeat;
  /** The nearest to a limit first. */
  readonly runs: readonly RunView[];
};

function sharesOf(
  policy: Policy,
  judgements: readonly Judgement[],
  observation: Observation,
  now: Date,
  control: Control,
): readonly Share[] {
  const shares = judgements.flatMap((judgement) => {
    if (judgement.applies !== "yes" || judgement.verdict.kind === "unknown") return [];
    const { metric, measured, limit, unit } = plainEvidence(judgement.verdict.evidence);
    const { rule } = judgement;
    const exempt = isExempt(control, rule.id, observation, now);
    const mode = modeOf(policy, rule);
    return [{ ruleId: rule.id, mode, metric, measured, limit, unit, share: measured / limit, exempt }];
  });
  return shares.toSorted((a, b) => b.share - a.share);
}

/** Of a run that lists alone have shown: no rule has judged it. */
const UNREAD = "not known: its detail could not be read yet";

/** How every live run stands to the policy, at an instant. Pure. Without a ledger the budgets are left out. */
export function viewRuns(
  policy: Policy | undefined,
  runs: Iterable<LiveRun>,
  control: Control,
  known: (live: LiveRun) => Known,
  now: Date,
  ledger?: LedgerView,
): readonly RunView[] {
  const budgets = policy && ledger && standingsOf(policy, ledger, now);
  const seen = [...runs]
    .filter(({ run }) => isLive(run.status))
    .map((live) => ({ live, observation: observationOf(live, known(live)) }));
  const observations = seen.flatMap(({ live, observation }) => (live.unread ? [] : [observation]));
  const guards = policy ? heldRuns(policy, observations, control, budgets, now) : new Map<string, Guard>();
  const views = seen.map(({ live, observation }): RunView => {
    const intent = control.openIntents.find(({ runId }) => runId === live.run.id);
    const isJudged = policy !== undefined && !live.unread;
    const judgements = isJudged ? judgeRun(policy, observation, now, { underIntent: true, budgets }) : [];
    const shares = policy ? sharesOf(policy, judgements, observation, now, control) : [];
    const outset = policy && { policy, control: viewOf(control), observation, budgets, now };
    const nextStep = outset && nextStepOf(judgements, shares, outset);
    const held = guards.get(live.run.id);
    const { scheduleId } = live.run;
    const scheduleHold = scheduleId === undefined ? undefined : holdOfSchedule(control, scheduleId);
    return {
      live,
      observation,
      shares,
      ...(nextStep && { nextStep }),
      ...(intent && { intent }),
      ...(held && { held }),
      ...(scheduleHold && { scheduleHold }),
      ...(shares.length === 0 && { noLimit: live.unread ? UNREAD : whyNoLimit(judgements, observation) }),
    };
  });
  // Runs of one budget all have its share: then their own limits tell them apart.
  const shareAt = ({ shares }: RunView, nth: number): number => shares[nth]?.share ?? 0;
  const nearer = (a: RunView, b: RunView): number => {
    const longest = Math.max(a.shares.length, b.shares.length);
    const places = Array.from({ length: longest }, (_none, nth) => shareAt(b, nth) - shareAt(a, nth));
    return places.find((difference) => difference !== 0) ?? 0;
  };
  const cost = ({ live }: RunView): number => live.run.usageTotalMicroUsd ?? 0;
  return views.toSorted((a, b) => nearer(a, b) || cost(b) - cost(a));
}

/** Where the budgets of the policy in force stand, as the last tick left them. Asks nobody but the tables. */
export async function queryBudgets(
  ports: Pick<ReadPorts, "state" | "audit" | "clock">,
): Promise<BudgetsView> {
  const { state, clock } = ports;
  const policy = (await policyInForce(ports, await state.readControl()))?.policy;
  const index = await state.readLive();
  const asOf = index.heartbeat?.finishedAt ?? clock.now();
  return viewBudgets(policy, await storedLedger(state, policy, index, asOf), asOf);
}

/** The live runs as the last tick left them, against the policy in force. Asks nobody but the tables. */
export async function queryRuns(ports: Pick<ReadPorts, "state" | "audit" | "clock">): Promise<RunsView> {
  const { control, index, heartbeat, live, known: learn } = await lastSeenRuns(ports);
  const inForce = await policyInForce(ports, control);
  const policy = inForce?.policy;
  const known = await learn(policy);
  const asOf = heartbeat?.finishedAt ?? ports.clock.now();
  const ledger = await storedLedger(ports.state, policy, index, asOf);
  return {
    control,
    index,
    budgets: viewBudgets(policy, ledger, asOf),
    ...(policy && { policy }),
    ...(inForce && { inForce }),
    ...(heartbeat && { heartbeat }),
    runs: viewRuns(policy, live, control, ({ run }) => known(run), asOf, ledger),
  };
}
