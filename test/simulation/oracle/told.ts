import type { SeenDetail, SeenSettings } from "./history.ts";
import type { LimitText } from "./policy-text.ts";

/** What is told of a run outright, and for how long it has been what it is. */
export type Told = {
  readonly status: string;
  readonly usageTotalUsd?: number | undefined;
  readonly detail?: SeenDetail | undefined;
  /** Those of its life, which any read of it in full may have told. */
  readonly settings?: SeenSettings | undefined;
  readonly runSecs: number;
  readonly queueSecs: number;
  readonly stoppingSecs: number;
};

export const ACTIVE: readonly string[] = ["READY", "RUNNING"];
export const STOPPING: readonly string[] = ["ABORTING", "TIMING-OUT"];

export const micro = (usd: number): number => Math.round(usd * 1e6);

/** `stats.netRxBytes` is `netRxBytes` of the family `stats`. */
export function partsOf(metric: string): { readonly family: string; readonly name: string } {
  const [family = "", ...rest] = metric.split(".");
  return { family, name: rest.join(".") };
}

const MONEY: readonly string[] = ["usageTotalUsd", "usageUsd", "budget"];

/** Money is counted in whole micro-dollars. */
export const isMoney = (metric: string): boolean => MONEY.includes(partsOf(metric).family);

/** `stats` that only grow: one look is enough. */
const COUNTERS = /^(computeUnits|durationMillis|runTimeSecs|netRxBytes|netTxBytes|memMaxBytes|cpuMaxUsage)$/;
const COUNTS = /^(migration|reboot|restart|resurrect)Count$/;

/** What goes up and down, which it takes two looks to believe. */
export function isGauge(metric: string): boolean {
  const { family, name } = partsOf(metric);
  if (family === "stats") return !COUNTERS.test(name) && !COUNTS.test(name);
  return family === "usdPerHour" || family === "timesTypical";
}

export function unitOf(metric: string): string {
  const { family, name } = partsOf(metric);
  if (isMoney(metric)) return "USD";
  if (family.endsWith("Time")) return "secs";
  if (family === "stats" && name.endsWith("Bytes")) return "bytes";
  return { usdPerHour: "USD/h", timesTypical: "times", noTimeout: "flag" }[family] ?? "count";
}

/** What the charged events cost at least, in USD: each at its cheapest price. */
export function eventsUsd({ events = {}, eventUsd = {} }: Partial<SeenDetail>): number {
  return Object.entries(events).reduce((sum, [event, count]) => sum + count * (eventUsd[event] ?? 0), 0);
}

/** Three minutes of a gigabyte, or a cent: what is less may be told as 0. */
export function hasWorked(detail: SeenDetail): boolean {
  const { stats, usage = {}, usageUsd = {} } = detail;
  const units = Math.max(stats.computeUnits ?? 0, usage.ACTOR_COMPUTE_UNITS ?? 0);
  const usd = Object.values(usageUsd).reduce((sum, each) => sum + each, 0);
  return units >= 0.05 || Math.max(usd, eventsUsd(detail)) >= 0.01;
}

/** What is billed for them at least: what of each is accounted for, where that is told, and no more in all than the run's cap. */
export function billedEventsUsd(
  { events = {}, accounted, accountedUsd = {}, eventUsd = {} }: Partial<SeenDetail>,
  { maxTotalChargeUsd = Number.POSITIVE_INFINITY }: SeenSettings = {},
): number {
  const counted = { ...events, ...accounted, ...accountedUsd };
  const usd = Object.keys(counted).reduce((sum, event) => {
    const count = (accounted ?? events)[event] ?? 0;
    return sum + (accountedUsd[event] ?? count * (eventUsd[event] ?? 0));
  }, 0);
  return Math.min(usd, maxTotalChargeUsd);
}

function cost({ usageTotalUsd, detail, settings }: Told, basis: string): number | undefined {
  const charged = basis === "estimate" && detail ? billedEventsUsd(detail, settings) : 0;
  return charged > 0 ? Math.max(charged, usageTotalUsd ?? 0) : usageTotalUsd;
}

/** A figure that one answer tells, or time by itself; what was not told is `undefined`, and so is what takes a history. */
export function toldFigure({ metric }: LimitText, basis: string, told: Told): number | undefined {
  const { family, name } = partsOf(metric);
  const { detail, settings } = told;
  switch (family) {
    case "usageTotalUsd":
      return cost(told, basis);
    case "runTime":
      return told.status === "READY" ? 0 : told.runSecs;
    case "queueTime":
      return told.queueSecs;
    case "abortingTime":
      return told.stoppingSecs;
    case "stats":
      return detail?.stats[name];
    case "usage":
      return detail?.usage?.[name];
    case "usageUsd":
      return detail?.usageUsd?.[name];
    case "events":
      return detail?.events?.[name];
    case "noTimeout":
      return settings?.timeoutSecs === undefined ? undefined : Number(settings.timeoutSecs === 0);
    default:
      return undefined;
  }
}
