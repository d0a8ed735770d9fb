import { isLive, type Observation } from "../../policy/index.ts";
import type { Control, OpenIntent } from "../model/control.ts";
import { ApifyError } from "../model/errors.ts";
import { findIntent } from "../model/intents.ts";
import { type Fresh, isFresh, lookAt, type Sighting } from "../observe/look.ts";
import { READ_PATIENCE_MS, withinBudget } from "../observe/within-budget.ts";
import { alertForbidden } from "./alert-forbidden.ts";
import { callAbort } from "./call.ts";
import { childrenOf } from "./children-of.ts";
import { Claim } from "./claim.ts";
import type { Move } from "./ladder.ts";
import {
  close,
  forgetMissing,
  noteFailed,
  noteRequested,
  noteUnconfirmed,
  patchIntent,
  promiseForce,
  spareForce,
} from "./progress.ts";
import type { Pursuing } from "./pursuing.ts";
import { standingNow } from "./standing-now.ts";

/** A tick tries a call this often, so long apart, before it leaves the intent to the next one. */
const [MAX_CALLS, RETRY_MS] = [3, 1_000];

/** Is there more to do about this intent in this tick? */
export type Next = "again" | "done";

/** How one tick is getting on with one intent. */
export class Pursuit {
  readonly #pass: Pursuing;
  readonly intentId: string;
  readonly runId: string;
  readonly claim: Claim;
  #calls = 0;

  /** `claimedMs`: not before this was the intent written, where this pass has just done so. */
  constructor(
    pass: Pursuing,
    { intentId, runId }: Pick<OpenIntent, "intentId" | "runId">,
    claimedMs?: number,
  ) {
    this.#pass = pass;
    this.intentId = intentId;
    this.runId = runId;
    this.claim = new Claim(pass, intentId, claimedMs);
  }

  /** Sends one call and writes down what the API said; none on what is too old, or with too little left of the claim. */
  async call(intent: OpenIntent, sighting: Sighting, gracefully: boolean): Promise<Next | "not-taken"> {
    const { intentId } = this;
    const pass = this.#pass;
    const { run } = sighting.observation;
    if (!this.claim.lastsForCall || !isFresh(sighting, pass.ports.clock))
      return gracefully ? "again" : "not-taken";
    this.#calls += 1;
    const answer = await callAbort(pass, intent, sighting, gracefully).catch(async (error: unknown) => {
      // It had no effect: the promise of a call without grace is still to be kept.
      if (error instanceof ApifyError && error.isOfToken) {
        const response = `${error.status} ${error.type}`;
        await noteFailed(pass, intentId, run, response, { gracefully, isAnswered: false });
      }
      throw error;
    });
    if (answer.kind === "taken") {
      const before = await noteRequested(pass, intentId, run, answer.status, gracefully);
      if (before && before.requestedAt === undefined) pass.toExplain.push(before);
      return "done";
    }
    // Durable at once: whoever looks next must know that the call may have had its effect.
    if (answer.kind === "lost") await patchIntent(pass, intentId, { callSent: true, callLost: true });
    if (answer.kind === "refused" && answer.status === 403) alertForbidden(pass, run, answer.type);
    const isUnseen = answer.kind === "refused" && answer.retryable;
    // Turned away unseen, the promise of a call without grace is still to be kept: by the caller, or by another tick.
    if (isUnseen && !gracefully) {
      await pass.ports.clock.sleep(RETRY_MS * this.#calls, pass.signal);
      return "not-taken";
    }
    const isLast = this.#calls >= MAX_CALLS || (answer.kind === "refused" && !answer.retryable);
    const mayRepeat = answer.kind === "lost" ? gracefully : answer.retryable;
    if (isLast || !mayRepeat) {
      const response = answer.kind === "lost" ? `lost: ${answer.reason}` : `${answer.status} ${answer.type}`;
      // A permission that is missing may be given: then the next tick calls. So it does where a look after a lost answer
      // shows that the run lives on.
      const isAnswered = answer.kind === "refused" && answer.status !== 403;
      await noteFailed(pass, intentId, run, response, { gracefully, isAnswered });
      // Did the lost one have its effect?
      return answer.kind === "lost" ? "again" : "done";
    }
    await pass.ports.clock.sleep(RETRY_MS * this.#calls, pass.signal);
    return "again";
  }

  /** The reading and what is in force now, the control state last: nothing stands between it and a call. */
  async look(): Promise<{ control: Control; intent: OpenIntent; fresh: Fresh } | undefined> {
    const fresh = await withinBudget(this.#pass, READ_PATIENCE_MS, (signal) =>
      lookAt(this.#pass, this.runId, signal),
    );
    const control = await this.#pass.ports.state.readControl();
    const intent = findIntent(control, this.intentId);
    return intent && { control, intent, fresh };
  }

  /** Does what the ladder says. */
  async make(move: Move, intent: OpenIntent, fresh: Fresh): Promise<Next> {
    const { intentId } = this;
    const pass = this.#pass;
    const observation = fresh.kind === "found" ? fresh.observation : undefined;
    switch (move.kind) {
      case "wait":
        return "done";
      case "mark-missing":
        await patchIntent(pass, intentId, { missingSince: pass.ports.apify.now() });
        return "done";
      case "mark-found":
        await forgetMissing(pass, intentId);
        return "again";
      case "claim":
        return (await this.claim.take()) ? "again" : "done";
      case "close":
        await this.#close(move, observation);
        return "done";
    }
    if (fresh.kind === "missing") return "done";
    const { run } = fresh.observation;
    switch (move.kind) {
      case "note-lost":
        await noteRequested(pass, intentId, run, "lost", intent.forcedAt === undefined);
        return "again";
      case "alarm":
        return (await noteUnconfirmed(pass, intentId, run, `the run is still ${run.status}`))
          ? "again"
          : "done";
      case "call": {
        if (this.#calls >= MAX_CALLS) return "done";
        return (await this.call(intent, fresh, true)) === "done" ? "done" : "again";
      }
      case "force":
        return this.#force(fresh);
    }
  }

  async #close(move: Move & { readonly kind: "close" }, observation: Observation | undefined): Promise<void> {
    const { intentId } = this;
    const pass = this.#pass;
    const children = move.closing === "abort.confirmed" ? childrenOf(pass, observation?.run) : [];
    const closing = {
      kind: move.closing,
      ...(move.reason && { reason: move.reason }),
      ...(children.length > 0 && { children }),
    };
    // A withdrawal must still be true of the control state that it is written on: no call on its way, none allowed.
    const stillForbidden = async (intent: OpenIntent, control: Control) =>
      observation !== undefined &&
      !intent.callSent &&
      (intent.claim.tickId === pass.tick.id || intent.claim.until <= pass.ports.apify.now()) &&
      (await standingNow(pass, control, intent, observation)).kind === "forbidden";
    const when = move.closing === "abort.withdrawn" ? stillForbidden : undefined;
    await close(pass, intentId, observation?.run, closing, when);
  }

  /**
   * The one call without grace: promised in the audit by whoever gets there first, then sent once. While Apify says
   * that it did not even look at it (429), the same promise is kept by another try, each on another reading.
   */
  async #force(first: Sighting): Promise<Next> {
    const { intentId } = this;
    const pass = this.#pass;
    const { clock } = pass.ports;
    const { run } = first.observation;
    const promisedAt = pass.ports.apify.now();
    const promised = await promiseForce(pass, intentId, run, promisedAt, async (intent, control) => {
      if (!isFresh(first, clock)) return { kind: "unknown", reason: "the reading is too old" };
      return standingNow(pass, control, intent, first.observation);
    });
    if (promised === undefined) return "done";
    let sighting: Sighting | undefined = first;
    while (sighting && this.#calls < MAX_CALLS && this.claim.lastsForCall && !pass.signal.aborted) {
      const next = await this.call(promised, sighting, false);
      if (next !== "not-taken") return next;
      sighting = await this.#stillCondemned(promised);
    }
    const why = sighting ? "Apify turned it away, or time ran out" : "nothing condemns the run any more";
    await spareForce(pass, intentId, run, promisedAt, why);
    // While the run is still condemned the next tick promises again; else this one may let it go.
    return sighting ? "done" : "again";
  }

  /** Another reading, if it and what is in force now still condemn the run. */
  async #stillCondemned(promised: OpenIntent): Promise<Sighting | undefined> {
    const looked = await this.look();
    if (looked === undefined || looked.fresh.kind === "missing") return undefined;
    const { observation } = looked.fresh;
    const goesOn = isLive(observation.run.status) && observation.life.number <= promised.life;
    const standing = await standingNow(this.#pass, looked.control, looked.intent, observation);
    return goesOn && standing.kind === "condemned" ? looked.fresh : undefined;
  }
}
