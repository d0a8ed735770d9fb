/** One value of a metric, as CloudWatch stores it. */
export type DataPoint = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly atSecs: number;
  readonly value: number;
};

type Dimension = { readonly Name: string; readonly Value: unknown };

type Watched = {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly Dimension[];
};

type Query = {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: { readonly Metric: Watched; readonly Period: number; readonly Stat: string };
};

/** The properties of an `AWS::CloudWatch::Alarm`, as a template has them. */
export type AlarmProperties = Partial<Watched> & {
  readonly Period?: number;
  readonly Statistic?: string;
  readonly Metrics?: readonly Query[];
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: string;
};

/** A dimension's value may be another resource, which goes by its logical id here. */
const nameOf = (value: unknown): string =>
  typeof value === "object" && value !== null && "Ref" in value ? String(value.Ref) : joined(value);

const joined = (value: unknown): string => {
  const attribute = (value as { "Fn::GetAtt"?: readonly [string, string] })["Fn::GetAtt"];
  return attribute ? attribute[0] : String(value);
};

const isOf = (point: DataPoint, { Namespace, MetricName, Dimensions = [] }: Watched): boolean =>
  point.namespace === Namespace &&
  point.name === MetricName &&
  Object.keys(point.dimensions).length === Dimensions.length &&
  Dimensions.every(({ Name, Value }) => point.dimensions[Name] === nameOf(Value));

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => Math.max(...values),
};

type Series = readonly (number | undefined)[];

/** The statistic of each of the last periods, the oldest first. */
function seriesOf(
  metric: Watched,
  { stat, period, count, untilSecs }: { stat: string; period: number; count: number; untilSecs: number },
  points: readonly DataPoint[],
): Series {
  const statistic = STATISTICS[stat];
  if (statistic === undefined) throw new Error(`no statistic ${stat} here`);
  const own = points.filter((point) => isOf(point, metric));
  return Array.from({ length: count }, (_, index) => {
    const end = untilSecs - (count - 1 - index) * period;
    const inside = own.filter(({ atSecs }) => atSecs >= end - period && atSecs < end);
    return inside.length > 0 ? statistic(inside.map(({ value }) => value)) : undefined;
  });
}

const COMBINED: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  MAX: (values) => Math.max(...values),
};

/** `FILL(id, number)`, and `SUM` or `MAX` of a list of these: ids, what fills them, and how they are combined. */
function parsed(expression = "") {
  const [, how = "MAX", list = expression] = /^(SUM|MAX)\(\[(.*)\]\)$/.exec(expression) ?? [];
  const fills = list.split(/(?<=\)), /).map((each) => /^FILL\((\w+), (\d+)\)$/.exec(each));
  const combine = COMBINED[how];
  if (combine === undefined || fills.some((fill) => fill === null))
    throw new Error(`no expression ${expression} here`);
  return { combine, fills: fills.flatMap((fill) => (fill ? [{ id: fill[1], by: Number(fill[2]) }] : [])) };
}

/** What the alarm looks at. Where a metric has no data at all CloudWatch has no series to fill, and it stays missing. */
function watched(
  alarm: AlarmProperties,
  count: number,
  untilSecs: number,
  points: readonly DataPoint[],
): Series {
  const { Metrics, Namespace = "", MetricName = "", Dimensions = [], Period = 0, Statistic = "" } = alarm;
  if (Metrics === undefined) {
    const span = { stat: Statistic, period: Period, count, untilSecs };
    return seriesOf({ Namespace, MetricName, Dimensions }, span, points);
  }
  const returned = Metrics.find(({ ReturnData, Expression }) => Expression && ReturnData !== false);
  const { combine, fills } = parsed(returned?.Expression);
  const filled = fills.flatMap(({ id, by }) => {
    const stat = Metrics.find(({ Id }) => Id === id)?.MetricStat;
    if (stat === undefined) throw new Error(`no metric ${id} here`);
    const series = seriesOf(stat.Metric, { stat: stat.Stat, period: stat.Period, count, untilSecs }, points);
    return series.every((value) => value === undefined) ? [] : [series.map((value) => value ?? by)];
  });
  return Array.from({ length: count }, (_, index) =>
    filled.length === 0 ? undefined : combine(filled.map((series) => series[index] ?? 0)),
  );
}

const OPERATORS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  LessThanThreshold: (value, threshold) => value < threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
};

/** Is the alarm in ALARM at this instant, by what CloudWatch documents of its evaluation? */
export function isRinging(alarm: AlarmProperties, untilSecs: number, points: readonly DataPoint[]): boolean {
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, TreatMissingData } = alarm;
  const breaches = OPERATORS[alarm.ComparisonOperator];
  if (breaches === undefined) throw new Error(`no operator ${alarm.ComparisonOperator} here`);
  if (TreatMissingData !== "breaching" && TreatMissingData !== "notBreaching")
    throw new Error(`missing data can't be treated as ${TreatMissingData} here`);
  const breaching = watched(alarm, EvaluationPeriods, untilSecs, points).filter((value) =>
    value === undefined ? TreatMissingData === "breaching" : breaches(value, alarm.Threshold),
  );
  return breaching.length >= DatapointsToAlarm;
}
