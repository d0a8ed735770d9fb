import type { Context } from "./context.ts";
import { ConflictError } from "./errors.ts";
import type { Heartbeat, Live } from "./live.ts";
import { mergeLive } from "./merge.ts";

const MAX_TRIES = 10;

/**
 * Writes what is known of live runs and the heartbeat; whoever loses the race merges, the newer look wins. Returns the
 * index as it stands then, to be written on again.
 */
export async function writeLive(
  context: Context,
  base: Live,
  { heartbeat, cursor }: { readonly heartbeat: Heartbeat; readonly cursor: Date | undefined },
): Promise<Live> {
  const { ledger, live, ports } = context;
  const completeAt = heartbeat.complete ? heartbeat.startedAt : ledger.completeAt;
  let next: Live = {
    version: base.version,
    runs: new Map(live),
    heartbeat,
    ...(cursor && { cursor }),
    ...(completeAt && { completeAt }),
    recordings: ledger.recordings,
    budgets: ledger.budgets,
  };
  for (let attempt = 0; ; attempt++) {
    try {
      await ports.state.writeLive(next);
      return { ...next, version: next.version + 1 };
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= MAX_TRIES) throw error;
      next = mergeLive(await ports.state.readLive(), next);
    }
  }
}
