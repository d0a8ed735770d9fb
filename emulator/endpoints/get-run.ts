import type { FoundRuns } from "../account/parts.ts";
import type { Ask } from "./ask.ts";
import { amount } from "./parameters.ts";
import type { Reply } from "./reply.ts";
import { showRun } from "./show.ts";
import { wantedRun } from "./wanted.ts";

/** `GET` of one run, or of the last. `waitForFinish` is accepted; the answer is what is true at once. */
export function getRun(ask: Ask, known: FoundRuns): Reply {
  amount(ask, "waitForFinish", "number");
  return showRun(ask, known, wantedRun(ask, known));
}
