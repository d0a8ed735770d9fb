import type { Entry } from "../model/entry.ts";

/** What the entries of a drill say besides the decision on its made-up run. */
export type DrillChange = {
  readonly drillId: string;
  readonly requestedBy?: string;
  /** `drill.begun`: what would have been done. */
  readonly action?: string;
  /** `drill.begun`: the live runs that Apify listed in that tick. */
  readonly listed?: number;
  /** `drill.ended`: did every link hold, and which did not? */
  readonly passed?: boolean;
  readonly failed?: readonly string[];
};

const DONE: Readonly<Record<string, string>> = { abort: "stopped", "abort-now": "stopped at once" };

/** What would have become of the run. */
export function drillOutcome({
  action = "",
  guard,
}: {
  readonly action?: string | undefined;
  readonly guard?: string | undefined;
}): string {
  if (guard === "observe") return "would only have been recorded: the rule is observed";
  if (action === "hold") return `would not have been stopped: held by ${guard}`;
  return `would have been ${DONE[action] ?? "left alone"}`;
}

/** A drill in one line; `facts`: the made-up figure against the rule's limit. */
export function drillText({ kind, change = {}, guard, by }: Entry, facts: string): string {
  const { drillId = "a drill", action, passed, failed = [] } = change as Partial<DrillChange>;
  if (kind === "drill.begun")
    return `${drillId}: a made-up run, ${facts}, ${drillOutcome({ action, guard })}`;
  return `${drillId}: ${passed ? "every link held" : `failed: ${failed.join(", ")}`} (${by})`;
}
