import type { FoundRuns } from "../account/parts.ts";
import { abort } from "../runs/interference.ts";
import type { Ask } from "./ask.ts";
import { flag } from "./parameters.ts";
import type { Reply } from "./reply.ts";
import { showRun } from "./show.ts";
import { changedRun } from "./wanted.ts";

/** `POST …/abort?gracefully=`: answers the run as it is after the call; a call that does nothing is a 200, too. */
export function abortRun(ask: Ask, known: FoundRuns): Reply {
  return aborted(ask, known, "full");
}

/** The deprecated `POST /v2/acts/{actorId}/runs/{runId}/abort`: the same, in the form that its page documents. */
export function abortActorRun(ask: Ask, known: FoundRuns): Reply {
  return aborted(ask, known, "documented");
}

function aborted(ask: Ask, known: FoundRuns, form: "full" | "documented"): Reply {
  const gracefully = flag(ask, "gracefully");
  const run = changedRun(ask, known);
  const effect = abort(run, ask.nowMs, gracefully);
  return showRun(ask, known, run, { effect, form });
}
