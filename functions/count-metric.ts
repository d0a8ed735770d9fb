import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

/** A metric of ours, which has the account as its one dimension. */
export type Counted = { readonly namespace: string; readonly name: string; readonly dimension: string };

/** Emits a count of one account's. */
export function countMetric({ namespace, name, dimension }: Counted, account: string, count = 1): void {
  const metrics = new Metrics({ namespace });
  // Only the account: an alarm finds a metric by exactly its dimensions.
  metrics.clearDefaultDimensions();
  metrics.addDimension(dimension, account);
  metrics.addMetric(name, MetricUnit.Count, count);
  metrics.publishStoredMetrics();
}
