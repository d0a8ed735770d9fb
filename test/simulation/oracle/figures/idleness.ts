import type { TrueRun } from "../../../../emulator/index.ts";
import type { LimitText } from "../policy-text.ts";
import type { Reading, Readings } from "../readings.ts";
import { ACTIVE, STOPPING } from "../told.ts";

/** A look is compared with an earlier one, at least so long before, and not with one of long ago. */
const APART_MS = 30_000;
const LONG_AGO_MS = 16 * 60_000;
/** What moved over a longer time must have been no more than this many minutes allow. */
const MOST_MINUTES = 2;

const PRODUCTS = [
  "DATASET_WRITES",
  "REQUEST_QUEUE_WRITES",
  "PROXY_SERPS",
  "PROXY_RESIDENTIAL_TRANSFER_GBYTES",
] as const;

/** What the run had brought about by then. Where Apify breaks nothing down, its cost stands in. */
function broughtAbout({ detail, usageTotalUsd }: Reading): readonly [by: string, sum: number] | undefined {
  const { usage = {}, events = {} } = detail ?? {};
  const counts = Object.values(events);
  if (counts.length > 0 || Object.keys(usage).length > 0) {
    return [
      "count",
      [...counts, ...PRODUCTS.map((name) => usage[name] ?? 0)].reduce((sum, each) => sum + each, 0),
    ];
  }
  return usageTotalUsd === undefined ? undefined : ["USD", usageTotalUsd];
}

function hasSameProducts(one: Reading, other: Reading): boolean {
  const [a, b] = [broughtAbout(one), broughtAbout(other)];
  return a !== undefined && b !== undefined && a[0] === b[0] && Math.abs(a[1] - b[1]) < 1e-9;
}

function traffic({ detail }: Reading): number | undefined {
  const { netRxBytes, netTxBytes } = detail?.stats ?? {};
  return netRxBytes === undefined || netTxBytes === undefined ? undefined : netRxBytes + netTxBytes;
}

const isSameRunTime = ({ detail: a }: Reading, { detail: b }: Reading): boolean =>
  a?.stats.durationMillis !== undefined && a.stats.durationMillis === b?.stats.durationMillis;

/** Can a look be said to show the run idle, compared with some look before it? */
function looksIdle(look: Reading, before: readonly Reading[], { cpuBelow = 0, trafficBelow = 0 }): boolean {
  const cpu = look.detail?.stats.cpuCurrentUsage ?? Number.POSITIVE_INFINITY;
  const bytes = traffic(look);
  if (bytes === undefined || cpu >= cpuBelow) return false;
  return before.some((other) => {
    const overMs = look.saidMs - other.saidMs;
    const moved = bytes - (traffic(other) ?? Number.NEGATIVE_INFINITY);
    // Whose stats have not moved shows nothing of what it does.
    if (isSameRunTime(look, other)) return false;
    if (overMs < APART_MS || overMs > LONG_AGO_MS || moved < 0) return false;
    const allowed = trafficBelow * Math.min(overMs / 60_000, MOST_MINUTES);
    return moved < allowed && hasSameProducts(look, other);
  });
}

/**
 * For how long a run can at most be said to have been idle: from the first look that can be said to show it so, with none
 * between that shows it busy, nor anything that was brought about. What a run does on its way out is no sign of life.
 */
export function idleSecs(
  readings: Readings,
  run: TrueRun,
  reading: Reading,
  { options }: LimitText,
): number | undefined {
  const details = readings.upTo(run, reading).filter(({ detail }) => detail !== undefined);
  const isStopping = STOPPING.includes(reading.status);
  const last = isStopping
    ? details.find(({ status, call }) => ACTIVE.includes(status) && readings.mayHaveKnown(call, reading.by))
    : reading;
  if (last?.detail === undefined) return undefined;
  const isIdle = (look: Reading): boolean => looksIdle(look, details, options);
  if (!isStopping && !isIdle(last)) return 0;
  const since = readings.heldSince(run, reading, (look) =>
    look.detail === undefined ? undefined : isIdle(look) && hasSameProducts(look, last),
  );
  return since ? (reading.saidMs - since.saidMs) / 1_000 : 0;
}
