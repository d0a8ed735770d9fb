import { isLive, type Observation } from "../policy/index.ts";
import { changeControl } from "./append.ts";
import { callAbort } from "./call.ts";
import type { Context } from "./context.ts";
import type { Control, OpenIntent } from "./control.ts";
import { ApifyError } from "./errors.ts";
import { findIntent, withoutMissing } from "./intents.ts";
import type { Move, Standing } from "./ladder.ts";
import { type Fresh, isFresh, lookAt, standingOf } from "./look.ts";
import {
  claimIntent,
  close,
  noteFailed,
  noteRequested,
  noteUnconfirmed,
  patchIntent,
  promiseForce,
} from "./progress.ts";

/** A tick tries a call this often before it leaves the intent to the next one. */
const MAX_CALLS = 3;
const RETRY_MS = 1_000;

/** How one tick is getting on with one intent. */
export class Pursuit {
  readonly context: Context;
  readonly intentId: string;
  readonly runId: string;
  #calls = 0;
  /** A call of ours may have had its effect, although nothing in the store says so yet. */
  #sent = false;

  constructor(context: Context, { intentId, runId }: Pick<OpenIntent, "intentId" | "runId">) {
    this.context = context;
    this.intentId = intentId;
    this.runId = runId;
  }

  async standing(control: Control, intent: OpenIntent, observation: Observation): Promise<Standing> {
    const now = this.context.ports.clock.now();
    return standingOf(await this.context.policyOf(control), intent, observation, control, now);
  }

  /** Sends one call and writes down what the API said. Returns whether there is more to do in this tick. */
  async call(intent: OpenIntent, observation: Observation, gracefully: boolean): Promise<boolean> {
    const { context, intentId } = this;
    const { run } = observation;
    this.#calls += 1;
    const answer = await callAbort(context, intent, observation, gracefully).catch(async (error: unknown) => {
      if (error instanceof ApifyError && error.isAuthorisation) {
        await noteFailed(context, intentId, run, `${error.status} ${error.type}`, gracefully);
      }
      throw error;
    });
    if (answer.kind === "taken") {
      await noteRequested(context, intentId, run, answer.status, gracefully);
      return false;
    }
    if (answer.kind === "lost") this.#sent = true;
    const refused = answer.kind === "refused" && !answer.retryable;
    const final = !gracefully || refused || this.#calls >= MAX_CALLS;
    const response = answer.kind === "lost" ? `lost: ${answer.reason}` : `${answer.status} ${answer.type}`;
    if (final) await noteFailed(context, intentId, run, response, gracefully);
    // Even after the last try: did the lost one have its effect?
    if (final && answer.kind === "refused") return false;
    await context.ports.clock.sleep(RETRY_MS * this.#calls, context.signal);
    return true;
  }

  /** The reading and what is in force now, the control state last: nothing stands between it and a call. */
  async look(): Promise<{ control: Control; intent: OpenIntent; fresh: Fresh } | undefined> {
    const fresh = await lookAt(this.context, this.runId);
    const control = await this.context.ports.state.readControl();
    const intent = findIntent(control, this.intentId);
    return intent && { control, intent: { ...intent, callSent: intent.callSent || this.#sent }, fresh };
  }

  /** Does what the ladder says. Returns whether there is more to do in this tick. */
  async make(move: Move, intent: OpenIntent, fresh: Fresh): Promise<boolean> {
    const { context, intentId } = this;
    const observation = fresh.kind === "found" ? fresh.observation : undefined;
    const run = observation?.run;
    switch (move.kind) {
      case "wait":
        return false;
      case "mark-missing":
        await patchIntent(context, intentId, { missingSince: context.ports.clock.now() });
        return false;
      case "mark-found":
        await changeControl(context.ports, (control) =>
          findIntent(control, intentId) ? { next: withoutMissing(control, intentId) } : undefined,
        );
        return true;
      case "claim":
        return (await claimIntent(context, intentId)) !== undefined;
      case "close":
        await this.#close(move, observation);
        return false;
    }
    if (observation === undefined || run === undefined) return false;
    switch (move.kind) {
      case "note-lost":
        await noteRequested(context, intentId, run, "lost", intent.forcedAt === undefined);
        return true;
      case "alarm":
        return (
          (await noteUnconfirmed(context, intentId, run, `the run is still ${run.status}`)) !== undefined
        );
      case "call":
        if (this.#calls >= MAX_CALLS) return false;
        return isFresh(observation.observedAt, context.ports.clock.now())
          ? this.call(intent, observation, true)
          : true;
      case "force":
        return this.#force(observation);
    }
  }

  async #close(move: Move & { readonly kind: "close" }, observation: Observation | undefined): Promise<void> {
    const closing = { kind: move.closing, ...(move.reason && { reason: move.reason }) };
    // A withdrawal must still be true of the control state that it is written on.
    const stillForbidden = async (intent: OpenIntent, control: Control) =>
      observation !== undefined &&
      !intent.callSent &&
      (await this.standing(control, intent, observation)).kind === "forbidden";
    const when = move.closing === "abort.withdrawn" ? stillForbidden : undefined;
    await close(this.context, this.intentId, observation?.run, closing, when);
  }

  /** The one call without grace: promised in the audit by whoever gets there first, then sent once. */
  async #force(observation: Observation): Promise<boolean> {
    const { context, intentId } = this;
    const intent = await promiseForce(context, intentId, observation.run, async (control) => {
      const open = findIntent(control, intentId);
      const standing = open && (await this.standing(control, open, observation));
      return standing?.kind === "condemned" && isFresh(observation.observedAt, context.ports.clock.now());
    });
    if (intent === undefined) return false;
    if (isFresh(observation.observedAt, context.ports.clock.now()))
      return this.call(intent, observation, false);
    const again = await this.look();
    if (again === undefined || again.fresh.kind === "missing") return false;
    const judged = await this.standing(again.control, again.intent, again.fresh.observation);
    const { observation: newer } = again.fresh;
    const goesOn =
      judged.kind === "condemned" && isLive(newer.run.status) && newer.life.number === intent.life;
    return goesOn && isFresh(newer.observedAt, context.ports.clock.now())
      ? this.call(intent, newer, false)
      : false;
  }
}
