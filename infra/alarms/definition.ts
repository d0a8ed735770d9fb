import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import type { AlarmName } from "../alarm-props.ts";

/** What is watched, when it rings, and what to say of it. */
export type Definition = {
  readonly id: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** What it means, and what it costs to ignore. */
  readonly says: string;
  /** Rings below the threshold, and where there is no data. */
  readonly isFloor?: boolean;
  /** Rings when so many of the last so many periods were over the threshold. */
  readonly periods?: { readonly of: number; readonly rings: number };
};

export type Named = readonly [AlarmName, Definition];
