import { setAside } from "../ledger/awaited.ts";
import { forget, isOver } from "../ledger/record.ts";
import type { Control } from "../model/control.ts";
import type { Findings, Heartbeat, Live } from "../model/live.ts";
import type { Coverage } from "../observe/list.ts";
import type { Context } from "./context.ts";
import { type Tick, WITHOUT_TOKEN } from "./phases.ts";
import { type LastTick, writeLive } from "./write-live.ts";

/** The heartbeat that was written, and the live index as it stands with it. */
export type Beat = LastTick & { readonly base: Live };

/** Was every live run seen, and all of it written down? */
export const sawAll = ({ ledger }: Pick<Context, "ledger">, cover: Coverage | undefined): boolean =>
  cover?.complete === true && ledger.gap === undefined;

/** Is there an open intent whose call no tick of ours is known to have got taken? The control state is asked where one may be. */
async function leavesUntaken(
  { pass, phases }: Pick<Tick, "pass" | "phases">,
  before: Control | undefined,
): Promise<boolean> {
  const isUntaken = ({ openIntents }: Control): boolean =>
    openIntents.some(({ requestedAt }) => requestedAt === undefined);
  if (before === undefined) return true;
  const isMore = pass.takenUp.hasFound || pass.outcomes.some(({ kind }) => kind === "abort.intended");
  if (!isUntaken(before) && !isMore) return false;
  const read = () => pass.ports.state.readControl();
  const now = await phases.run(
    "writing the heartbeat, for which open intents are read,",
    read,
    WITHOUT_TOKEN,
  );
  return now === undefined || isUntaken(now.value);
}

/** Forgets what is over, and writes what is known of live runs with the coverage of this tick. */
export async function writeHeartbeat(
  { base, pass, phases }: Tick,
  cover: Coverage | undefined,
  {
    before,
    isGrave,
    findings,
  }: { readonly before: Control | undefined; readonly isGrave: boolean; readonly findings: Findings },
): Promise<Beat> {
  const { observations, ports, signal, skipped, tick } = pass;
  const untaken = await leavesUntaken({ pass, phases }, before);
  const cursor = cover?.cursor ?? base.cursor;
  const aside = () => setAside(pass, (each) => isOver(each, cursor));
  await phases.run("setting aside ended runs", aside, WITHOUT_TOKEN);
  forget(pass, cursor);
  const saw = sawAll(pass, cover) && !signal.aborted && !phases.areOver;
  const heartbeat = {
    tickId: tick.id,
    startedAt: tick.startedAt,
    finishedAt: ports.clock.now(),
    listed: cover?.listed ?? 0,
    evaluated: observations.size,
    skipped: Object.fromEntries(skipped),
    complete: saw && !isGrave && !untaken,
    ...findings,
  };
  const sawNone = cover === undefined && ports.apify.clockChecks() === 0;
  const written = await phases.run(
    "writing the heartbeat",
    () => writeLive(pass, base, { heartbeat, cursor, sawAll: saw, sawNone }),
    WITHOUT_TOKEN,
  );
  return { heartbeat, cursor, sawAll: saw, base: written?.value ?? base };
}

/** What came of looks in time may leave a stop undone that the heartbeat before them could not know of. */
export async function afterLooks(
  tick: Tick,
  heartbeat: Heartbeat,
  before: Control | undefined,
): Promise<Heartbeat> {
  const complete = heartbeat.complete && !(await leavesUntaken(tick, before));
  return { ...heartbeat, complete };
}
