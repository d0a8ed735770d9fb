import pLimit from "p-limit";
import { type Context, errorText, skip } from "./context.ts";
import { ApifyError } from "./errors.ts";
import { pursue } from "./pursue.ts";

const CONCURRENCY = 5;

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
