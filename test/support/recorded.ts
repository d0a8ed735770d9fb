import { CONTROL_CHAIN, type Entry, type EntryKind } from "../../src/watchdog/model/entry.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";

/** What a watchdog wrote down, as tests look it up. */
type Written = { readonly ports: Pick<Ports, "audit"> };

/** Every entry of one kind, of all chains. */
export async function entriesOfKind({ ports }: Written, kind: EntryKind): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  const all = { from: new Date("2026-11-01"), to: new Date("2026-12-31") };
  for await (const { text } of ports.audit.list(all)) found.push(JSON.parse(text));
  return found.filter((entry) => entry.kind === kind);
}

/** What was done to the watchdog itself: policies, pauses, exemptions. */
export const controlEntries = async ({ ports }: Written): Promise<readonly Entry[]> =>
  (await ports.audit.readChain(CONTROL_CHAIN)).map(({ text }) => JSON.parse(text) as Entry);

/** The microdollars that all cells of days hold together, and those of the runs recorded. */
export async function recordedIn({ state }: Pick<Ports, "state">) {
  const { cells } = await state.readSpend([{ from: "2000-01-01", to: "2100-01-01" }]);
  const runs = new Map<string, number>();
  for await (const { run, spent } of state.allRuns()) runs.set(run.id, spent?.microUsd ?? 0);
  return { cells: cells.reduce((sum, { microUsd }) => sum + microUsd, 0), runs };
}
