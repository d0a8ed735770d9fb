import { blastRoom, type Guard, isActive, type Run } from "../../policy/index.ts";
import { guardOf } from "../model/by-hand.ts";
import { type Order, viewOf } from "../model/control.ts";
import { checkGiven } from "../model/given.ts";
import { observationOf, remember } from "../observe/remember.ts";
import type { Pursuing } from "../stop/pursuing.ts";
import { sharedNow, sharedTick } from "../stop/shared-tick.ts";
import { type ByHand, listLive, type Ordered, orderRun, type Refusal } from "./abort-by-hand.ts";
import { whyHeld } from "./why-held.ts";

/** A run that an order of several means, and what would keep it from being stopped, if anything. */
export type Foreseen = { readonly run: Run; readonly held?: { readonly guard: Guard; readonly why: string } };

/** What came of the order for one run. */
export type OneOfMany = { readonly runId: string; readonly result: Ordered | Refusal };

const costOf = ({ usageTotalMicroUsd }: Run): number => usageTotalMicroUsd ?? 0;

/**
 * The runs that can be stopped and are meant, the most expensive first, each with what would hold it: the caps by what the
 * others before it take. `undefined`: no policy is in force. Writes and calls nothing.
 */
export async function foreseeMany(
  pursuing: Pursuing,
  isMeant: (run: Run) => boolean,
): Promise<readonly Foreseen[] | undefined> {
  const { live, liveRunIds, ports } = pursuing;
  const { runs, observedAt, error } = await listLive(pursuing);
  if (error) throw error;
  const control = await ports.state.readControl();
  const inForce = await pursuing.policyOf(control);
  if (inForce === undefined) return undefined;
  const now = ports.clock.now();
  const [tick, asOf] = [sharedTick(pursuing), sharedNow(pursuing)];
  const blast = { tick, liveRunIds };
  const { policy } = inForce;
  const room = blastRoom(policy, viewOf(control), blast, asOf);
  const meant = runs.filter((run) => isActive(run.status) && isMeant(run));
  return meant
    .toSorted((a, b) => costOf(b) - costOf(a) || (a.id < b.id ? -1 : 1))
    .map((run) => {
      const observation = observationOf(remember(live.get(run.id), { run, observedAt, source: "list" }));
      const guard = guardOf(control, observation, now) ?? room.take(observation);
      if (guard === undefined) return { run };
      return { run, held: { guard, why: whyHeld(control, guard, policy.guards.maxAborts, blast, asOf) } };
    });
}

/**
 * Stops these runs, one after the other, because an operator says so: each as `abortByHand` does, with an intent of its own,
 * all in one pass, so that `maxAborts` binds them together. Where the pass may stop no more, the rest is not even tried.
 */
export async function abortMany(
  pursuing: ByHand,
  runIds: readonly string[],
  order: Order,
  onEach: (each: OneOfMany) => void = () => undefined,
): Promise<readonly OneOfMany[]> {
  checkGiven(order);
  await listLive(pursuing);
  const all: OneOfMany[] = [];
  let full: Refusal | undefined;
  for (const runId of runIds) {
    const result = full ?? (await orderRun(pursuing, runId, order));
    if (result.kind === "held" && (result.guard === "perTick" || result.guard === "pause")) full = result;
    all.push({ runId, result });
    onEach({ runId, result });
  }
  return all;
}
