import { isActive } from "../run.ts";
import { positiveNumber, sizeOrNumber } from "../values/figure-forms.ts";
import { figureIn, known, type Limit, untold } from "./limit.ts";

const PREFIX = "stats.";
const IN_BYTES = /^stats\.([A-Za-z][A-Za-z0-9]*)?Bytes$/;
const IN_NUMBERS = /^stats\.(?![A-Za-z0-9]*Bytes$)[A-Za-z][A-Za-z0-9]*$/;
const field = (metric: string): string => metric.slice(PREFIX.length);
const isBytes = (metric: string): boolean => IN_BYTES.test(metric);

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

const WORDS: Readonly<Record<string, string>> = {
  restartCount: "restarts",
  resurrectCount: "resurrects",
  migrationCount: "migrations",
  rebootCount: "reboots",
};

const wanted = "a number above 0, or for a field in bytes a size (500MB, 20GiB)";
const plain = positiveNumber(wanted);
const size = sizeOrNumber(wanted);

/** What is not in here may be a field all the same: Apify adds some. */
const GAUGES = [
  "memAvgBytes",
  "memCurrentBytes",
  "cpuAvgUsage",
  "cpuCurrentUsage",
  "inputBodyLen",
  "metamorph",
];

/** Any numeric field of a run's `stats`, in the unit in which Apify gives it. All of them may be missing. */
export const stats: Limit = {
  usage: "stats.<field>",
  about: "Any numeric field of the run's stats, in the unit in which Apify gives it.",
  keys: [...COUNTERS, ...GAUGES].map((name) => `${PREFIX}${name}`),
  open: {
    [IN_BYTES.source]: "stats.netRxBytes",
    [IN_NUMBERS.source]: "stats.restartCount",
  },
  pattern: /^stats\.[A-Za-z][A-Za-z0-9]*$/,
  words: (metric) => WORDS[field(metric)] ?? metric,
  unit: (metric) => (isBytes(metric) ? "bytes" : "count"),
  form: (key) => (isBytes(key) ? size : plain),
  needs: "detail",
  isGauge: (metric) => !COUNTERS.has(field(metric)),
  judges: isActive,
  measure(observation, { metric }, now) {
    const value = figureIn(observation.run.detail?.stats, field(metric));
    return value === undefined ? untold(observation, metric, now) : known(value);
  },
};
