import { formatDuration } from "../src/policy/index.ts";

/** `2026-11-24 08:01`, in UTC. */
export const minuteOf = (at: Date | string): string =>
  new Date(at).toISOString().slice(0, 16).replace("T", " ");

/** `5m ago`, `in 2h`. */
export function fromNow(at: Date, now: Date): string {
  const secs = (now.getTime() - at.getTime()) / 1000;
  return secs >= 0 ? `${formatDuration(secs)} ago` : `in ${formatDuration(-secs)}`;
}
