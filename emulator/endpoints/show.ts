import type { Credit } from "../account/parts.ts";
import type { Effect } from "../runs/interference.ts";
import type { Run } from "../runs/run.ts";
import { sightOf } from "../runs/sight.ts";
import { changedFields } from "../views/fields.ts";
import { documentedRun, fullRun } from "../views/run.ts";
import type { Ask } from "./ask.ts";
import { type Reply, success, toldOf } from "./reply.ts";

/**
 * Answers a run in full: with an `effect` (`none` is one) to a call that may have changed it, without one to a read.
 * `form` documented: with exactly the keys of the reference's example, no others.
 */
export function showRun(
  ask: Pick<Ask, "user" | "asOfMs">,
  credit: Credit,
  run: Run,
  told: { effect?: Effect; status?: number; form?: "full" | "documented" } = {},
): Reply {
  const { user, asOfMs } = ask;
  const read = sightOf(run, asOfMs, "detail");
  const sight = told.effect === undefined ? read : { ...read, statusMs: asOfMs };
  const view =
    told.form === "documented" ? documentedRun(run, sight, user) : fullRun(credit, run, sight, user);
  const data = changedFields(view, run, sight);
  const shown = { [run.id]: toldOf(data) };
  return success(data, { status: told.status ?? 200, effect: told.effect ?? "none", shown, runId: run.id });
}
