import { Duration } from "aws-cdk-lib";
import { Metric, type MetricOptions, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { ATTENTION_METRIC } from "../functions/contract.ts";

/** How many ticks called for a person; the function emits it in no other tick. */
export const attentionMetric = (account: string, options: MetricOptions = {}): Metric =>
  new Metric({
    namespace: ATTENTION_METRIC.namespace,
    metricName: ATTENTION_METRIC.name,
    dimensionsMap: { [ATTENTION_METRIC.dimension]: account },
    statistic: Stats.SUM,
    period: Duration.minutes(5),
    ...options,
  });
