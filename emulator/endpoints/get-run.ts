import { type Ask, amount, wantedRun } from "../ask.ts";
import type { Reply } from "../reply.ts";
import { showRun } from "./show.ts";

/** `GET` of one run, or of the last. `waitForFinish` is accepted; the answer is what is true at once. */
export function getRun(ask: Ask): Reply {
  amount(ask, "waitForFinish", "number");
  return showRun(ask, wantedRun(ask));
}
