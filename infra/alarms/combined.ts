import type { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression } from "aws-cdk-lib/aws-cloudwatch";

/** One figure of several metrics, by CloudWatch's own arithmetic. Each of them costs what a metric of an alarm costs. */
export function combined(how: "SUM" | "MAX", metrics: readonly IMetric[], period: Duration): IMetric {
  const [only, ...others] = metrics;
  if (only && others.length === 0) return only;
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  const filled = Object.keys(usingMetrics).map((name) => `FILL(${name}, 0)`);
  return new MathExpression({ expression: `${how}([${filled.join(", ")}])`, usingMetrics, period });
}
