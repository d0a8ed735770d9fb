import type { RequestMatch } from "./request.ts";

/** Why Apify refuses a request, each in the envelope, type and words that were seen of it for that resource. */
export type Refusal =
  /** 401 `user-or-token-not-found`. */
  | "token"
  /** 403 `insufficient-permissions`. */
  | "permissions"
  /** 404 `record-not-found`, of an Actor `record-or-token-not-found`. */
  | "not-found"
  /** 403 `platform-feature-disabled`: the account has reached its monthly limit. */
  | "monthly-limit";

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
  /** A refusal of Apify's own, worded for what was asked for; instead of the effect. */
  | { readonly kind: "refused"; readonly because: Refusal }
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
  /** The true list without each so-manieth item, the first included, as a cache may have it. Lists only. */
  | { readonly kind: "partial-list"; readonly leavesOut: number }
  /** The true answer, late. After the effect. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** The connection dies without an answer. */
  | { readonly kind: "reset"; readonly afterEffect: boolean; readonly delayMs?: number }
  /** No answer for five minutes, then the end of the connection. */
  | { readonly kind: "hang"; readonly afterEffect?: boolean }
  /** A read from a replica `byMs` behind: newest runs missing, statuses and figures old. Lists and gets only. */
  | { readonly kind: "lagging"; readonly byMs: number }
  /** 404 for a run that started less than `forMs` ago, instead of the effect. */
  | { readonly kind: "young-404"; readonly forMs: number };

/** Which requests a fault strikes. */
export type FaultMatch = RequestMatch & {
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
