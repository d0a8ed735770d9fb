import { Duration } from "aws-cdk-lib";
import { Metric, type MetricOptions, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { ATTENTION_METRIC, COMPLETE_METRIC, type Counted, TAMPERING_METRIC } from "../functions/contract.ts";

/** The function that emits it, and the account that it emits it of. */
export interface Emitter {
  readonly account: string;
  readonly function: IFunction;
}

/** By its own function, too: two deployments may call their accounts the same, and must not hear each other's alarms. */
const countOf = (
  { namespace, name, dimension, emitter }: Counted,
  { account, function: { functionName } }: Emitter,
  options: MetricOptions,
): Metric =>
  new Metric({
    namespace,
    metricName: name,
    dimensionsMap: { [dimension]: account, [emitter]: functionName },
    statistic: Stats.SUM,
    period: Duration.minutes(5),
    ...options,
  });

/** How many ticks called for a person; the function emits it in no other tick. */
export const attentionMetric = (emitter: Emitter, options: MetricOptions = {}): Metric =>
  countOf(ATTENTION_METRIC, emitter, options);

/** How many ticks were complete. */
export const completeMetric = (emitter: Emitter, options: MetricOptions = {}): Metric =>
  countOf(COMPLETE_METRIC, emitter, options);

/** How many entries of the audit were changed or removed; the notifier emits it at no other time. */
export const tamperingMetric = (emitter: Emitter, options: MetricOptions = {}): Metric =>
  countOf(TAMPERING_METRIC, emitter, options);
