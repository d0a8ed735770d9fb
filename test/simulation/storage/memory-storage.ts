import { MemoryDatabase } from "../../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { aged } from "./aged.ts";
import type { Backup, Rows, Storage } from "./storage.ts";
import { wiredStores } from "./wired-stores.ts";

/** The memory twins: a call of a store is one call on the wire, and happens at one instant. */
export function memoryStorage(account: string): Storage {
  const database = new MemoryDatabase();
  return {
    rows: rowsIn(database.account(account)),
    refused: new Map(),
    backup: () => backupOf(database, account),
    age: () => age(database.account(account)),
    stores: (process, weather, look) =>
      wiredStores(process, weather, look, createMemoryStores({ account, database })),
    left: createMemoryStores({ account, database }),
  };
}

function backupOf(database: MemoryDatabase, account: string): Backup {
  const kept = MemoryDatabase.fromJSON(database.toJSON()).account(account);
  return (what) => {
    const rows = database.account(account);
    for (const key of Object.keys({ ...kept, ...rows }) as (keyof typeof rows)[]) {
      if (key === "chains" || (key !== "control" && what === "control")) continue;
      const [now, then] = [rows[key], kept[key]];
      if (now instanceof Map && then instanceof Map) refill(now as Map<unknown, unknown>, then);
      else if (then === undefined) delete rows[key as "control"];
      else Object.assign(rows, { [key]: structuredClone(then) });
    }
  };
}

function age(rows: ReturnType<MemoryDatabase["account"]>): void {
  for (const kind of ["live", "control", "ledger"] as const) {
    const item = rows[kind];
    if (item) Object.assign(rows, { [kind]: { ...item, text: aged(kind, item.text) } });
  }
  for (const [key, text] of rows.names) rows.names.set(key, aged("name", text));
  for (const [key, text] of rows.typical) rows.typical.set(key, aged("typical", text));
}

/** The stores hold on to the map. */
function refill<K, V>(map: Map<K, V>, by: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of structuredClone(by)) map.set(key, value);
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
