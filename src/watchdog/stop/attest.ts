import type { Control, OpenIntent } from "../model/control.ts";
import { isOfProcess } from "../model/errors.ts";
import { errorText } from "../model/pass.ts";
import { forEachRun } from "../observe/for-each-run.ts";
import { resolveKnown } from "../observe/known.ts";
import type { Learning } from "../observe/looking.ts";
import { judgingMs, withinBudget } from "../observe/within-budget.ts";
import { pursue } from "./pursue.ts";
import type { Pursuing } from "./pursuing.ts";

const CONCURRENCY = 5;

/** What attesting takes: the names, too, that judging a run again hangs on. */
type Attesting = Pursuing & Learning;

/** What judging these runs again may take of their Actors and tasks, of those that this tick did not observe. */
async function learnKnown(
  attesting: Attesting,
  control: Control,
  intents: readonly OpenIntent[],
): Promise<void> {
  const { apifyUserId: userId } = control;
  const unobserved = intents
    .filter(({ runId }) => !attesting.observations.has(runId))
    .map((intent) => ({ ...intent, ...(userId !== undefined && { userId }) }));
  if (unobserved.length === 0) return;
  const inForce = await attesting.policyOf(control);
  if (inForce === undefined) return;
  const known = await withinBudget(attesting, judgingMs(attesting), (signal) =>
    resolveKnown(attesting, inForce.policy, unobserved, signal),
  );
  for (const intent of unobserved) attesting.known.set(intent.runId, known(intent));
}

/** Looks after every open intent that this tick has not just pursued: one that fails never stops the others. */
export async function attest(attesting: Attesting, already: ReadonlySet<string> = new Set()): Promise<void> {
  const { state } = attesting.ports;
  const control = await state.readControl();
  const due = new Map(
    control.openIntents.filter(({ runId }) => !already.has(runId)).map((intent) => [intent.runId, intent]),
  );
  await learnKnown(attesting, control, [...due.values()]).catch((error: unknown) => {
    if (isOfProcess(error)) throw error;
    attesting.ports.log.warn("what is known of Actors and tasks could not be read for attesting", {
      error: errorText(error),
    });
  });
  await forEachRun(
    attesting,
    [...due.keys()],
    "attesting",
    async (runId) => {
      const intent = due.get(runId);
      if (intent) await pursue(attesting, intent);
    },
    { concurrency: CONCURRENCY },
  );
}
