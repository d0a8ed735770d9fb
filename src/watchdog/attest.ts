import pLimit from "p-limit";
import { type Context, errorText, type Outcome, skip } from "./context.ts";
import { ApifyError } from "./errors.ts";
import { openContext, type TickOptions } from "./open.ts";
import type { Ports } from "./ports.ts";
import { pursue } from "./pursue.ts";

const CONCURRENCY = 5;

/** Attests alone, outside a tick: what came of the intents that are open. Returns the entries written. */
export async function attestOpen(ports: Ports, options: TickOptions): Promise<readonly Outcome[]> {
  const context = await openContext(ports, await ports.state.readLive(), options);
  await attest(context);
  return context.outcomes;
}

/** Looks after every open intent that this tick has not just pursued: one that fails never stops the others. */
export async function attest(context: Context, already: ReadonlySet<string> = new Set()): Promise<void> {
  const { openIntents } = await context.ports.state.readControl();
  const limit = pLimit(CONCURRENCY);
  const one = async (intent: (typeof openIntents)[number]): Promise<void> => {
    if (context.signal.aborted) return skip(context, "no time left to attest");
    try {
      await pursue(context, intent);
    } catch (error) {
      if (error instanceof ApifyError && error.isAuthorisation) throw error;
      context.ports.log.warn("attesting failed", { runId: intent.runId, error: errorText(error) });
      skip(context, "attesting failed");
    }
  };
  const due = openIntents.filter(({ runId }) => !already.has(runId));
  await Promise.all(due.map((intent) => limit(() => one(intent))));
}
