import { type Ask, flag, wantedRun } from "../ask.ts";
import type { Reply } from "../reply.ts";
import { abort } from "../runs/interference.ts";
import { showRun } from "./show.ts";

/** `POST …/abort?gracefully=`: answers the run as it is after the call; a call that does nothing is a 200, too. */
export function abortRun(ask: Ask): Reply {
  return aborted(ask, "full");
}

/** The deprecated `POST /v2/acts/{actorId}/runs/{runId}/abort`: the same, in the form that its page documents. */
export function abortActorRun(ask: Ask): Reply {
  return aborted(ask, "documented");
}

function aborted(ask: Ask, form: "full" | "documented"): Reply {
  const gracefully = flag(ask, "gracefully");
  const run = wantedRun(ask);
  const effect = abort(run, ask.nowMs, gracefully);
  return showRun(ask, run, { effect, form });
}
