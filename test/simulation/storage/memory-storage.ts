import { MemoryDatabase } from "../../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import type { Rows, Storage } from "./storage.ts";
import { wiredStores } from "./wired-stores.ts";

/** The memory twins: a call of a store is one call on the wire, and happens at one instant. */
export function memoryStorage(account: string): Storage {
  const database = new MemoryDatabase();
  return {
    rows: rowsIn(database.account(account)),
    refused: new Map(),
    stores: (process, weather, look) =>
      wiredStores(process, weather, look, createMemoryStores({ account, database })),
  };
}

const rowsIn = (rows: ReturnType<MemoryDatabase["account"]>): Rows => ({
  policyText: (version) => rows.policies.get(version),
  recordings: () => rows.recordings,
  controlVersion: () => rows.control?.version,
  live: () => rows.live && { version: rows.live.version, text: () => rows.live?.text ?? "{}" },
  cells: () => rows.cells,
  runs: () =>
    [...rows.runs].flatMap(([runId, { text }]) => (text === undefined ? [] : [[runId, text] as const])),
  chains: () => rows.chains,
});
