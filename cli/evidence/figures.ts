import { formatDuration, formatUsd, toUsd } from "../../src/policy/index.ts";
import type { History, Quantity } from "../../src/watchdog/learn/past.ts";

/** What a figure rests on. */
export const SOURCES: Readonly<Record<History["source"], string>> = {
  ledger: "what the watchdog recorded",
  apify: "Apify's list of runs",
  both: "what the watchdog recorded and, before that, Apify's list of runs",
};

/** As people read it: `$1.85`, `1h 30m`. */
export const figureText = (quantity: Quantity, figure: number): string =>
  quantity === "usd" ? formatUsd(Math.round(figure)) : formatDuration(figure);

/** For programs: USD, or seconds. */
export const figureTold = (quantity: Quantity, figure: number): number =>
  quantity === "usd" ? toUsd(figure) : figure;

/** A share with two digits: `0.72 %`. */
export const shareText = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/** As a policy takes it: `1h30m`. */
export function durationWritten(secs: number): string {
  const [h, m, s] = [Math.floor(secs / 3_600), Math.floor((secs % 3_600) / 60), Math.ceil(secs % 60)];
  return `${h > 0 ? `${h}h` : ""}${m > 0 ? `${m}m` : ""}${s > 0 || h + m === 0 ? `${s}s` : ""}`;
}
