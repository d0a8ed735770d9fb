const FULL = "█";
const EMPTY = "░";

/** `█████░░░`: a share as a bar. Rounded down: it is full when all of it is used up, and not before. */
export function bar(share: number, width: number): string {
  const full = Math.floor(Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * width);
  return FULL.repeat(full) + EMPTY.repeat(width - full);
}

/** Rounded as the figures beside it are, but never to the whole limit before it is reached. */
export const percent = (share: number): string =>
  `${share < 1 ? Math.min(99, Math.round(share * 100)) : Math.floor(share * 100)}%`;
