import type { RunScript } from "../world/script.ts";
import { character } from "./character.ts";
import type { Life } from "./run.ts";
import { endOf, natural } from "./timeline.ts";

/** How long a run had FAILED before somebody gave it another life. */
const DOWN_MS = 60_000;

/** The lives that a run begins with: one, and one more for each time that it has been resurrected by now. */
export function livesOf(script: RunScript, startedAtMs: number, timeoutSecs: number, nowMs: number): Life[] {
  const as = character(script);
  const life = (atMs: number, readyForMs: number): Life => ({
    startedAtMs: atMs,
    changes: natural(as, atMs, readyForMs, timeoutSecs),
    forced: false,
  });
  const lives = [life(startedAtMs, as.readyForMs)];
  for (const afterMs of script.resurrectedAfterMs ?? []) {
    const atMs = startedAtMs + afterMs;
    const before = lives.at(-1);
    if (!before || atMs > nowMs || atMs - DOWN_MS <= before.startedAtMs) {
      throw new RangeError(
        `A run is resurrected in the past, more than ${DOWN_MS} ms after its life before began: got ${afterMs} ms after its start.`,
      );
    }
    cut(before, atMs - DOWN_MS);
    lives.push(life(atMs, 0));
  }
  return lives;
}

/** Ends a life that would go on beyond `atMs`. */
function cut(life: Life, atMs: number): void {
  const end = endOf(life);
  if (end && end.atMs <= atMs) return;
  life.changes = [...life.changes.filter((change) => change.atMs < atMs), { atMs, status: "FAILED" }];
}
