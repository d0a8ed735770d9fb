import { isActive, isEnded, isStopping } from "../../policy/index.ts";
import type { OpenIntent } from "../model/control.ts";
import type { ClosingKind } from "../model/entry.ts";
import { CALL_MS } from "../model/intents.ts";
import { FIGURES_REST_MS } from "../model/live.ts";
import type { Standing } from "../model/standing.ts";
import { GONE_MS } from "../observe/look.ts";

/** The run of an open intent, as just read. */
export type Look =
  | { readonly kind: "missing"; readonly young: boolean }
  | {
      readonly kind: "found";
      readonly status: string;
      /** Only as Apify tells it: a life that we suspect, where the detail is silent, closes nothing. */
      readonly life?: number;
      readonly finishedAt?: Date;
    };

export type Move =
  | { readonly kind: "close"; readonly closing: ClosingKind; readonly reason?: string }
  /** The run is on its way out although no call is known to have been taken: its answer was lost. */
  | { readonly kind: "note-lost" }
  | { readonly kind: "mark-missing" }
  | { readonly kind: "mark-found" }
  | { readonly kind: "claim" }
  | { readonly kind: "call" }
  | { readonly kind: "force" }
  | { readonly kind: "alarm" }
  | { readonly kind: "wait" };

export type LadderInput = {
  readonly intent: OpenIntent;
  readonly look: Look;
  readonly standing: Standing;
  readonly escalation: { readonly forceAfterSecs: number; readonly alarmAfterSecs: number };
  readonly tickId: string;
  /** How much is left of this pass's own claim, by the monotonic clock; 0 without one. */
  readonly claimLeftMs: number;
  readonly now: Date;
};

const wait: Move = { kind: "wait" };

function moveForMissing({ intent, now }: LadderInput, young: boolean): Move {
  if (young) return wait;
  if (intent.missingSince === undefined) return { kind: "mark-missing" };
  const gone = now.getTime() - intent.missingSince.getTime() >= GONE_MS;
  return gone
    ? { kind: "close", closing: "abort.moot", reason: "Apify has had no such run for ten minutes" }
    : wait;
}

function moveForEnded({ intent, now }: LadderInput, status: string, finishedAt: Date | undefined): Move {
  const callMayHaveTaken = status === "ABORTED" || intent.callLost === true;
  if (callMayHaveTaken && intent.requestedAt === undefined) return { kind: "note-lost" };
  const ended = finishedAt ?? intent.requestedAt ?? intent.at;
  if (now.getTime() - ended.getTime() < FIGURES_REST_MS) return wait;
  if (status === "ABORTED") return { kind: "close", closing: "abort.confirmed" };
  return { kind: "close", closing: "abort.moot", reason: `the run ended ${status} before the abort took` };
}

/** Another tick may be about to call, or waiting for the answer. */
const isClaimedByAnother = ({ intent, tickId, now }: LadderInput): boolean =>
  intent.claim.tickId !== tickId && intent.claim.until > now;

/** Ours, and with time left for a call. */
const holdsClaim = ({ intent, tickId, claimLeftMs }: LadderInput): boolean =>
  intent.claim.tickId === tickId && claimLeftMs >= CALL_MS;

const callWithClaim = (input: LadderInput, move: "call" | "force"): Move =>
  holdsClaim(input) ? { kind: move } : { kind: "claim" };

/** A promise of it without an answer was made by somebody who died, or could not keep it. */
const mayForce = ({ intent }: LadderInput): boolean => intent.forceAnswered !== true;

/** No call is known to have been taken. */
function moveBeforeRequest(input: LadderInput, status: string): Move {
  const { intent, standing } = input;
  if (isClaimedByAnother(input)) return wait;
  const atOnce = intent.step.do === "abort-now" && mayForce(input);
  // Whoever set it ABORTING, it was not we as long as our only call is still to come.
  if (status === "ABORTING" && !atOnce) return { kind: "note-lost" };
  if (!isActive(status) && !(atOnce && isStopping(status))) return wait;
  if (standing.kind === "forbidden") {
    // A promised call without grace may be on its way.
    const isUnpromised = intent.forcedAt === undefined || intent.forceSpared === true;
    const mayWithdraw = !intent.callSent && isUnpromised;
    return mayWithdraw ? { kind: "close", closing: "abort.withdrawn", reason: standing.reason } : wait;
  }
  if (standing.kind === "unknown") return wait;
  return callWithClaim(input, atOnce ? "force" : "call");
}

/**
 * What to do next about an open intent. Pure: the look, the standing and the clock are given.
 *
 *     intent ── call ── requested ──────── forceAfter ── forced ──── alarmAfter ── unconfirmed … keep looking
 *        └─ withdrawn        └── ended and its figures at rest: confirmed or moot
 */
export function nextMove(input: LadderInput): Move {
  const { intent, look, standing, escalation, now } = input;
  if (look.kind === "missing") return moveForMissing(input, look.young);
  if (intent.missingSince !== undefined) return { kind: "mark-found" };
  if (look.life !== undefined && look.life > intent.life) {
    return {
      kind: "close",
      closing: "abort.moot",
      reason: "the run ended and was resurrected before it was seen",
    };
  }
  if (isEnded(look.status)) return moveForEnded(input, look.status, look.finishedAt);

  const { requestedAt } = intent;
  const waitedSecs = (now.getTime() - (requestedAt ?? intent.at).getTime()) / 1000;
  const overdue = waitedSecs >= escalation.alarmAfterSecs && intent.unconfirmedAt === undefined;
  if (requestedAt === undefined) {
    const move = moveBeforeRequest(input, look.status);
    // A call that keeps failing is for a person to know, too; it goes on being tried.
    return overdue && (move.kind === "wait" || intent.callSent) ? { kind: "alarm" } : move;
  }
  const isReached = isActive(look.status) || look.status === "ABORTING";
  const isDue = waitedSecs >= escalation.forceAfterSecs && mayForce(input) && standing.kind === "condemned";
  // A force that keeps being turned away, or whoever promised it died, is for a person to know, too; it goes on being tried.
  if (overdue && intent.forcedAt !== undefined) return { kind: "alarm" };
  if (isReached && isDue && !isClaimedByAnother(input)) return callWithClaim(input, "force");
  return overdue ? { kind: "alarm" } : wait;
}
