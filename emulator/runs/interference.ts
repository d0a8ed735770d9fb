import { LIVE_STATUSES } from "../world/script.ts";
import type { Change, Life, Run } from "./run.ts";
import { endOf, lifeAt, natural, statusAt } from "./timeline.ts";

/** What a call did to a run. */
export type Effect = "none" | "aborting" | "aborted" | "resurrected" | "started";

/** "Force-stop the run after 30 seconds", as documented for a graceful abort. */
const GRACE_MS = 30_000;

/**
 * Aborts a run at `nowMs`.
 *
 * As documented: only runs that are starting or running are aborted; for the others the call does nothing. Beyond the
 * document, decided here: an abort without grace kills a run that is ABORTING (Apify's own command line escalates like
 * that), and no abort changes TIMING-OUT (Apify's reference and guide disagree on it; it ends within seconds anyway).
 */
export function abort(run: Run, nowMs: number, gracefully: boolean): Effect {
  const life = lifeAt(run, nowMs);
  const status = statusAt(run, nowMs);
  if (!life || !status || !LIVE_STATUSES.has(status) || status === "TIMING-OUT") return "none";
  if (status === "READY") return rewrite(life, nowMs, [{ atMs: nowMs, status: "ABORTED" }], "aborted");
  if (run.character.onAbort.kind === "unstoppable") {
    return status === "ABORTING"
      ? "none"
      : rewrite(life, nowMs, [{ atMs: nowMs, status: "ABORTING" }], "aborting");
  }
  if (!gracefully) {
    life.forced = true;
    return rewrite(life, nowMs, [{ atMs: nowMs, status: "ABORTED" }], "aborted");
  }
  if (status === "ABORTING") return "none";
  return rewrite(life, nowMs, [{ atMs: nowMs, status: "ABORTING" }, ...drain(run, life, nowMs)], "aborting");
}

/** Starts another life of a run that has ended. Returns false for one that has not. */
export function resurrect(run: Run, nowMs: number): boolean {
  const status = statusAt(run, nowMs);
  if (!status || LIVE_STATUSES.has(status)) return false;
  run.message = undefined;
  // As documented: the status becomes RUNNING, and the timeout counts from the resurrection.
  const changes = natural(run.character, nowMs, 0, run.options.timeoutSecs);
  run.lives.push({ startedAtMs: nowMs, changes, forced: false });
  return true;
}

function drain(run: Run, life: Life, nowMs: number): Change[] {
  const behaviour = run.character.onAbort;
  if (behaviour.kind === "winsRace") return [{ atMs: nowMs + behaviour.afterMs, status: "SUCCEEDED" }];
  if (behaviour.kind !== "drains") return [];
  const stopped: Change = { atMs: nowMs + Math.min(behaviour.forMs, GRACE_MS), status: "ABORTED" };
  // A run whose work ends before the drain does has ended well: the abort lost the race.
  const end = endOf(life);
  return [end && end.atMs <= stopped.atMs && end.status !== "TIMED-OUT" ? end : stopped];
}

function rewrite(life: Life, nowMs: number, changes: readonly Change[], effect: Effect): Effect {
  life.changes = [...life.changes.filter((change) => change.atMs <= nowMs), ...changes];
  return effect;
}
