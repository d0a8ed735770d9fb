import type { Run } from "../../policy/index.ts";
import { type HoldOrder, type HoldResult, holdByHand, releaseByHand } from "../hold/by-hand.ts";
import type { Order } from "../model/control.ts";
import { type Outcome, skipFailed } from "../model/pass.ts";
import type { Ports } from "../model/ports.ts";
import { readLive } from "../observe/read-live.ts";
import { abortByHand, foreseeAbort, type Ordered, type Refusal } from "../overrule/abort-by-hand.ts";
import { abortMany, foreseeMany, type OneOfMany } from "../overrule/abort-many.ts";
import { findStop } from "../overrule/find-stop.ts";
import { foreseeUndo, undo } from "../overrule/undo.ts";
import type { UndoResult, UndoWish } from "../overrule/undo-wish.ts";
import { attest } from "../stop/attest.ts";
import { takeUp } from "../stop/take-up.ts";
import type { Context } from "./context.ts";
import { openContext, openPass, type TickOptions } from "./open.ts";

/** What is done outside of ticks, each in a pass of its own. */

/** A pass that writes nothing as it opens. Throws `ConfigError` where the token is another user's than the account's. */
async function openLook(ports: Ports, options: TickOptions): Promise<Context> {
  ports.apify.takeClockChecks();
  const { apifyUserId } = await ports.state.readControl();
  await ports.apify.checkUser(apifyUserId, options.signal);
  return openContext(ports, await readLive(ports), options);
}

/** What `orderAbort` would find now. Writes and calls nothing. */
export const foreseeOrder = async (
  ports: Ports,
  runId: string,
  options: TickOptions,
): ReturnType<typeof foreseeAbort> => foreseeAbort(await openLook(ports, options), runId);

/** What `orderUndo` would find now, and the stop that is meant. Writes and calls nothing. */
export async function foreseeUndoing(
  ports: Ports,
  wish: Pick<UndoWish, "entryId" | "ceilingMicroUsd">,
  options: TickOptions,
) {
  const stop = await findStop(ports, wish.entryId);
  if ("kind" in stop) return stop;
  const found = await foreseeUndo(await openLook(ports, options), stop, wish);
  return found.kind === "refused" ? found : { ...found, stop };
}

/** Stops one run because an operator says so, as `abortByHand` does. */
export async function orderAbort(
  ports: Ports,
  runId: string,
  order: Order,
  options: TickOptions,
): Promise<Refusal | Ordered> {
  const { pass } = await openPass(ports, options);
  await takeUpAll(pass);
  return abortByHand(pass, runId, order);
}

/** Holds a schedule because an operator says so, as `holdByHand` does. */
export async function orderHold(
  ports: Ports,
  order: HoldOrder,
  until: Date,
  options: TickOptions,
): Promise<HoldResult> {
  const { pass } = await openPass(ports, options);
  const inForce = await pass.policyOf(await ports.state.readControl()).catch(() => undefined);
  return holdByHand(pass, order, until, inForce);
}

/** Lets a schedule go because an operator says so, as `releaseByHand` does. */
export async function orderRelease(
  ports: Ports,
  order: HoldOrder,
  options: TickOptions,
): Promise<HoldResult> {
  const { pass } = await openPass(ports, options);
  return releaseByHand(pass, order);
}

/** What `orderAborts` would find now. Writes and calls nothing. */
export const foreseeOrders = async (
  ports: Ports,
  isMeant: (run: Run) => boolean,
  options: TickOptions,
): ReturnType<typeof foreseeMany> => foreseeMany(await openLook(ports, options), isMeant);

/** Stops several runs because an operator says so, as `abortMany` does. */
export async function orderAborts(
  ports: Ports,
  runIds: readonly string[],
  order: Order,
  options: TickOptions,
  onEach?: (each: OneOfMany) => void,
): Promise<readonly OneOfMany[]> {
  const { pass } = await openPass(ports, options);
  return abortMany(pass, runIds, order, onEach);
}

/** Undoes one stop because an operator says so, as `undo` does. */
export async function orderUndo(ports: Ports, wish: UndoWish, options: TickOptions): Promise<UndoResult> {
  const stop = await findStop(ports, wish.entryId);
  if ("kind" in stop) return stop;
  const { pass } = await openPass(ports, options);
  return undo(pass, stop, wish);
}

/** Attests alone: what came of the intents that are open. Returns the entries written. */
export async function attestOpen(ports: Ports, options: TickOptions): Promise<readonly Outcome[]> {
  ports.apify.takeClockChecks();
  const pass = await openContext(ports, await readLive(ports), options);
  await takeUpAll(pass);
  await attest(pass);
  return pass.outcomes;
}

/** As a tick does first: what a restored control state lacks is open again and counts in the blast radius. */
async function takeUpAll(pass: Context): Promise<void> {
  try {
    await takeUp(pass, await pass.ports.state.readControl());
  } catch (error) {
    // What the control state has stands all the same.
    skipFailed(pass, "taking up what the audit has open", error);
  }
}
