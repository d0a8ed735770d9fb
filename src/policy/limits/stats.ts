import { parseBytes } from "../bytes.ts";
import { isActive } from "../run.ts";
import { isYoungLife, known, type Limit } from "./limit.ts";

const PREFIX = "stats.";
const field = (metric: string): string => metric.slice(PREFIX.length);
const isBytes = (metric: string): boolean => /Bytes$/.test(metric);

/** Fields that only grow while a run lives. What is not known to grow is taken for a gauge: it needs two looks. */
const COUNTERS: ReadonlySet<string> = new Set([
  "computeUnits",
  "durationMillis",
  "runTimeSecs",
  "migrationCount",
  "rebootCount",
  "restartCount",
  "resurrectCount",
  "netRxBytes",
  "netTxBytes",
  "memMaxBytes",
  "cpuMaxUsage",
]);

/** Any numeric field of a run's `stats`, in the unit in which Apify gives it. All of them may be missing. */
export const stats: Limit = {
  matches: (metric) => /^stats\.[A-Za-z][A-Za-z0-9]*$/.test(metric),
  usage: "stats.<field>",
  expects: "a number above 0, or for a field in bytes a size such as 500MB or 20GiB",
  unit: (metric) => (isBytes(metric) ? "bytes" : "count"),
  parse(raw, metric) {
    const value = typeof raw === "number" ? raw : isBytes(metric) ? parseBytes(raw) : undefined;
    return value !== undefined && value > 0 && Number.isFinite(value) ? value : undefined;
  },
  needsDetail: true,
  isGauge: (metric) => !COUNTERS.has(field(metric)),
  judges: isActive,
  measure({ run, life }, metric, now) {
    const value = run.detail?.stats[field(metric)];
    if (typeof value === "number") return known(value);
    const reason = run.detail ? `Apify reports no ${metric} for this run` : "the run's detail was not read";
    // A run in the queue has no stats yet, and one that has just left it may have none.
    return { kind: "unknown", reason, young: run.status === "READY" || isYoungLife(life, now) };
  },
};
