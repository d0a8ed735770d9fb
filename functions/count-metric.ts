import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Counted } from "./metrics.ts";

/** Outside of Lambda no one collects it. */
const NO_FUNCTION = "none";

/** Emits a count of one account's. */
export function countMetric(
  { namespace, name, dimension, emitter }: Counted,
  account: string,
  count = 1,
): void {
  const metrics = new Metrics({ namespace });
  // No others: an alarm finds a metric by exactly its dimensions.
  metrics.clearDefaultDimensions();
  metrics.addDimension(dimension, account);
  metrics.addDimension(emitter, process.env.AWS_LAMBDA_FUNCTION_NAME || NO_FUNCTION);
  metrics.addMetric(name, MetricUnit.Count, count);
  metrics.publishStoredMetrics();
}
