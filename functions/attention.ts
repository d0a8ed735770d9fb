import { isOfProcess } from "../src/watchdog/model/errors.ts";
import type { Log } from "../src/watchdog/model/ports.ts";
import { ATTENTION_METRIC } from "./contract.ts";
import { countMetric } from "./count-metric.ts";

/** Errors that last until a person mends what they speak of. */
const isLasting = (error: unknown): error is Error =>
  error instanceof Error &&
  (error.name === "ConfigError" ||
    error.name === "PolicyError" ||
    (error.name === "ApifyError" && "isOfToken" in error && error.isOfToken === true));

/** Why a tick that failed needs a person, if it does: all else the next tick may find mended. */
export const attentionOfError = (error: unknown): readonly string[] =>
  isLasting(error) ? [isOfProcess(error) ? `token: ${error.message}` : error.message] : [];

/** Tells that a person must look after this watchdog, by a metric with an alarm on it and a line with the reasons. */
export function callForAttention(log: Log, account: string, reasons: readonly string[]): void {
  if (reasons.length === 0) return;
  log.warn("needs attention", { account, reasons });
  countMetric(ATTENTION_METRIC, account);
}
