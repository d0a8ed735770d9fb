import { type Context, errorText, type Outcome } from "../model/context.ts";
import type { Control, OpenIntent } from "../model/control.ts";
import { openContext, type TickOptions } from "../model/open.ts";
import type { Ports } from "../model/ports.ts";
import { resolveKnown } from "../observe/known.ts";
import { forEachRun, judgingMs, withinBudget } from "../observe/read-runs.ts";
import { pursue } from "./pursue.ts";

const CONCURRENCY = 5;

/** Attests alone, outside a tick: what came of the intents that are open. Returns the entries written. */
export async function attestOpen(ports: Ports, options: TickOptions): Promise<readonly Outcome[]> {
  const context = await openContext(ports, await ports.state.readLive(), options);
  await attest(context);
  return context.outcomes;
}

/** What judging these runs again may take of their Actors and tasks, of those that this tick did not observe. */
async function learnKnown(context: Context, control: Control, intents: readonly OpenIntent[]): Promise<void> {
  const unobserved = intents.filter(({ runId }) => !context.observations.has(runId));
  if (unobserved.length === 0) return;
  const inForce = await context.policyOf(control);
  if (inForce === undefined) return;
  const known = await withinBudget(context, judgingMs(context), (signal) =>
    resolveKnown(context, inForce.policy, unobserved, signal),
  );
  for (const intent of unobserved) context.known.set(intent.runId, known(intent));
}

/** Looks after every open intent that this tick has not just pursued: one that fails never stops the others. */
export async function attest(context: Context, already: ReadonlySet<string> = new Set()): Promise<void> {
  const control = await context.ports.state.readControl();
  const due = new Map(
    control.openIntents.filter(({ runId }) => !already.has(runId)).map((intent) => [intent.runId, intent]),
  );
  await learnKnown(context, control, [...due.values()]).catch((error: unknown) => {
    context.ports.log.warn("what is known of Actors and tasks could not be read for attesting", {
      error: errorText(error),
    });
  });
  await forEachRun(
    context,
    [...due.keys()],
    "attesting",
    async (runId) => {
      const intent = due.get(runId);
      if (intent) await pursue(context, intent);
    },
    { concurrency: CONCURRENCY },
  );
}
