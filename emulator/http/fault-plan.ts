import type { Fault, PlannedFault } from "../world/fault.ts";
import { fits, type Requested } from "./requested.ts";

/** The faults that are to come. Of several that fit a request, the one that was added first strikes. */
export interface Faults {
  add(planned: PlannedFault): void;
  clear(): void;
}

/** What decides whether a fault fits. */
type Struck = Requested & { readonly nowMs: number };

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
      if (
        request.nowMs < fromMs ||
        request.nowMs >= untilMs ||
        !fits(match, request) ||
        !canStrike(fault, request)
      )
        continue;
      entry.seen++;
      if (entry.left <= 0 || entry.seen < (match.nth ?? 1)) continue;
      entry.left--;
      return fault;
    }
    return undefined;
  }
}

/** Some faults make sense for some requests alone. */
function canStrike(fault: Fault, { kind, run, nowMs }: Struck): boolean {
  if (fault.kind === "empty-list") return kind === "list" || kind === "schedules";
  if (fault.kind === "partial-list") return kind === "list";
  if (fault.kind === "lagging") return kind === "list" || kind === "get";
  if (fault.kind === "young-404") return run !== undefined && nowMs - run.startedAtMs < fault.forMs;
  return true;
}
