import type { LiveRun } from "../src/watchdog/live.ts";
import type { Ports } from "../src/watchdog/ports.ts";

/** Learns the names of Actors for what is shown; the watchdog itself asks only where the policy needs them. */
export async function learnNames(
  { apify, state, clock }: Pick<Ports, "apify" | "state" | "clock">,
  runs: Iterable<LiveRun>,
  names: Map<string, string>,
  signal: AbortSignal,
): Promise<void> {
  for (const { run } of runs) {
    if (names.has(run.actorId)) continue;
    const name = await apify.actorName(run.actorId, signal).catch(() => undefined);
    names.set(run.actorId, name ?? run.actorId);
    // For those who look at the tables when there is nobody left to ask.
    if (name) await state.writeNames("actor", new Map([[run.actorId, { name, readAt: clock.now() }]]));
  }
}
