import { blastRoom, type Guard, isActive, LIVE_STATUSES } from "../policy/index.ts";
import { changeControl } from "./append.ts";
import { decisionByHand, guardOf, type Order } from "./by-hand.ts";
import type { Context, Outcome } from "./context.ts";
import { type Control, type OpenIntent, viewOf } from "./control.ts";
import { findIntent, withTickEnded } from "./intents.ts";
import { lookAt } from "./look.ts";
import { checkUser, openContext, type TickOptions } from "./open.ts";
import type { Ports } from "./ports.ts";
import { pursue } from "./pursue.ts";
import { writeIntent } from "./stop.ts";

/** Why nothing was written and nothing called. */
export type Refusal =
  | { readonly kind: "no-policy" | "missing" | "too-busy" }
  | { readonly kind: "not-running"; readonly status: string }
  | { readonly kind: "already"; readonly intent: OpenIntent }
  | { readonly kind: "held"; readonly guard: Guard; readonly why: string };

/** An order that is now an intent in the audit, with what has come of it so far. */
export type Ordered = {
  readonly kind: "ordered";
  readonly intentId: string;
  readonly runId: string;
  /** The entries written about it so far. */
  readonly outcomes: readonly Outcome[];
  /** Takes the intent as far as it goes now. Returns whether it is still open; if so, ticks look after it too. */
  follow(): Promise<boolean>;
};

const MAX_TRIES = 12;

function whyHeld({ pause, recentIntents }: Control, guard: Guard): string {
  if (guard === "exemption") return "an exemption protects the run";
  if (guard === "pause" && pause) {
    return `paused by ${pause.by} since ${pause.since.toISOString()}: ${pause.reason}`;
  }
  return `maxAborts.${guard} of the policy; ${recentIntents.length} stopped in the last hour`;
}

/** One try on the control state as it is now: judged, and if nothing stands in the way written on that very state. */
async function attempt(
  context: Context,
  runId: string,
  order: Order,
): Promise<Refusal | OpenIntent | "again"> {
  const { ports, tick } = context;
  const fresh = await lookAt(context, runId);
  if (fresh.kind === "missing") return { kind: "missing" };
  const { observation } = fresh;
  const { status } = observation.run;
  const control = await ports.state.readControl();
  const open = control.openIntents.find((intent) => intent.runId === runId);
  if (open) return { kind: "already", intent: open };
  if (!isActive(status)) return { kind: "not-running", status };
  const inForce = await context.policyOf(control);
  if (inForce === undefined) return { kind: "no-policy" };
  const now = ports.clock.now();
  const blast = { tick, liveRunIds: context.liveRunIds };
  const guard =
    guardOf(control, observation, now) ??
    blastRoom(inForce.policy, viewOf(control), blast, now).take(runId, observation.life.number);
  if (guard) return { kind: "held", guard, why: whyHeld(control, guard) };
  const stamp = { now, tickId: tick.id, policyVersion: inForce.version, order };
  const written = await writeIntent(context, control, decisionByHand(observation), observation, stamp);
  if (written.kind !== "intended") return "again";
  await pursue(context, written.intent, { intent: written.intent, observation });
  return written.intent;
}

/**
 * Stops one run because an operator says so: the way of every stop. The run is read, the intent with the operator's
 * name and reason is written on the control state that it was judged by, and the one call site calls. Exemption,
 * pause and blast radius hold. Throws as a tick does.
 */
export async function abortByHand(
  ports: Ports,
  runId: string,
  order: Order,
  options: TickOptions,
): Promise<Refusal | Ordered> {
  await checkUser(ports, options.signal);
  const context = await openContext(ports, await ports.state.readLive(), options);
  const listing = await ports.apify.listRuns({ statuses: LIVE_STATUSES }, options.signal);
  for (const { id } of listing.runs) context.liveRunIds.add(id);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const result = await attempt(context, runId, order);
    if (result === "again") continue;
    if ("kind" in result) return result;
    await changeControl(ports, (control) => ({
      next: withTickEnded(control, context.tick.id, ports.clock.now()),
    }));
    return ordered(context, result);
  }
  return { kind: "too-busy" };
}

function ordered(context: Context, { intentId, runId }: OpenIntent): Ordered {
  return {
    kind: "ordered",
    intentId,
    runId,
    outcomes: context.outcomes,
    async follow() {
      await pursue(context, { intentId, runId });
      return findIntent(await context.ports.state.readControl(), intentId) !== undefined;
    },
  };
}
