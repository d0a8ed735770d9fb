import { createHash } from "node:crypto";

/** An audit entry as its text says it. Only what the oracle looks at. */
export type EntryFields = {
  readonly entryId: string;
  readonly kind: string;
  readonly at: string;
  readonly account: string;
  readonly chain: string;
  readonly sequence: number;
  readonly previous: string;
  readonly subject: {
    readonly kind: string;
    readonly runId?: string;
    readonly life?: number;
    readonly ruleId?: string;
    readonly group?: string;
    readonly from?: string;
  };
  readonly runId?: string;
  readonly actorId?: string;
  readonly ruleId?: string;
  readonly step?: { readonly at: number; readonly do: string; readonly basis?: string };
  readonly owner?: string;
  readonly mode?: string;
  readonly policyVersion?: number;
  readonly guard?: string;
  readonly by: string;
  readonly tickId?: string;
  readonly gracefully?: boolean;
  readonly response?: string;
  readonly intentId?: string;
  readonly evidence?: EvidenceFields;
  readonly run?: { readonly status: string; readonly usageTotalUsd?: number };
  /** Of an intent: what the run burned then. Absent: nobody knew. */
  readonly burnUsdPerHour?: number;
  readonly finalUsageTotalUsd?: number;
  readonly overshootUsd?: number;
  readonly change?: Readonly<Record<string, unknown>>;
};

export type EvidenceFields = {
  readonly metric: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  readonly observedAt: string;
  readonly source: string;
  readonly basis: string;
  readonly facts?: Readonly<Record<string, number>>;
  /** What other rules said beside it. */
  readonly also?: readonly { readonly ruleId: string }[];
  readonly budget?: {
    readonly per: string;
    readonly each: string;
    readonly group: string;
    readonly from: string;
    readonly to: string;
  };
};

export const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** RFC 8785: keys in order of their UTF-16 units, numbers and strings as JSON.stringify writes them, no spaces. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}
