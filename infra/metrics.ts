import { Duration } from "aws-cdk-lib";
import { Metric, type MetricOptions, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { ATTENTION_METRIC, COMPLETE_METRIC, TAMPERING_METRIC } from "../functions/contract.ts";

/** The function that emits it, and the account that it emits it of. */
export interface Emitter {
  readonly account: string;
  readonly function: IFunction;
}

type Counted = { readonly namespace: string; readonly name: string };

const countOf = (
  { namespace, name }: Counted,
  dimensionsMap: Readonly<Record<string, string>>,
  options: MetricOptions,
): Metric =>
  new Metric({
    namespace,
    metricName: name,
    dimensionsMap,
    statistic: Stats.SUM,
    period: Duration.minutes(5),
    ...options,
  });

/** By its own function, too: two deployments may call their accounts the same, and must not hear each other's alarms. */
const countBy = (
  metric: Counted & { readonly dimension: string; readonly emitter: string },
  { account, function: { functionName } }: Emitter,
  options: MetricOptions,
): Metric => countOf(metric, { [metric.dimension]: account, [metric.emitter]: functionName }, options);

/** How many ticks called for a person; the function emits it in no other tick. */
export const attentionMetric = (emitter: Emitter, options: MetricOptions = {}): Metric =>
  countBy(ATTENTION_METRIC, emitter, options);

/** How many ticks were complete. */
export const completeMetric = (emitter: Emitter, options: MetricOptions = {}): Metric =>
  countBy(COMPLETE_METRIC, emitter, options);

/** How many entries of the audit were changed or removed; emitted at no other time. */
export const tamperingMetric = (account: string, options: MetricOptions = {}): Metric =>
  countOf(TAMPERING_METRIC, { [TAMPERING_METRIC.dimension]: account }, options);

/** How many messages wait in a queue, at the most. */
export const waitingMetric = (queue: IQueue, options: MetricOptions = {}): Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, ...options });
