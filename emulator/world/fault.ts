import type { RequestKind } from "./request-kind.ts";

/** What goes wrong with a request. The effect is what the request does to runs: an answer may get lost after it. */
export type Fault =
  /** An error in Apify's envelope, instead of the effect unless `afterEffect`. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly type?: string;
      readonly message?: string;
      readonly afterEffect?: boolean;
    }
  /** A proxy's page of HTML, at any status (502, 503, 200), instead of the effect unless `afterEffect`. */
  | { readonly kind: "html"; readonly status: number; readonly afterEffect?: boolean }
  /** 429, instead of the effect. */
  | { readonly kind: "rate-limit" }
  /** The true answer, cut in half: no valid JSON. After the effect. */
  | { readonly kind: "bad-json" }
  /** 200 and `{}`: no `data`. After the effect. */
  | { readonly kind: "no-data" }
  /** A well-formed list without items. Lists only. */
  | { readonly kind: "empty-list" }
  /** The true answer, late. After the effect. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** The connection dies without an answer. */
  | { readonly kind: "reset"; readonly afterEffect: boolean; readonly delayMs?: number }
  /** A read from a replica `byMs` behind: newest runs missing, statuses and figures old. Lists and gets only. */
  | { readonly kind: "lagging"; readonly byMs: number }
  /** 404 for a run that started less than `forMs` ago, instead of the effect. */
  | { readonly kind: "young-404"; readonly forMs: number };

/** Which requests: all that fit every key given. */
export type FaultMatch = {
  readonly kind?: RequestKind;
  readonly runId?: string;
  /** Only from the nth fitting request on (1 is the first), counted since the fault was added. */
  readonly nth?: number;
};

/** A fault, when it strikes, and how often. */
export type PlannedFault = {
  readonly match?: FaultMatch;
  readonly fault: Fault;
  /** How many requests it strikes. Default 1; `Infinity` for all. */
  readonly times?: number;
  /** Only from this instant on, in epoch ms. */
  readonly fromMs?: number;
  /** Only before this instant, in epoch ms. */
  readonly untilMs?: number;
};

/** A fault that the world brings along; times in ms from the world's start. */
export type WorldFault = {
  readonly match?: FaultMatch;
  readonly fault: Fault;
  /** Default: without end. */
  readonly times?: number;
  readonly fromMs?: number;
  readonly untilMs?: number;
};
