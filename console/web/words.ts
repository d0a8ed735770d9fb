import { formatCount, formatDuration, formatUsd, toMicroUsd } from "../../src/policy/index.ts";

/** Texts of the page that more than one panel needs. */

const secsBetween = (from: string | Date, to: string | Date): number =>
  (new Date(to).getTime() - new Date(from).getTime()) / 1000;

/** `23s`, `4m`, `6h 12m`: seconds only where they are all there is, as they would only flicker. */
export const spanText = (secs: number): string =>
  formatDuration(secs < 60 ? secs : Math.floor(secs / 60) * 60);

/** `4m ago`, `just now`, `in 2h`. */
export function fromNow(at: string | Date, now: Date): string {
  const secs = secsBetween(at, now);
  if (secs < 0) return `in ${spanText(-secs)}`;
  return secs < 1 ? "just now" : `${spanText(secs)} ago`;
}

/** `4m 12s ago`: of what is watched by the second. */
export const exactlyAgo = (at: string | Date, now: Date): string =>
  `${formatDuration(Math.max(0, secsBetween(at, now)))} ago`;

/** `18:00:05`, in UTC. */
export const clockText = (at: string | Date): string => new Date(at).toISOString().slice(11, 19);

/** `18:00` of the day that it is, `2026-11-24 18:00` of another; in UTC. */
export function minuteText(at: string | Date, now: Date): string {
  const text = new Date(at).toISOString();
  const isToday = text.slice(0, 10) === now.toISOString().slice(0, 10);
  return isToday ? text.slice(11, 16) : text.slice(0, 16).replace("T", " ");
}

export const usdText = (usd: number | null | undefined): string =>
  usd === null || usd === undefined ? "unknown" : formatUsd(toMicroUsd(usd));

export const rangeText = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  usdText(from) === usdText(to) ? usdText(to) : `${usdText(from)} to ${usdText(to)}`;

/** Never the whole limit before it is reached. */
export const percentText = (share: number): string =>
  `${share < 1 ? Math.min(99, Math.round(share * 100)) : Math.floor(share * 100)}%`;

export const count = formatCount;

/** A figure against its limit's unit, as the command line prints it. */
export { formatMeasure as measureText, guardWords } from "../../src/watchdog/audit/describe.ts";

/** What a step does, in words. */
const STEP_WORDS: Readonly<Record<string, string>> = {
  notify: "a notice is sent",
  hold: "its schedules are held",
  abort: "it is stopped",
  "abort-now": "it is stopped at once",
};
export const stepWords = (step: string): string => STEP_WORDS[step] ?? step;

/** With one full stop at its end, whatever it quotes last. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
