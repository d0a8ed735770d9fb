import { type Decision, decide, isLive, type Observation, stoppedAs, toUsd } from "../../policy/index.ts";
import { appendOnce, readChain } from "../audit/append.ts";
import { intentDraft, intentIdOf, quietDraft, type Stamp } from "../audit/drafts.ts";
import { type Control, type OpenIntent, type PolicyRef, refOf, sameRef, viewOf } from "../model/control.ts";
import { isClosing, runChain } from "../model/entry.ts";
import { ConflictError } from "../model/errors.ts";
import { plainEvidence } from "../model/evidence.ts";
import { ceilingReached } from "../model/exemption.ts";
import { CLAIM_MS, findIntent, withIntent } from "../model/intents.ts";
import { noteOutcome, type Observed, skip, type Timed } from "../model/pass.ts";
import { lookAt, noteMissing } from "../observe/look.ts";
import { noteLooks } from "../observe/note-looks.ts";
import { READ_PATIENCE_MS, withinBudget } from "../observe/within-budget.ts";
import { pursue } from "./pursue.ts";
import type { Performing, Promising } from "./pursuing.ts";
import { sharedNow, sharedTick } from "./shared-tick.ts";

/** Overlapping ticks move the control state under each other; this often a tick decides again before it gives way. */
const MAX_DECISIONS = 12;

/** Others wait for their call: a run whose call is not answered in this time is gone on with after theirs. */
const PURSUIT_MS = 8_000;

const stampOf = ({ ports, tick }: Timed, ref: PolicyRef): Stamp => ({
  ...ref,
  now: ports.clock.now(),
  tickId: tick.id,
});

/** Is the entry of this decision, one that calls nothing, known to be in the audit? */
export function wasSaid(
  pass: Timed & Pick<Observed, "live">,
  decision: Decision,
  observation: Observation,
): boolean {
  const draft = quietDraft(decision, observation, stampOf(pass, { policyVersion: 0 }));
  return draft !== undefined && pass.live.get(observation.run.id)?.said.includes(draft.entryId) === true;
}

/** A stop that is only observed takes from this tick's allowance what it would take under enforce. */
export function noteObserved(
  { observed, ports, tick }: Timed & Pick<Performing, "observed">,
  { action, mode }: Decision,
  observation: Observation,
): void {
  if (mode !== "observe" || action === "hold" || action === "notify") return;
  const at = ports.clock.now();
  observed.push({ ...stoppedAs(observation), at, tickId: tick.id, tickEndsBy: tick.endsBy });
}

/** Writes the entry of a decision that calls nothing, once; remembered, so that later ticks need not look it up. */
export async function say(
  saying: Promising & Pick<Observed, "live">,
  decision: Decision,
  observation: Observation,
  ref: PolicyRef,
): Promise<void> {
  const { ports, live } = saying;
  const draft = quietDraft(decision, observation, stampOf(saying, ref));
  if (draft === undefined || wasSaid(saying, decision, observation)) return;
  const { kind } = await appendOnce(ports, runChain(observation.run.id), draft);
  if (kind === "appended") noteOutcome(saying, draft);
  const latest = live.get(observation.run.id);
  if (latest) live.set(observation.run.id, { ...latest, said: [...latest.said, draft.entryId] });
}

type Intended =
  | { readonly kind: "intended"; readonly intent: OpenIntent }
  | { readonly kind: "nothing" }
  | { readonly kind: "again" };

/** Judges the reading on the control state as it is now and, if it condemns the run, writes the intent on that state. */
async function intend(performing: Performing, observation: Observation): Promise<Intended> {
  const { ports, tick } = performing;
  const control = await ports.state.readControl();
  const inForce = await performing.policyOf(control);
  if (inForce === undefined) return { kind: "nothing" };
  const ledger = await performing.ledgerOf(inForce.policy);
  const now = ports.clock.now();
  const { decisions } = decide({
    policy: inForce.policy,
    observations: [observation],
    ledger,
    control: viewOf(control),
    blast: {
      now: sharedNow(performing),
      tick: sharedTick(performing),
      liveRunIds: performing.liveRunIds,
      observed: performing.observed,
    },
    now,
  });
  noteLooks(performing, inForce.policy, observation);
  const decision = decisions.find(({ action }) => action !== "notify");
  if (decision === undefined) return { kind: "nothing" };
  if (decision.action === "hold" || decision.mode === "observe") {
    noteObserved(performing, decision, observation);
    await say(performing, decision, observation, refOf(inForce));
    return { kind: "nothing" };
  }
  return writeIntent(performing, control, decision, observation, {
    ...refOf(inForce),
    now,
    tickId: tick.id,
  });
}

/** Writes the intent that a decision asks for on the control state that it was taken on, if that still stands. */
export async function writeIntent(
  promising: Promising,
  control: Control,
  decision: Decision,
  observation: Observation,
  judged: Stamp,
): Promise<Intended> {
  const { ports, tick } = promising;
  const stamp = { ...judged, now: ports.apify.now() };
  const { run, life } = observation;
  const chain = runChain(run.id);
  const { entries } = await readChain(ports, chain);
  const closed = entries.filter(
    ({ kind, subject }) => isClosing(kind) && subject.kind === "run" && subject.life === life.number,
  ).length;
  const intent: OpenIntent = {
    intentId: intentIdOf(decision, closed),
    runId: run.id,
    life: life.number,
    actorId: run.actorId,
    ...(run.actorTaskId && { actorTaskId: run.actorTaskId }),
    ruleId: decision.ruleId,
    step: decision.step,
    ...sameRef(stamp),
    at: stamp.now,
    evidence: plainEvidence(decision.evidence),
    claim: { tickId: tick.id, until: new Date(stamp.now.getTime() + CLAIM_MS) },
    callSent: false,
    ...(stamp.order && { order: stamp.order }),
    ...(decision.owner !== undefined && { owner: decision.owner }),
    ...(run.usageTotalMicroUsd !== undefined && { usageTotalUsd: toUsd(run.usageTotalMicroUsd) }),
  };
  const reason = ceilingReached(control, decision.ruleId, observation, stamp.now);
  const draft = intentDraft(decision, observation, intent.intentId, { ...stamp, ...(reason && { reason }) });
  try {
    const next = withIntent(control, intent, sharedTick(promising), stoppedAs(observation));
    const write = { next, expectedVersion: control.version };
    const { kind } = await appendOnce(ports, chain, draft, { control: write });
    if (kind === "appended") {
      noteOutcome(promising, draft);
      return { kind: "intended", intent };
    }
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return { kind: "again" };
  }
  // Written before, or by a try of ours whose answer was lost: it is ours if the open intent says so.
  const open = findIntent(await ports.state.readControl(), intent.intentId);
  return open?.claim.tickId === tick.id ? { kind: "intended", intent: open } : { kind: "nothing" };
}

/**
 * Stops one run: reads it, judges that reading, writes the intent on the control state that it was judged by, and
 * calls. Whatever changed since the tick's first look is seen here, so this may also do nothing. Returns whether the tick
 * is to go on with it once it has got to all others.
 */
export async function stopRun(performing: Performing, runId: string): Promise<boolean> {
  for (let attempt = 0; attempt < MAX_DECISIONS; attempt++) {
    if (performing.signal.aborted) {
      skip(performing, "no time left to act");
      return false;
    }
    const fresh = await withinBudget(performing, READ_PATIENCE_MS, (signal) =>
      lookAt(performing, runId, signal),
    );
    if (fresh.kind === "missing") noteMissing(performing, performing.liveRunIds.has(runId));
    if (fresh.kind === "missing" || !isLive(fresh.observation.run.status)) return false;
    const { observation, sentMs } = fresh;
    const result = await intend(performing, observation);
    if (result.kind === "nothing") return false;
    if (result.kind === "intended") {
      const first = { intent: result.intent, sighting: { observation, sentMs } };
      return pursue(performing, result.intent, { first, patienceMs: PURSUIT_MS });
    }
  }
  skip(performing, "too many ticks at once");
  return false;
}
