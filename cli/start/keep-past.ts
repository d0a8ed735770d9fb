import { DAY_MS } from "../../src/policy/index.ts";
import { readListed } from "../../src/watchdog/learn/listed/read-listed.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { pretendList } from "../evidence/list-source.ts";
import { localApify } from "../target/local-ports.ts";
import type { Scene } from "./scene.ts";

/** More than `suggest` and `backtest` ask for. */
const DAYS = 100;

/**
 * Keeps the list of what ran on the pretend account before its day began, and its names, which live only while it is watched: `suggest`
 * and `backtest` have a past to look at, then and afterwards.
 */
export async function keepPast(
  { apifyApiUrl, apifyToken }: Scene,
  { state, clock }: Pick<Ports, "state" | "clock">,
  signal: AbortSignal,
): Promise<void> {
  // That account is asked by this process alone: its pages need no pause between them.
  const apify = localApify(apifyApiUrl, apifyToken, clock);
  const ports = { apify, clock: { ...clock, sleep: async () => undefined } };
  const until = clock.now();
  const from = new Date(until.getTime() - DAYS * DAY_MS);
  await readListed(ports, { from, until }, signal, { kept: pretendList() });
  for (const kind of ["actor", "task"] as const) {
    if (signal.aborted) return;
    const named = (await apify.listNamed(kind, signal)) ?? [];
    const known = await state.readNames(
      kind,
      named.map(({ id }) => id),
    );
    const learnt = named.flatMap(({ id, name }) =>
      name === undefined || known.has(id) ? [] : [[id, { name, readAt: until }] as const],
    );
    await state.writeNames(kind, new Map(learnt));
  }
}
