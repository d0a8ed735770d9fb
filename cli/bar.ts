const FULL = "█";
const EMPTY = "░";

/** A share as a bar; one that is over is full. */
export function bar(share: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * width);
  return FULL.repeat(filled) + EMPTY.repeat(width - filled);
}
