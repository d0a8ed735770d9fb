import type { MemoryDatabase } from "../../src/adapters/memory/database.ts";
import type { LedgerStore } from "../../src/watchdog/model/ledger-store.ts";
import type { StateStore } from "../../src/watchdog/model/ports.ts";

/** What is read there. What is recorded there meanwhile moves the counter, as that of any ledger. */
type Theirs = Pick<StateStore, "readSpend" | "readRun" | "readRuns" | "readLedger">;

/**
 * A ledger in memory upon one that is only read: what is recorded here comes on top of what is recorded there, and is gone
 * with the process.
 */
export async function ledgerUpon(
  theirs: Theirs,
  own: StateStore,
  database: MemoryDatabase,
  account: string,
): Promise<Partial<LedgerStore>> {
  const { version: _theirs, ...state } = await theirs.readLedger();
  await own.writeLedgerState({ ...state, version: 0 });
  const { runs } = database.account(account);
  return {
    async readSpend(spans) {
      const [below, above] = [await theirs.readSpend(spans), await own.readSpend(spans)];
      const recordings = below.recordings + above.recordings;
      return { cells: [...below.cells, ...above.cells], recordings };
    },
    readRun: async (runId) => (await own.readRun(runId)) ?? theirs.readRun(runId),
    readRuns: async (runIds) =>
      new Map([...(await theirs.readRuns(runIds)), ...(await own.readRuns(runIds))]),
    async writeLedger(writes) {
      const unknown = writes.map(({ record }) => record.run.id).filter((id) => !runs.has(id));
      for (const [id, { version }] of await theirs.readRuns(unknown)) runs.set(id, { recording: version });
      return own.writeLedger(writes);
    },
  };
}
