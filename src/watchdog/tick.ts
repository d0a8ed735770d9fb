import { type Decision, type Decisions, decide } from "../policy/index.ts";
import { changeControl } from "./append.ts";
import { attest } from "./attest.ts";
import { type Context, errorText, type PolicyInForce, skip } from "./context.ts";
import { viewOf } from "./control.ts";
import { ApifyError, ConflictError } from "./errors.ts";
import { withTickEnded } from "./intents.ts";
import type { Heartbeat, Live } from "./live.ts";
import { mergeLive } from "./merge.ts";
import { type Coverage, observe } from "./observe.ts";
import { checkUser, openContext, type TickOptions } from "./open.ts";
import type { Ports } from "./ports.ts";
import { forget, record } from "./record.ts";
import { makeReport, type TickReport } from "./report.ts";
import { say, stopRun } from "./stop.ts";

const NOTHING: Decisions = { decisions: [], unknownCost: [], unjudged: {} };

/** Runs a phase that may fail without taking the rest of the tick with it; a refused token ends everything. */
async function phase(context: Context, what: string, work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof ApifyError && error.isAuthorisation) throw error;
    context.ports.log.warn(`${what} failed`, { error: errorText(error) });
    skip(context, `${what} failed`);
    return error;
  }
}

/** Does what was decided: the stops one after another in their order, then the notices. */
async function perform(
  context: Context,
  decisions: readonly Decision[],
  inForce: PolicyInForce,
): Promise<Set<string>> {
  const pursued = new Set<string>();
  for (const decision of decisions) {
    const { runId } = decision.subject;
    const observation = context.observations.get(runId);
    if (observation === undefined) continue;
    if (context.signal.aborted) {
      skip(context, "no time left to act");
      continue;
    }
    const calls =
      decision.mode === "enforce" && (decision.action === "abort" || decision.action === "abort-now");
    await phase(context, "acting on a run", () =>
      calls ? stopRun(context, runId) : say(context, decision, observation, inForce.version),
    );
    if (calls) pursued.add(runId);
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

/**
 * One pass: observe, record, decide, act, attest. Starts from what is true now, so a tick that dies anywhere is
 * repaired by the next, and ticks may overlap. Throws `ApifyError` on a refused token, `ConfigError` where a person
 * must change something; and after all that could be done was done, what made the listing fail.
 */
export async function runTick(ports: Ports, options: TickOptions): Promise<TickReport> {
  ports.apify.takeRequestCount();
  ports.state.takeConsumedCapacity();
  const base = await ports.state.readLive();
  const context = await openContext(ports, base, options);
  await checkUser(ports, await ports.state.readControl(), options.signal);
  const control = await ports.state.readControl();
  const inForce = await context.policyOf(control);
  const openRunIds = new Set(control.openIntents.map(({ runId }) => runId));

  let cover: Coverage | undefined;
  const listingError = await phase(context, "listing", async () => {
    cover = await observe(context, inForce?.policy, base.cursor);
  });
  await phase(context, "recording", () => record(context, openRunIds));

  let decided = NOTHING;
  if (inForce === undefined) skip(context, "no policy was pushed", context.liveRunIds.size);
  else {
    decided = decide({
      policy: inForce.policy,
      observations: [...context.observations.values()],
      control: viewOf(control),
      blast: { tick: context.tick, liveRunIds: context.liveRunIds },
      now: ports.clock.now(),
    });
    for (const [reason, count] of Object.entries(decided.unjudged)) skip(context, reason, count);
  }
  const pursued = inForce ? await perform(context, decided.decisions, inForce) : new Set<string>();
  const acted = context.outcomes.some(({ kind }) => kind === "abort.intended");
  await phase(context, "attesting", () => attest(context, pursued));
  if (acted) await phase(context, "ending the tick", () => endTick(context));

  const cursor = cover?.cursor ?? base.cursor;
  forget(context, cursor);
  const report = makeReport(context, inForce, cover, decided);
  const heartbeat = heartbeatOf(context, report, cover?.complete === true && !options.signal.aborted);
  await phase(context, "writing the heartbeat", () => writeLive(context, base, heartbeat, cursor));
  if (listingError !== undefined) throw listingError;
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
