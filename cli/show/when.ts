import { formatDuration } from "../../src/policy/index.ts";

/** `5m ago`, `in 2h`. */
export function fromNow(at: Date, now: Date): string {
  const secs = (now.getTime() - at.getTime()) / 1000;
  return secs >= 0 ? `${formatDuration(secs)} ago` : `in ${formatDuration(-secs)}`;
}
