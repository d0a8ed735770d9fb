import { forget } from "../ledger/record.ts";
import type { Heartbeat, Live } from "../model/live.ts";
import type { Coverage } from "../observe/observe.ts";
import type { Context } from "./context.ts";
import { type Tick, WITHOUT_TOKEN } from "./phases.ts";
import { writeLive } from "./write-live.ts";

/** The heartbeat that was written, and the live index as it stands with it. */
export type Beat = { readonly heartbeat: Heartbeat; readonly cursor: Date | undefined; readonly base: Live };

/** Was every live run seen, and all of it written down? */
export const sawAll = ({ ledger }: Pick<Context, "ledger">, cover: Coverage | undefined): boolean =>
  cover?.complete === true && ledger.gap === undefined;

/** Forgets what is over, and writes what is known of live runs with the coverage of this tick. */
export async function writeHeartbeat(
  { base, pass, phases }: Tick,
  cover: Coverage | undefined,
): Promise<Beat> {
  const { observations, ports, signal, skipped, tick } = pass;
  const cursor = cover?.cursor ?? base.cursor;
  forget(pass, cursor);
  const heartbeat = {
    tickId: tick.id,
    startedAt: tick.startedAt,
    finishedAt: ports.clock.now(),
    listed: cover?.listed ?? 0,
    evaluated: observations.size,
    skipped: Object.fromEntries(skipped),
    complete: sawAll(pass, cover) && !signal.aborted && !phases.areOver,
  };
  const written = await phases.run(
    "writing the heartbeat",
    () => writeLive(pass, base, { heartbeat, cursor }),
    WITHOUT_TOKEN,
  );
  return { heartbeat, cursor, base: written?.value ?? base };
}
