import type { TrueRun } from "../../../emulator/index.ts";
import { appliesTo, limitOf, type PolicyDocument, percentOf, type RuleText } from "./policy-text.ts";

/** What may at most be held against a run at an instant. Times are the longest that anybody can have measured. */
export type Figures = {
  readonly status: string;
  readonly usageTotalUsd?: number | undefined;
  readonly stats?: Readonly<Record<string, number>> | undefined;
  readonly runSecs: number;
  readonly queueSecs: number;
  readonly stoppingSecs: number;
  /** Was a gauge shown at or above this a minute or more before? */
  readonly shownBefore: (stat: string, value: number) => boolean;
  /** While a promised stop drains, its run is judged as if it were still running. */
  readonly underIntent: boolean;
};

export type Stop = { readonly rule: RuleText; readonly do: string; readonly mode: string };

const ACTIVE: readonly string[] = ["READY", "RUNNING"];
const STOPPING: readonly string[] = ["ABORTING", "TIMING-OUT"];
/** `stats` that only grow: one look is enough. */
const COUNTERS = /^(computeUnits|durationMillis|runTimeSecs|netRxBytes|netTxBytes|memMaxBytes|cpuMaxUsage)$/;
const COUNTS = /^(migration|reboot|restart|resurrect)Count$/;

function judged(metric: string, { status, underIntent }: Figures): boolean {
  const goesOn = ACTIVE.includes(status) || (underIntent && STOPPING.includes(status));
  if (metric === "abortingTime") return STOPPING.includes(status);
  return metric === "queueTime" ? status === "READY" : goesOn;
}

function measured(metric: string, figures: Figures): number | undefined {
  if (metric === "usageTotalUsd") return figures.usageTotalUsd;
  if (metric === "runTime") return figures.status === "READY" ? 0 : figures.runSecs;
  if (metric === "queueTime") return figures.queueSecs;
  if (metric === "abortingTime") return figures.stoppingSecs;
  return figures.stats?.[metric.replace("stats.", "")];
}

/** Money in whole micro-dollars, as the language counts it; all else as it is. */
const scaled = (metric: string, value: number): number =>
  metric === "usageTotalUsd" ? Math.round(value * 1e6) : value;

export function reaches(metric: string, value: number, share: number, limit: number): boolean {
  return scaled(metric, value) >= (share * scaled(metric, limit)) / 100;
}

/** Every stop that the rules can at most ask for, observed ones included. */
export function stopsOf(document: PolicyDocument, run: TrueRun, figures: Figures): readonly Stop[] {
  return document.rules.flatMap((rule) => {
    const { metric, value: limit } = limitOf(rule);
    const value = judged(metric, figures) ? measured(metric, figures) : undefined;
    if (value === undefined || !appliesTo(rule, run)) return [];
    const stat = metric.replace("stats.", "");
    const isGauge = metric.startsWith("stats.") && !COUNTERS.test(stat) && !COUNTS.test(stat);
    return rule.steps.flatMap((step) => {
      const share = percentOf(step.at);
      if (step.do === "notify" || !reaches(metric, value, share, limit)) return [];
      if (isGauge && !figures.shownBefore(stat, (share * limit) / 100)) return [];
      return [{ rule, do: step.do, mode: rule.mode ?? document.mode ?? "observe" }];
    });
  });
}
