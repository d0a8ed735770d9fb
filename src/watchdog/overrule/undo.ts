import type { Exemption, MicroUsd, Observation } from "../../policy/index.ts";
import { readChain } from "../audit/append.ts";
import type { Control } from "../model/control.ts";
import { runChain } from "../model/entry.ts";
import { findExemption, isSameGrant, type ValidExemption } from "../model/exemption.ts";
import { checkGiven } from "../model/given.ts";
import { isFresh, lookAt, type Sighting } from "../observe/look.ts";
import { grantExemption } from "./exemptions.ts";
import { oursOf, type Stop, subjectOf } from "./find-stop.ts";
import { CALL_MS, conclude, resurrect, type Undoing } from "./resurrect.ts";
import { type NotUndone, refuse, type UndoResult, type UndoWish } from "./undo-wish.ts";
import { ceilingFor, forbiddenBy, undoneBefore, wrongRun } from "./undoable.ts";

const MAX_TRIES = 12;
/** The grant of another undo of the same stop may be on its way to its call for so long. */
const CLAIM_MS = 2 * CALL_MS;

/**
 * Resurrects a run that was stopped and lets it live: its exemption first, durable; then the one call; then the entry. A
 * process that dies between is finished by the same undo said again. Throws while nothing is written yet, and when the
 * last entry can't be written, as a tick does.
 */
export async function undo(undoing: Undoing, stop: Stop, wish: UndoWish): Promise<UndoResult> {
  checkGiven({ by: wish.by, reason: wish.reason });
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const result = await attempt(undoing, stop, wish);
    if (result !== "again") return result;
  }
  return refuse(
    "too-busy",
    "The control state kept changing, or the tables took longer to answer than a look at the run counts: nothing was called. Say it again.",
  );
}

/** An undo that nothing stands in the way of, and what it was judged by. */
type Possible = {
  readonly kind: "possible";
  readonly observation: Observation;
  readonly sighting: Sighting;
  /** The exemption that stands for the run, whoever granted it. */
  readonly stands: Exemption | undefined;
  /** It is of this very undo: one that was interrupted. */
  readonly ours: ValidExemption | undefined;
  readonly ceiling: { readonly ceilingMicroUsd?: MicroUsd; readonly limitMicroUsd?: MicroUsd };
};

/** An undo died behind its call: what is left to do is its entry. */
type Called = {
  readonly kind: "called";
  readonly observation: Observation;
  readonly ours: ValidExemption;
};

/** Judges an undo on the run, its story and the control state as they are now. Writes nothing. */
export async function foreseeUndo(
  undoing: Undoing,
  stop: Stop,
  wish: Pick<UndoWish, "ceilingMicroUsd">,
): Promise<NotUndone | Called | Possible> {
  const { ports } = undoing;
  const fresh = await lookAt(undoing, stop.runId);
  if (fresh.kind === "missing") return refuse("missing", `Apify has no run ${stop.runId} any more.`);
  const { observation } = fresh;
  const { entries } = await readChain(ports, runChain(stop.runId));
  const before = undoneBefore(stop, entries);
  if (before) return before;

  const control = await ports.state.readControl();
  const stands = findExemption(control, subjectOf(stop));
  const ours = oursOf(stands, stop);
  if (ours && observation.life.number > stop.life) return { kind: "called", observation, ours };
  const cost = observation.run.usageTotalMicroUsd;
  const forbidden =
    wrongRun(stop, observation, entries) ?? forbiddenBy(control, stop, cost, ports.clock.now());
  if (forbidden) return forbidden;
  const ceiling = ceilingFor(stop, observation.run, wish.ceilingMicroUsd);
  if ("kind" in ceiling) return ceiling;
  return { kind: "possible", observation, sighting: fresh, stands, ours, ceiling };
}

/** One try, on what is true now. */
async function attempt(undoing: Undoing, stop: Stop, wish: UndoWish): Promise<UndoResult | "again"> {
  const { ports } = undoing;
  const judged = await foreseeUndo(undoing, stop, wish);
  if (judged.kind === "refused") return judged;
  const { observation, ours } = judged;
  if (judged.kind === "called") {
    const alive = { answer: "found", status: observation.run.status } as const;
    return conclude(undoing, stop, wish, { observation, exemption: judged.ours }, alive);
  }
  const { sighting, stands, ceiling } = judged;
  const cost = observation.run.usageTotalMicroUsd;
  if (ours) {
    const claimedMs = (ours.grantedAt?.getTime() ?? 0) + CLAIM_MS - ports.clock.now().getTime();
    if (claimedMs > 0) {
      // It may be on its way to its call; if that died, this one takes over.
      await ports.clock.sleep(claimedMs, undoing.signal);
      return "again";
    }
  }
  let grantingMs = ports.clock.monotonicMs();
  const { exemption, granted } = await grant(undoing, stop, wish, ceiling.ceilingMicroUsd, (now) => {
    const found = findExemption(now, subjectOf(stop));
    const isAsSeen = stands?.kind === "valid" ? isSameGrant(found, stands) : found?.kind === stands?.kind;
    // It must still be the end of the stopped life: somebody may have resurrected the run since, and stopped it again.
    const isRecent = isFresh(sighting, ports.clock);
    grantingMs = ports.clock.monotonicMs();
    return isRecent && isAsSeen && forbiddenBy(now, stop, cost, ports.clock.now()) === undefined;
  });
  if (!granted) return "again";
  return resurrect(undoing, stop, wish, { observation, exemption, grantingMs, ...ceiling });
}

const grant = (
  { ports }: Undoing,
  stop: Stop,
  { by, reason, until }: UndoWish,
  ceilingMicroUsd: MicroUsd | undefined,
  when: (control: Control) => boolean,
) =>
  grantExemption(
    ports,
    {
      subject: subjectOf(stop),
      until,
      ...(ceilingMicroUsd !== undefined && { ceilingMicroUsd }),
      owner: by,
      reason: `undo of ${stop.named.entryId}: ${reason}`,
      undoOf: stop.intent.entryId,
    },
    by,
    when,
  );
