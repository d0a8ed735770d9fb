import {
  blastRoom,
  type Guard,
  isActive,
  LIVE_STATUSES,
  type Observation,
  type Policy,
} from "../../policy/index.ts";
import { changeControl } from "../audit/append.ts";
import { decisionByHand, guardOf } from "../model/by-hand.ts";
import {
  type Control,
  type OpenIntent,
  type Order,
  type PolicyInForce,
  refOf,
  viewOf,
} from "../model/control.ts";
import { checkGiven } from "../model/given.ts";
import { findIntent, withTickEnded } from "../model/intents.ts";
import { errorText, type Outcome } from "../model/pass.ts";
import type { ApifyNote, Listing } from "../model/ports.ts";
import { lookAt, type Sighting } from "../observe/look.ts";
import { explainStops } from "../stop/explain-stops.ts";
import { pursue } from "../stop/pursue.ts";
import type { Pursuing } from "../stop/pursuing.ts";
import { sharedNow, sharedTick } from "../stop/shared-tick.ts";
import { writeIntent } from "../stop/stop.ts";
import { whyHeld } from "./why-held.ts";

/** What an order of a person takes. */
export type ByHand = Pursuing & { readonly ports: { readonly apify: ApifyNote } };

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
  /** What went wrong after the intent was written: it stands all the same, and ticks go on with it. */
  readonly error?: unknown;
  /** The entries written about it so far. */
  readonly outcomes: readonly Outcome[];
  /** Takes the intent as far as it goes now. Returns whether it is still open; if so, ticks look after it too. */
  follow(): Promise<boolean>;
};

const MAX_TRIES = 12;

/** An order that nothing stands in the way of, on the reading and the control state that it was judged by. */
type Possible = {
  readonly kind: "possible";
  readonly sighting: Sighting;
  readonly control: Control;
  readonly inForce: PolicyInForce;
};

/** Judges an order on the run and the control state as they are now. Writes nothing. */
async function judgeOrder(pursuing: Pursuing, runId: string): Promise<Refusal | Possible> {
  const { ports } = pursuing;
  const fresh = await lookAt(pursuing, runId);
  if (fresh.kind === "missing") return { kind: "missing" };
  const { observation } = fresh;
  const { status } = observation.run;
  const control = await ports.state.readControl();
  const open = control.openIntents.find((intent) => intent.runId === runId);
  if (open) return { kind: "already", intent: open };
  if (!isActive(status)) return { kind: "not-running", status };
  const inForce = await pursuing.policyOf(control);
  if (inForce === undefined) return { kind: "no-policy" };
  const now = ports.clock.now();
  const [tick, asOf] = [sharedTick(pursuing), sharedNow(pursuing)];
  const blast = { tick, liveRunIds: pursuing.liveRunIds };
  const guard =
    guardOf(control, observation, now) ??
    blastRoom(inForce.policy, viewOf(control), blast, asOf).take(observation);
  if (guard) {
    const why = whyHeld(control, guard, inForce.policy.guards.maxAborts, blast, asOf);
    return { kind: "held", guard, why };
  }
  return { kind: "possible", sighting: fresh, control, inForce };
}

/** One try on the control state as it is now: judged, and if nothing stands in the way written on that very state. */
async function attempt(
  pursuing: Pursuing,
  runId: string,
  order: Order,
): Promise<Refusal | Written | "again"> {
  const judged = await judgeOrder(pursuing, runId);
  if (judged.kind !== "possible") return judged;
  const { sighting, control, inForce } = judged;
  const { observation } = sighting;
  const now = pursuing.ports.clock.now();
  const stamp = { ...refOf(inForce), now, tickId: sharedTick(pursuing).id, order };
  const written = await writeIntent(pursuing, control, decisionByHand(observation), observation, stamp);
  if (written.kind !== "intended") return "again";
  return { intent: written.intent, sighting, policy: inForce.policy };
}

type Written = { readonly intent: OpenIntent; readonly sighting: Sighting; readonly policy: Policy };

/** The live runs: they count in what may be stopped. */
export async function listLive({ liveRunIds, ports, signal }: Pursuing): Promise<Listing> {
  const listing = await ports.apify.listRuns({ statuses: LIVE_STATUSES }, signal);
  for (const { id } of listing.runs) liveRunIds.add(id);
  return listing;
}

/** What an order would find now: why it would be refused, or the run that it would stop. Writes and calls nothing. */
export async function foreseeAbort(
  pursuing: Pursuing,
  runId: string,
): Promise<Refusal | { readonly kind: "possible"; readonly observation: Observation }> {
  await listLive(pursuing);
  const judged = await judgeOrder(pursuing, runId);
  return judged.kind === "possible" ? { kind: "possible", observation: judged.sighting.observation } : judged;
}

/**
 * Stops one run because an operator says so: the way of every stop. The run is read, the intent with the operator's
 * name and reason is written on the control state that it was judged by, and the one call site calls. Exemption,
 * pause and blast radius hold. Throws as a tick does while nothing is written yet.
 */
export async function abortByHand(pursuing: ByHand, runId: string, order: Order): Promise<Refusal | Ordered> {
  checkGiven(order);
  await listLive(pursuing);
  return orderRun(pursuing, runId, order);
}

/** The same, once the live runs are listed. */
export async function orderRun(pursuing: ByHand, runId: string, order: Order): Promise<Refusal | Ordered> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const result = await attempt(pursuing, runId, order);
    if (result === "again") continue;
    if ("kind" in result) return result;
    return carryOut(pursuing, result);
  }
  return { kind: "too-busy" };
}

/** From here on the order stands, so nothing that fails is thrown: it is told beside what was done. */
async function carryOut(pursuing: ByHand, { intent, sighting, policy }: Written): Promise<Ordered> {
  const failed = await pursue(pursuing, intent, { first: { intent, sighting } }).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  await changeControl(pursuing.ports, (control) => ({
    next: withTickEnded(control, pursuing.tick.id, pursuing.ports.apify.now()),
  })).catch((error: unknown) =>
    pursuing.ports.log.warn("ending the order failed", { error: errorText(error) }),
  );
  await explainStops(pursuing, policy);
  return { ...ordered(pursuing, intent), ...failed };
}

function ordered(pursuing: Pursuing, { intentId, runId }: OpenIntent): Ordered {
  return {
    kind: "ordered",
    intentId,
    runId,
    outcomes: pursuing.outcomes,
    async follow() {
      await pursue(pursuing, { intentId, runId });
      return findIntent(await pursuing.ports.state.readControl(), intentId) !== undefined;
    },
  };
}
