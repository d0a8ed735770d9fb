import { DEFAULT_ESCALATION } from "../../policy/index.ts";
import type { OpenIntent } from "../model/control.ts";
import { findIntent } from "../model/intents.ts";
import type { Standing } from "../model/standing.ts";
import type { Fresh, Sighting } from "../observe/look.ts";
import { noteLooks } from "../observe/note-looks.ts";
import { isYoung } from "../observe/remember.ts";
import { orAbsent } from "../policies/policy-in-force.ts";
import { type Look, nextMove } from "./ladder.ts";
import type { Pursuing } from "./pursuing.ts";
import { type Next, Pursuit } from "./pursuit.ts";
import { standingNow } from "./standing-now.ts";

/** More moves than an intent can need in one tick; what is left is the next tick's. */
const MAX_MOVES = 16;

function lookOf(pursuing: Pursuing, intent: OpenIntent, fresh: Fresh): Look {
  if (fresh.kind === "missing") {
    const startedAt = pursuing.live.get(intent.runId)?.run.startedAt;
    return { kind: "missing", young: startedAt !== undefined && isYoung(startedAt, fresh.observedAt) };
  }
  const { run } = fresh.observation;
  const life = run.detail?.resurrectCount;
  return {
    kind: "found",
    status: run.status,
    ...(life !== undefined && { life }),
    ...(run.finishedAt && { finishedAt: run.finishedAt }),
  };
}

/**
 * The first call, on the reading that the intent was written on. The control state is read once more, for a pause or an
 * exemption may have come while the intent was being written.
 */
async function callAtOnce(pursuing: Pursuing, pursuit: Pursuit, first: Sighting): Promise<Next> {
  const control = await pursuing.ports.state.readControl();
  const intent = findIntent(control, pursuit.intentId);
  if (intent === undefined) return "done";
  const standing = await standingNow(pursuing, control, intent, first.observation);
  if (standing.kind !== "condemned") return "again";
  return (await pursuit.call(intent, first, true)) === "done" ? "done" : "again";
}

/**
 * Takes an open intent as far as it goes in this tick: looks at the run, judges it again, calls, escalates, alarms or
 * closes. `first`: the reading that the intent was just written on, to call on at once if it is still fresh. `patienceMs`:
 * no further look is begun after this. Returns whether it was left for that.
 */
export async function pursue(
  pursuing: Pursuing,
  target: Pick<OpenIntent, "intentId" | "runId">,
  {
    first,
    patienceMs = Number.POSITIVE_INFINITY,
  }: {
    readonly first?: { readonly intent: OpenIntent; readonly sighting: Sighting };
    readonly patienceMs?: number;
  } = {},
): Promise<boolean> {
  const { clock } = pursuing.ports;
  const begunMs = clock.monotonicMs();
  // What was judged before the intent was written is older than the claim that the intent came with.
  const pursuit = new Pursuit(pursuing, target, first?.sighting.sentMs);
  if (
    first &&
    first.intent.step.do === "abort" &&
    (await callAtOnce(pursuing, pursuit, first.sighting)) === "done"
  )
    return false;
  for (let moves = 0; moves < MAX_MOVES && !pursuing.signal.aborted; moves++) {
    if (clock.monotonicMs() - begunMs >= patienceMs) return true;
    const looked = await pursuit.look();
    if (looked === undefined) return false;
    const { control, intent, fresh } = looked;
    const { found: inForce } = await orAbsent(pursuing.policyOf(control));
    if (inForce && fresh.kind === "found") noteLooks(pursuing, inForce.policy, fresh.observation);
    const standing: Standing =
      fresh.kind === "found"
        ? await standingNow(pursuing, control, intent, fresh.observation)
        : { kind: "unknown", reason: "the run is missing" };
    const move = nextMove({
      intent,
      look: lookOf(pursuing, intent, fresh),
      standing,
      escalation: inForce?.policy.escalation ?? DEFAULT_ESCALATION,
      tickId: pursuing.tick.id,
      claimLeftMs: pursuit.claim.leftMs,
      now: pursuing.ports.apify.now(),
    });
    if ((await pursuit.make(move, intent, fresh)) === "done") return false;
  }
  return false;
}
