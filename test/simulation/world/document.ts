import type { Schedule } from "./windows.ts";

/** A policy document as a person would write it, read from YAML. */
export type Document = {
  readonly version: 1;
  readonly mode: "observe" | "enforce";
  readonly timeZone?: string;
  readonly owner?: string;
  readonly escalation: { readonly forceAfter: string; readonly alarmAfter: string };
  readonly guards: {
    readonly maxAborts: {
      readonly perTick: number;
      readonly perHour: number;
      readonly percentOfLive: number;
    };
    readonly staleAfter?: string;
    readonly maxHolds?: number;
    readonly loop?: { readonly stops: number; readonly within: string; readonly do: string };
  };
  readonly rules: readonly Rule[];
};

export type Rule = {
  readonly id: string;
  readonly mode?: "observe" | "enforce";
  readonly owner?: string;
  readonly for?: Readonly<Record<string, unknown>>;
  readonly schedule?: Schedule;
  /** A rule has a limit, or a budget. */
  readonly limit?: Readonly<Record<string, unknown>>;
  readonly budget?: {
    readonly usd?: number;
    readonly runs?: number;
    readonly failures?: number;
    readonly per: string;
    readonly each?: string;
  };
  readonly steps: readonly {
    readonly at: string;
    readonly do: string;
    readonly basis?: string;
    readonly schedule?: Schedule;
  }[];
};
