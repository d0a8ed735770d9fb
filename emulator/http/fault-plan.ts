import type { Fault, FaultMatch, PlannedFault } from "../world/fault.ts";
import type { RequestKind } from "../world/request-kind.ts";

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
