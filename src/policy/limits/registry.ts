import type { RuleLimit } from "../policy.ts";
import { toMicroUsd, toUsd } from "../values/money.ts";
import { abortingTime } from "./aborting-time.ts";
import { events } from "./events.ts";
import { idleTime } from "./idle-time.ts";
import type { Limit, Unit } from "./limit.ts";
import { noCap } from "./no-cap.ts";
import { noTimeout } from "./no-timeout.ts";
import { queueTime } from "./queue-time.ts";
import { runTime } from "./run-time.ts";
import { stats } from "./stats.ts";
import { timeout } from "./timeout.ts";
import { timesTypical } from "./times-typical.ts";
import { usage } from "./usage.ts";
import { usageTotalUsd } from "./usage-total-usd.ts";
import { usageUsd } from "./usage-usd.ts";
import { usdPerHour } from "./usd-per-hour.ts";

/** Every limit there is. A new one is a file beside this one and a line here. */
export const LIMITS: readonly Limit[] = [
  usageTotalUsd,
  runTime,
  queueTime,
  abortingTime,
  usdPerHour,
  idleTime,
  timesTypical,
  noTimeout,
  timeout,
  noCap,
  usageUsd,
  usage,
  events,
  stats,
];

/** The keys of a limit that are known beforehand: of an open family there are more. */
export const knownKeys = ({ usage, keys, open }: Limit): readonly string[] => keys ?? (open ? [] : [usage]);

export const KNOWN_KEYS: readonly string[] = LIMITS.flatMap(knownKeys);

/** By the key that a policy writes. */
export const findLimit = (key: string): Limit | undefined => LIMITS.find(({ pattern }) => pattern.test(key));

/** By what was measured. */
export const findMeasured = (metric: string): Limit | undefined =>
  LIMITS.find(({ metrics, pattern }) => (metrics ?? pattern).test(metric));

/** For a metric that a parsed policy names, and which therefore exists. */
export function limitFor(metric: string): Limit {
  const limit = findMeasured(metric);
  if (limit === undefined) throw new Error(`no limit measures "${metric}"; the policy was not parsed`);
  return limit;
}

/** What a metric is called where people read it; one that is no limit's, such as an order's, by its own name. */
export const metricWords = (metric: string): string => findMeasured(metric)?.words(metric) ?? metric;

/** What else a limit depends on, in words; `undefined` when nothing. */
export const termsOf = (limit: RuleLimit): string | undefined => limitFor(limit.metric).terms?.(limit);

/** The unit of a metric that a parsed policy names. */
export const unitOf = (metric: string): Unit => limitFor(metric).unit(metric);

const isMoney = (unit: string): boolean => unit === "USD" || unit === "USD/h";

/** A figure as people read it: micro-dollars become dollars. */
export const plainFigure = (unit: Unit, value: number): number => (isMoney(unit) ? toUsd(value) : value);

/** What `plainFigure` made of it, back in the unit that policies are judged in. */
export const figureOf = (unit: string, plain: number): number => (isMoney(unit) ? toMicroUsd(plain) : plain);
