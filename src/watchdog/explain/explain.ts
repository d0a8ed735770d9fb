import {
  type DecideInput,
  isLive,
  isPaused,
  type LedgerView,
  nearest,
  type Observation,
  type Policy,
  toUsd,
} from "../../policy/index.ts";
import { quietDraft } from "../audit/drafts.ts";
import { entriesIn } from "../audit/entry-in.ts";
import { storedLedger } from "../ledger/stored-ledger.ts";
import { type Control, type PolicyInForce, viewOf } from "../model/control.ts";
import { type Entry, runChain } from "../model/entry.ts";
import { runFigures } from "../model/evidence.ts";
import type { Live, LiveRun } from "../model/live.ts";
import type { ReadPorts, StateReads } from "../model/ports.ts";
import { standingOf } from "../model/standing.ts";
import { knownPoints } from "../observe/curve/known-points.ts";
import { knownOf } from "../observe/known.ts";
import { observationOf } from "../observe/remember.ts";
import { rebase } from "../observe/spending.ts";
import { policyInForce } from "../policies/policy-in-force.ts";
import { chargesOf } from "./charges.ts";
import { explainDecision, type SaidAt } from "./explain-decision.ts";
import { rulesAtEnd, toldOf, whyEnded } from "./explain-ended.ts";
import type { Explanation, IntentView, Judged, PauseView, UnknownRun } from "./explanation.ts";
import { findRun, knownOfRun, readNow, whyUnread } from "./find-run.ts";
import { queryRuns } from "./query.ts";

function intentOf(
  control: Control,
  inForce: PolicyInForce | undefined,
  observation: Observation,
  ledger: LedgerView | undefined,
  now: Date,
): IntentView | undefined {
  const intent = control.openIntents.find(({ runId }) => runId === observation.run.id);
  if (intent === undefined) return undefined;
  const { intentId, ruleId, at, requestedAt, forcedAt } = intent;
  const standing = standingOf(inForce, intent, observation, control, now, ledger);
  return {
    intentId,
    ruleId,
    since: at.toISOString(),
    ...(requestedAt && { requestedAt: requestedAt.toISOString() }),
    ...(forcedAt && { forcedAt: forcedAt.toISOString() }),
    standing: standing.kind,
    ...(standing.kind !== "condemned" && { reason: standing.reason }),
  };
}

/** The pause that holds every stop now, if there is one. */
function pauseOf(control: Control, now: Date): PauseView | undefined {
  const { pause } = control;
  if (pause === undefined || !isPaused(viewOf(control), now)) return undefined;
  const { by, since, until, reason } = pause;
  return { by, since: since.toISOString(), ...(until && { until: until.toISOString() }), reason };
}

/** A tick writes what calls nothing once: when it did. */
const saidIn =
  (entries: readonly Entry[], observation: Observation, now: Date): SaidAt =>
  (decision) => {
    const draft = quietDraft(decision, observation, { now, tickId: "", policyVersion: 0 });
    return draft && entries.find(({ entryId }) => entryId === draft.entryId)?.at;
  };

function judged(
  input: DecideInput | undefined,
  observation: Observation,
  entries: readonly Entry[],
  now: Date,
  hasEnded: boolean,
): Judged {
  if (hasEnded) {
    const rules = input ? rulesAtEnd(input, observation) : [];
    return { decision: whyEnded(observation, entries), notices: [], rules };
  }
  if (input) return explainDecision(input, observation, saidIn(entries, observation, now));
  const why = "no policy was pushed, so nothing is stopped";
  return { decision: { action: "nothing", called: false, why }, notices: [], rules: [] };
}

/** What the next tick would decide on: the run as it is now among the others as the last tick saw them. */
function inputOf(
  { policy }: PolicyInForce,
  control: Control,
  observation: Observation,
  others: readonly Observation[],
  ledger: LedgerView | undefined,
  now: Date,
): DecideInput {
  const observations = isLive(observation.run.status) ? [observation, ...others] : others;
  const liveRunIds = new Set(observations.map(({ run }) => run.id));
  const blast = { tick: { id: "explain", startedAt: now }, liveRunIds };
  return { policy, observations, ledger, control: viewOf(control), blast, now };
}

/** What the budgets are judged by, this run's spend as it is now included. */
async function ledgerWith(
  state: StateReads,
  policy: Policy | undefined,
  index: Live,
  seen: LiveRun,
  now: Date,
): Promise<LedgerView | undefined> {
  // Of a run that was forgotten something may be in the cells.
  const item = index.runs.has(seen.run.id) ? undefined : await state.readRun(seen.run.id);
  const counted = item ? rebase(seen, item, index.completeAt, now) : seen;
  const runs = new Map(index.runs).set(seen.run.id, counted);
  return storedLedger(state, policy, { ...index, runs }, now);
}

/**
 * Why a run is touched or not: the run as it is now, every rule's view of it, what the next tick would do, and what the audit
 * tells. Reads only. It decides with all live runs as the last tick saw them, for they share the blast radius.
 */
export async function explainRun(
  ports: ReadPorts,
  runId: string,
  signal: AbortSignal,
): Promise<Explanation | UnknownRun> {
  const answer = await readNow(ports, runId, signal);
  const unread = whyUnread(answer);
  const view = await queryRuns(ports);
  const { control, heartbeat } = view;
  const inForce = await policyInForce(ports, control);
  const entries = entriesIn(await ports.audit.readChain(runChain(runId)));
  const found = await findRun(ports, runId, answer, entries);
  if (found === undefined) {
    const guess = nearest(
      runId,
      view.runs.map(({ live }) => live.run.id),
    );
    return { kind: "unknown", runId, ...(guess && { nearest: guess }), ...(unread && { unread }) };
  }

  const now = ports.clock.now();
  const { live, source, hasEnded } = found;
  const { run, life, observedAt } = live;
  const seen = view.runs.find((each) => each.live.run.id === runId)?.observation;
  const known = seen ? knownOf(seen) : await knownOfRun(ports, run, inForce?.policy, signal);
  const observation = observationOf(live, known);
  const others = view.runs.map((each) => each.observation).filter((each) => each.run.id !== runId);
  const ledger = hasEnded ? undefined : await ledgerWith(ports.state, inForce?.policy, view.index, live, now);
  const input = inForce && inputOf(inForce, control, observation, others, ledger, now);
  const paused = hasEnded ? undefined : pauseOf(control, now);
  const charges = chargesOf(run);
  const { curve = [], spent } = (await ports.state.readRun(runId)) ?? {};
  const openIntent = intentOf(control, inForce, observation, ledger, now);
  return {
    kind: hasEnded ? "ended" : "live",
    runId,
    actorId: run.actorId,
    ...(run.actorTaskId && { actorTaskId: run.actorTaskId }),
    ...(run.scheduleId && { scheduleId: run.scheduleId }),
    ...known,
    run: runFigures(run),
    ...(charges && { charges }),
    curve: knownPoints(live, spent ? [...curve, spent] : curve).map(({ at, microUsd }) => ({
      at: at.toISOString(),
      usd: toUsd(microUsd),
    })),
    life: { number: life.number, since: life.since.toISOString() },
    observedAt: observedAt.toISOString(),
    source,
    ageSecs: Math.max(0, Math.round((now.getTime() - observedAt.getTime()) / 1000)),
    ...(unread && { unread }),
    policyVersion: inForce?.version ?? null,
    mode: inForce?.policy.mode ?? null,
    ...(heartbeat && { lastTickAt: heartbeat.finishedAt.toISOString() }),
    ...(paused && { paused }),
    ...(openIntent && { openIntent }),
    ...judged(input, observation, entries, now, hasEnded),
    history: entries.map(toldOf),
  };
}
