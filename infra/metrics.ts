import { Duration } from "aws-cdk-lib";
import { Metric, type MetricOptions, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { ATTENTION_METRIC, COMPLETE_METRIC, TAMPERING_METRIC } from "../functions/contract.ts";

type Counted = { readonly namespace: string; readonly name: string; readonly dimension: string };

const countOf = ({ namespace, name, dimension }: Counted, account: string, options: MetricOptions): Metric =>
  new Metric({
    namespace,
    metricName: name,
    dimensionsMap: { [dimension]: account },
    statistic: Stats.SUM,
    period: Duration.minutes(5),
    ...options,
  });

/** How many ticks called for a person; the function emits it in no other tick. */
export const attentionMetric = (account: string, options: MetricOptions = {}): Metric =>
  countOf(ATTENTION_METRIC, account, options);

/** How many ticks were complete. */
export const completeMetric = (account: string, options: MetricOptions = {}): Metric =>
  countOf(COMPLETE_METRIC, account, options);

/** How many entries of the audit were changed or removed; emitted at no other time. */
export const tamperingMetric = (account: string, options: MetricOptions = {}): Metric =>
  countOf(TAMPERING_METRIC, account, options);
