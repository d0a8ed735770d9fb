import { isLive } from "../../policy/index.ts";
import type { Outcome } from "../model/pass.ts";
import type { Ports } from "../model/ports.ts";
import { storedKnown } from "../observe/known.ts";
import { readLive } from "../observe/read-live.ts";
import { observationOf } from "../observe/remember.ts";
import { openContext, type TickOptions } from "./open.ts";
import { Phases } from "./phases.ts";
import { watch } from "./watch.ts";
import { writeLive } from "./write-live.ts";

/**
 * Watches alone, outside a tick, from what the last one left: for whoever shows a tick's result before waiting on.
 * Returns the entries written.
 */
export async function watchOn(
  ports: Ports,
  { watchUntil, ...options }: TickOptions & { readonly watchUntil: Date },
): Promise<readonly Outcome[]> {
  // Where the machine was asleep since the last answer, the next one shows whether its clock is right.
  ports.apify.takeClockChecks();
  const base = await readLive(ports);
  const { heartbeat, cursor } = base;
  if (heartbeat === undefined) return [];
  const context = await openContext(ports, base, options);
  const inForce = await context.policyOf(await ports.state.readControl());
  const live = [...base.runs.values()].filter(({ run, unread }) => isLive(run.status) && !unread);
  const known = await storedKnown(
    ports.state,
    inForce?.policy,
    live.map(({ run }) => run),
  );
  for (const each of live) {
    context.liveRunIds.add(each.run.id);
    context.judged.runs.set(each.run.id, heartbeat.startedAt);
    context.observations.set(each.run.id, observationOf(each, known(each.run)));
  }
  const phases = new Phases(context);
  const looked = await watch(context, phases, watchUntil);
  if (looked > 0 && !phases.isClockWrong)
    await writeLive(context, base, { heartbeat, cursor, sawAll: false });
  phases.finish();
  return context.outcomes;
}
