import {
  type BudgetStandings,
  isExempt,
  isLive,
  judgeRun,
  type LedgerView,
  type Mode,
  modeOf,
  type Observation,
  type Policy,
  standingsOf,
} from "../../policy/index.ts";
import { storedLedger } from "../ledger/stored-ledger.ts";
import type { Control, OpenIntent, PolicyInForce } from "../model/control.ts";
import { type Entry, type EntryEvidence, runChain } from "../model/entry.ts";
import { plainEvidence } from "../model/evidence.ts";
import type { Heartbeat, Live, LiveRun } from "../model/live.ts";
import type { Known } from "../model/pass.ts";
import type { ReadPorts } from "../model/ports.ts";
import { storedKnown } from "../observe/known.ts";
import type { OfActor } from "../observe/names.ts";
import { observationOf } from "../observe/remember.ts";
import { policyInForce } from "../policies/policy-in-force.ts";
import { type BudgetsView, viewBudgets } from "./budget-view.ts";
import { endedSince } from "./ended-since.ts";

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
  /** Its open intent: it is being stopped. */
  readonly intent?: OpenIntent;
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
  observation: Observation,
  now: Date,
  budgets: BudgetStandings | undefined,
  control: Control,
): readonly Share[] {
  const shares = judgeRun(policy, observation, now, { underIntent: true, budgets }).flatMap((judgement) => {
    if (judgement.applies !== "yes" || judgement.verdict.kind === "unknown") return [];
    const { metric, measured, limit, unit } = plainEvidence(judgement.verdict.evidence);
    const { rule } = judgement;
    const exempt = isExempt(control, rule.id, observation, now);
    const mode = modeOf(policy, rule);
    return [{ ruleId: rule.id, mode, metric, measured, limit, unit, share: measured / limit, exempt }];
  });
  return shares.toSorted((a, b) => b.share - a.share);
}

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
  const views = [...runs]
    .filter(({ run }) => isLive(run.status))
    .map((live): RunView => {
      const observation = observationOf(live, known(live));
      const intent = control.openIntents.find(({ runId }) => runId === live.run.id);
      const shares = policy ? sharesOf(policy, observation, now, budgets, control) : [];
      return { live, observation, shares, ...(intent && { intent }) };
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

/** Runs whose stop was confirmed, or which turned out to have ended, after the last tick had looked at them. */
async function endedRuns(
  ports: Pick<ReadPorts, "audit">,
  control: Control,
  runs: ReadonlyMap<string, LiveRun>,
): Promise<ReadonlySet<string>> {
  const open = new Set(control.openIntents.map(({ runId }) => runId));
  const ended = new Set<string>();
  for (const { runId, life } of control.recentIntents) {
    const live = runs.get(runId);
    if (live === undefined || open.has(runId) || live.life.number !== life) continue;
    const entries = (await ports.audit.readChain(runChain(runId))).map(
      ({ text }) => JSON.parse(text) as Entry,
    );
    if (endedSince(entries, live)) ended.add(runId);
  }
  return ended;
}

type LastSeen = {
  readonly control: Control;
  readonly index: Live;
  readonly heartbeat?: Heartbeat;
  /** The live runs as the last tick left them, less those known to have ended since. */
  readonly live: readonly LiveRun[];
  /** What the tables know of the runs' Actors and tasks, as far as a policy asks for it. */
  readonly known: (policy: Policy | undefined) => Promise<(run: OfActor) => Known>;
};

/** What the tables know of live runs. Asks nobody but the tables. */
export async function lastSeenRuns(ports: Pick<ReadPorts, "state" | "audit">): Promise<LastSeen> {
  const control = await ports.state.readControl();
  const index = await ports.state.readLive();
  const { runs, heartbeat } = index;
  const ended = await endedRuns(ports, control, runs);
  const live = [...runs.values()].filter(({ run }) => isLive(run.status) && !ended.has(run.id));
  const known: LastSeen["known"] = (policy) =>
    storedKnown(
      ports.state,
      policy,
      live.map(({ run }) => run),
    );
  return { control, index, ...(heartbeat && { heartbeat }), live, known };
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
