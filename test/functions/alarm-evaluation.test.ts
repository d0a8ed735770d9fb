import { describe, expect, it } from "vitest";
import { emittedIn } from "../support/ring/emitted.ts";
import { type AlarmProperties, type DataPoint, isRinging } from "../support/ring/evaluate.ts";

const METRIC = { Namespace: "Ours", MetricName: "Count", Dimensions: [{ Name: "account", Value: "acme" }] };

const point = (atSecs: number, value: number, account = "acme"): DataPoint => ({
  namespace: "Ours",
  name: "Count",
  dimensions: { account },
  atSecs,
  value,
});

const ceiling: AlarmProperties = {
  ...METRIC,
  Period: 60,
  Statistic: "Sum",
  Threshold: 2,
  ComparisonOperator: "GreaterThanOrEqualToThreshold",
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  TreatMissingData: "notBreaching",
};

const floor: AlarmProperties = {
  Metrics: [
    { Id: "expr_1", Expression: "FILL(complete, 0)" },
    { Id: "complete", ReturnData: false, MetricStat: { Metric: METRIC, Period: 60, Stat: "Sum" } },
  ],
  Threshold: 1,
  ComparisonOperator: "LessThanThreshold",
  EvaluationPeriods: 3,
  DatapointsToAlarm: 3,
  TreatMissingData: "breaching",
};

describe("an alarm, as it is evaluated here", () => {
  it("sums up what lies in each period, and rings when enough of the last ones breach", () => {
    const once = [point(0, 1), point(59, 1)];
    expect(isRinging(ceiling, 180, once)).toBe(false);
    expect(isRinging(ceiling, 180, [...once, point(120, 2)])).toBe(true);
    expect(isRinging(ceiling, 180, [...once, point(180, 2)])).toBe(false);
    expect(isRinging(ceiling, 240, [...once, point(180, 2)])).toBe(false);
  });

  it("sees the metric of its own dimensions alone", () => {
    const others = [0, 60, 120].map((at) => point(at, 9, "other"));
    expect(isRinging(ceiling, 180, others)).toBe(false);
  });

  it("fills what is missing beside what is there, and treats it as missing where nothing is", () => {
    expect(isRinging(floor, 180, [point(0, 1)])).toBe(false);
    expect(isRinging(floor, 180, [point(60, 0)])).toBe(true);
    expect(isRinging(floor, 180, [])).toBe(true);
    expect(isRinging({ ...floor, TreatMissingData: "notBreaching" }, 180, [])).toBe(false);
    expect(isRinging({ ...floor, TreatMissingData: "notBreaching" }, 180, [point(60, 0)])).toBe(true);
  });

  it("adds up several metrics, or takes the most of them, as far as they have data", () => {
    const other = { ...METRIC, Dimensions: [{ Name: "account", Value: "other" }] };
    const two = (expression: string): AlarmProperties => ({
      ...ceiling,
      Metrics: [
        { Id: "expr_1", Expression: expression },
        { Id: "m0", ReturnData: false, MetricStat: { Metric: METRIC, Period: 60, Stat: "Maximum" } },
        { Id: "m1", ReturnData: false, MetricStat: { Metric: other, Period: 60, Stat: "Maximum" } },
      ],
    });
    const [sum, most] = [two("SUM([FILL(m0, 0), FILL(m1, 0)])"), two("MAX([FILL(m0, 0), FILL(m1, 0)])")];
    const ones = [0, 60].flatMap((at) => [point(at, 1), point(at, 1, "other")]);
    expect([isRinging(sum, 180, ones), isRinging(most, 180, ones)]).toEqual([true, false]);
    const twos = [point(0, 2), point(60, 2)];
    expect([isRinging(sum, 180, twos), isRinging(most, 180, twos)]).toEqual([true, true]);
    expect(isRinging(sum, 180, [])).toBe(false);
  });

  it("refuses what it does not know", () => {
    const query = { Id: "expr_1", Expression: "METRICS()" };
    expect(() => isRinging({ ...floor, Metrics: [query] }, 180, [])).toThrow("no expression METRICS()");
    expect(() => isRinging({ ...ceiling, Statistic: "p99" }, 180, [])).toThrow("no statistic p99");
  });
});

describe("what is emitted", () => {
  it("is read from a log as the embedded metric format says", () => {
    const line = {
      _aws: {
        Timestamp: 1,
        CloudWatchMetrics: [{ Namespace: "Ours", Dimensions: [["account"]], Metrics: [{ Name: "Count" }] }],
      },
      account: "acme",
      Count: 3,
    };
    const log = `a line\n${JSON.stringify(line)}\n{"message":"another"}\n`;
    expect(emittedIn(log, 60)).toEqual([point(60, 3)]);
  });
});
