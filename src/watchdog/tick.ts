import { type Decision, type Decisions, decide } from "../policy/index.ts";
import { changeControl } from "./append.ts";
import { attentionOf } from "./attention.ts";
import { attest } from "./attest.ts";
import { type Context, type PolicyInForce, skip } from "./context.ts";
import { type Control, viewOf } from "./control.ts";
import { type AbsentPolicyError, ConflictError } from "./errors.ts";
import { withTickEnded } from "./intents.ts";
import { keepTime } from "./keep-time.ts";
import type { Heartbeat, Live } from "./live.ts";
import { mergeLive } from "./merge.ts";
import { noteFallback } from "./note-fallback.ts";
import { type Coverage, observe } from "./observe.ts";
import { checkUser, openContext, type TickOptions } from "./open.ts";
import { Phases } from "./phases.ts";
import { orAbsent } from "./policy-in-force.ts";
import type { Ports } from "./ports.ts";
import { forget, record } from "./record.ts";
import { makeReport, type TickReport } from "./report.ts";
import { noteObserved, say, stopRun, wasSaid } from "./stop.ts";

const NOTHING: Decisions = { decisions: [], unknownCost: [], unjudged: {} };

/**
 * Does what was decided: the stops one after another in their order, then the notices. Every stop is judged again on a
 * reading of its own, also one that will only be observed or held: what is written down is what would really be done.
 */
async function perform(
  context: Context,
  phases: Phases,
  decisions: readonly Decision[],
  inForce: PolicyInForce,
): Promise<Set<string>> {
  const pursued = new Set<string>();
  for (const decision of decisions) {
    const { runId } = decision.subject;
    const observation = context.observations.get(runId);
    if (observation === undefined) continue;
    if (wasSaid(context, decision, observation)) {
      noteObserved(context, decision);
      continue;
    }
    if (context.signal.aborted) {
      skip(context, "no time left to act");
      continue;
    }
    await phases.run("acting on a run", () =>
      decision.action === "notify"
        ? say(context, decision, observation, inForce.version)
        : stopRun(context, runId),
    );
    if (decision.action !== "notify") pursued.add(runId);
  }
  return pursued;
}

/** Writes what is known of live runs and the heartbeat; whoever loses the race merges, the newer look wins. */
async function writeLive(
  context: Context,
  base: Live,
  heartbeat: Heartbeat,
  cursor: Date | undefined,
): Promise<void> {
  let next: Live = { version: base.version, runs: context.live, heartbeat, ...(cursor && { cursor }) };
  for (let attempt = 0; ; attempt++) {
    try {
      return await context.ports.state.writeLive(next);
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= 10) throw error;
      next = mergeLive(await context.ports.state.readLive(), next);
    }
  }
}

/** Decides on all that was observed, by the control state that the tick began with. */
function decideAll(context: Context, { policy }: PolicyInForce, control: Control): Decisions {
  const decided = decide({
    policy,
    observations: [...context.observations.values()],
    control: viewOf(control),
    blast: { tick: context.tick, liveRunIds: context.liveRunIds },
    now: context.ports.clock.now(),
  });
  for (const [reason, count] of Object.entries(decided.unjudged)) skip(context, reason, count);
  return decided;
}

/**
 * One pass: observe, record, decide, act, attest. Starts from what is true now, so a tick that dies anywhere is
 * repaired by the next, and ticks may overlap. After all that could be done was done and the heartbeat is written, throws
 * what must not pass in silence: `ApifyError` on a refused token or a listing that failed, `ConfigError` or `PolicyError`
 * where a person must change something.
 */
export async function runTick(ports: Ports, options: TickOptions): Promise<TickReport> {
  ports.apify.takeRequestCount();
  ports.state.takeConsumedCapacity();
  const base = await ports.state.readLive();
  const context = await openContext(ports, base, options);
  const phases = new Phases(context);
  const grave = { grave: true };

  let decided = NOTHING;
  let inForce: PolicyInForce | undefined;
  let cover: Coverage | undefined;
  let attention: readonly string[] = [];
  const isOurs = await phases.run("checking the Apify user", () => checkUser(ports, options.signal), grave);
  if (isOurs) {
    const control = await ports.state.readControl();
    let absent: AbsentPolicyError | undefined;
    const isRead = await phases.run(
      "reading the policy",
      async () => {
        ({ found: inForce, absent } = await orAbsent(context.policyOf(control)));
      },
      grave,
    );
    attention = attentionOf(control, inForce, absent);
    if (absent) skip(context, `policy version ${absent.version} is not in the store yet`);
    const fallback = inForce?.fellBack && inForce;
    if (fallback) await phases.run("writing down the fallback", () => noteFallback(context, fallback));
    const listing = async (): Promise<void> => {
      cover = await observe(context, inForce?.policy, base.cursor);
    };
    await phases.run("listing", listing, grave);
    const openRunIds = new Set(control.openIntents.map(({ runId }) => runId));
    await phases.run("recording", () => record(context, openRunIds));
    await phases.run("keeping time", () => keepTime(context, control), { needsToken: false });

    const wasNonePushed = isRead && control.policyVersion === undefined;
    if (wasNonePushed) skip(context, "no policy was pushed", context.liveRunIds.size);
    if (inForce) decided = decideAll(context, inForce, control);
    const pursued = inForce ? await perform(context, phases, decided.decisions, inForce) : new Set<string>();
    await phases.run("attesting", () => attest(context, pursued));
    const hasIntents = context.outcomes.some(({ kind }) => kind === "abort.intended");
    if (hasIntents) await phases.run("ending the tick", () => endTick(context), { needsToken: false });
  }

  const cursor = cover?.cursor ?? base.cursor;
  forget(context, cursor);
  const report = makeReport(context, { inForce, cover, decided, attention });
  const isComplete = cover?.complete === true && !options.signal.aborted && !phases.areOver;
  const heartbeat = heartbeatOf(context, report, isComplete);
  const write = () => writeLive(context, base, heartbeat, cursor);
  await phases.run("writing the heartbeat", write, { needsToken: false });
  phases.finish();
  return {
    ...report,
    consumedCapacity: addCapacity(report.consumedCapacity, ports.state.takeConsumedCapacity()),
  };
}

const endTick = async (context: Context): Promise<void> => {
  await changeControl(context.ports, (control) => ({
    next: withTickEnded(control, context.tick.id, context.ports.clock.now()),
  }));
};

const addCapacity = (a: TickReport["consumedCapacity"], b: TickReport["consumedCapacity"]) => ({
  readUnits: a.readUnits + b.readUnits,
  writeUnits: a.writeUnits + b.writeUnits,
});

const heartbeatOf = (context: Context, report: TickReport, complete: boolean): Heartbeat => ({
  tickId: context.tick.id,
  startedAt: context.tick.startedAt,
  finishedAt: new Date(report.finishedAt),
  listed: report.listed,
  evaluated: report.evaluated,
  skipped: report.skipped,
  complete,
});
