import type { Refusal } from "../../src/watchdog/overrule/abort-by-hand.ts";
import { sentence } from "../show/words.ts";

/** Why a run was not stopped, and what to do about it. */
export function refusalText(runId: string, refusal: Refusal): string {
  switch (refusal.kind) {
    case "missing":
      return `Apify has no run ${runId}. Live runs: watchdog runs`;
    case "not-running":
      if (refusal.status === "ABORTING" || refusal.status === "TIMING-OUT") {
        return (
          `Run ${runId} is on its way out already: it is ${refusal.status}. Apify gives it 30 s of grace. ` +
          "Where it stays like that, a rule on abortingTime with do: abort-now ends it; see docs/limits.md."
        );
      }
      return `Run ${runId} is ${refusal.status}: there is nothing to stop.`;
    case "already": {
      const { ruleId, order, at } = refusal.intent;
      const who = order ? `${order.by} by hand` : `the rule ${ruleId}`;
      return `Run ${runId} is being stopped already, since ${at.toISOString()} for ${who}.`;
    }
    case "no-policy":
      return "No policy is in force, so nothing says how many runs may be stopped. First: watchdog policy push policy.yaml";
    case "too-busy":
      return "Ticks kept changing the control state: nothing was called. Say it again.";
    case "held":
      return `${sentence(`Not stopped: ${refusal.why}`)}${
        refusal.guard === "pause" ? ' First: watchdog resume --reason "…"' : ""
      }`;
  }
}
