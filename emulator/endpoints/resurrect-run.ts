import type { FoundRuns, Money } from "../account/parts.ts";
import { resurrect } from "../runs/interference.ts";
import type { RunOptions } from "../runs/run.ts";
import type { Ask } from "./ask.ts";
import { amount, flag } from "./parameters.ts";
import { Refused, type Reply } from "./reply.ts";
import { showRun } from "./show.ts";
import { changedRun } from "./wanted.ts";

/** `POST …/resurrect`: another life for a run that has ended, with the same id and `startedAt`. */
export function resurrectRun(ask: Ask, known: FoundRuns & Pick<Money, "spendOf">): Reply {
  const run = changedRun(ask, known);
  const before = run.options;
  run.options = { ...before, ...givenOptions(ask) };
  if (!resurrect(run, ask.nowMs)) {
    run.options = before;
    // The reference says that only finished runs can be resurrected, not with which error others are refused.
    throw new Refused(400, "invalid-request", "Only finished Actor runs can be resurrected");
  }
  known.runs.revived(run);
  known.spendOf(run.user).revived();
  return showRun(ask, known, run, { effect: "resurrected" });
}

/** The run options among the parameters of a start or a resurrection. */
export function givenOptions(ask: Pick<Ask, "query">): Partial<RunOptions> {
  const build = ask.query.get("build");
  const timeoutSecs = amount(ask, "timeout");
  const memoryMbytes = amount(ask, "memory");
  const maxItems = amount(ask, "maxItems");
  const maxTotalChargeUsd = amount(ask, "maxTotalChargeUsd", "number");
  return {
    ...(build ? { build } : {}),
    ...(timeoutSecs === undefined ? {} : { timeoutSecs }),
    ...(memoryMbytes === undefined ? {} : { memoryMbytes }),
    ...(maxItems === undefined ? {} : { maxItems }),
    ...(maxTotalChargeUsd === undefined ? {} : { maxTotalChargeUsd }),
    ...(ask.query.has("restartOnError") ? { restartOnError: flag(ask, "restartOnError") } : {}),
  };
}
