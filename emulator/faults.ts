import type { RequestKind } from "./routes.ts";

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

/** The faults that are to come. Of several that fit a request, the one that was added first strikes. */
export interface Faults {
  add(planned: PlannedFault): void;
  clear(): void;
}

/** What decides whether a fault fits. */
type Struck = {
  readonly kind: RequestKind;
  readonly runId: string | undefined;
  readonly nowMs: number;
  /** How long ago the run started; undefined without one. */
  readonly runAgeMs: number | undefined;
};

/** Keeps the planned faults and hands them out, one a request. */
export class FaultPlan implements Faults {
  #planned: { readonly plan: PlannedFault; seen: number; left: number }[] = [];

  add(plan: PlannedFault): void {
    this.#planned.push({ plan, seen: 0, left: plan.times ?? 1 });
  }

  clear(): void {
    this.#planned = [];
  }

  /** The fault that strikes this request, if any. */
  take(request: Struck): Fault | undefined {
    for (const entry of this.#planned) {
      const { match = {}, fault, fromMs = -Infinity, untilMs = Infinity } = entry.plan;
      if (request.nowMs < fromMs || request.nowMs >= untilMs || !fits(match, fault, request)) continue;
      entry.seen++;
      if (entry.left <= 0 || entry.seen < (match.nth ?? 1)) continue;
      entry.left--;
      return fault;
    }
    return undefined;
  }
}

function fits(match: FaultMatch, fault: Fault, request: Struck): boolean {
  if (match.kind !== undefined && match.kind !== request.kind) return false;
  if (match.runId !== undefined && match.runId !== request.runId) return false;
  if (fault.kind === "empty-list") return request.kind === "list";
  if (fault.kind === "lagging") return request.kind === "list" || request.kind === "get";
  if (fault.kind === "young-404") return request.runAgeMs !== undefined && request.runAgeMs < fault.forMs;
  return true;
}
