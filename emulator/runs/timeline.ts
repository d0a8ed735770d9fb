import { LIVE_STATUSES, type RunStatus } from "../world/script.ts";
import type { Character } from "./character.ts";
import type { Change, Life, Run } from "./run.ts";

/** How long a run that hit its timeout is TIMING-OUT. Apify says only that the status is transitional. */
const TIMING_OUT_MS = 10_000;

/**
 * What a life comes to if nobody interferes:
 *
 *     start ─ READY ─▶ RUNNING ─────────────▶ SUCCEEDED | FAILED
 *                         └── timeoutSecs ──▶ TIMING-OUT ── 10 s ─▶ TIMED-OUT
 */
export function natural(
  character: Character,
  startedAtMs: number,
  readyForMs: number,
  timeoutSecs: number,
): Change[] {
  const changes: Change[] = [];
  if (readyForMs > 0) changes.push({ atMs: startedAtMs, status: "READY" });
  if (!Number.isFinite(readyForMs)) return changes;
  const runningAtMs = startedAtMs + readyForMs;
  changes.push({ atMs: runningAtMs, status: "RUNNING" });
  const endsAtMs = character.ends ? runningAtMs + character.ends.afterMs : Number.POSITIVE_INFINITY;
  const timesOutAtMs = timeoutSecs > 0 ? runningAtMs + timeoutSecs * 1_000 : Number.POSITIVE_INFINITY;
  if (character.ends && endsAtMs <= timesOutAtMs) {
    changes.push({ atMs: endsAtMs, status: character.ends.status });
  } else if (timeoutSecs > 0) {
    changes.push({ atMs: timesOutAtMs, status: "TIMING-OUT" });
    if (character.onAbort.kind !== "unstoppable") {
      changes.push({ atMs: timesOutAtMs + TIMING_OUT_MS, status: "TIMED-OUT" });
    }
  }
  return changes;
}

/** The life in which the run is at `atMs`, or undefined before its start. */
export function lifeAt(run: Run, atMs: number): Life | undefined {
  for (let index = run.lives.length - 1; index >= 0; index--) {
    const life = run.lives[index];
    if (life && life.startedAtMs <= atMs) return life;
  }
  return undefined;
}

/** The run's status at `atMs`; undefined before its start. */
export function statusAt(run: Run, atMs: number): RunStatus | undefined {
  const life = lifeAt(run, atMs);
  if (!life) return undefined;
  for (let index = life.changes.length - 1; index >= 0; index--) {
    const change = life.changes[index];
    if (change && change.atMs <= atMs) return change.status;
  }
  return undefined;
}

/** When the life turned, or is going to turn, `status`. */
export function turnedAt(life: Life, status: RunStatus): number | undefined {
  return life.changes.find((change) => change.status === status)?.atMs;
}

/** The life's end, past or to come; undefined when it goes on for ever. */
export function endOf(life: Life): Change | undefined {
  const last = life.changes.at(-1);
  return last && !LIVE_STATUSES.has(last.status) ? last : undefined;
}

/** For how many ms of this life, up to `atMs`, the run had a container: everything between READY and the end. */
export function runningMs(life: Life, atMs: number): number {
  const from = turnedAt(life, "RUNNING");
  if (from === undefined) return 0;
  return Math.max(0, Math.min(atMs, endOf(life)?.atMs ?? atMs) - from);
}

/** The same over all lives. Downtime between them does not count, as Apify says of a resurrected run's duration. */
export function runningMsInAll(run: Run, atMs: number): number {
  let sum = 0;
  for (const life of run.lives) sum += runningMs(life, atMs);
  return sum;
}
