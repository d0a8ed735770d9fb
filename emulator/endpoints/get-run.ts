import type { FoundRuns } from "../account/parts.ts";
import { sightOf } from "../runs/sight.ts";
import type { Ask } from "./ask.ts";
import { amount } from "./parameters.ts";
import { notFound } from "./refusals.ts";
import type { Reply } from "./reply.ts";
import { showRun } from "./show.ts";
import { wantedRun } from "./wanted.ts";

/** `GET` of one run, or of the last. `waitForFinish` is accepted; the answer is what is true at once. */
export function getRun(ask: Ask, known: FoundRuns): Reply {
  amount(ask, "waitForFinish", "number");
  const run = wantedRun(ask, known);
  if (sightOf(run, ask.asOfMs, "detail").statusMs < run.startedAtMs) throw notFound("run");
  return showRun(ask, known, run);
}
