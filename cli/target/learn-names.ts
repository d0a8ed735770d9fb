import type { Ports } from "../../src/watchdog/model/ports.ts";

/** Learns the names of Actors for what is shown; the watchdog itself asks only where the policy needs them. */
export async function learnNames(
  { apify, state, clock }: Pick<Ports, "apify" | "state" | "clock">,
  actorIds: Iterable<string>,
  names: Map<string, string>,
  signal: AbortSignal,
): Promise<void> {
  for (const id of actorIds) {
    if (names.has(id)) continue;
    const actor = await apify.actor(id, signal).catch(() => undefined);
    const name = actor?.kind === "found" ? actor.name : undefined;
    names.set(id, name ?? id);
    // For those who look at the tables when there is nobody left to ask.
    if (name) await state.writeNames("actor", new Map([[id, { name, readAt: clock.now() }]]));
  }
}
