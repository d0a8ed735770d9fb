import type { AuditStore, StateStore } from "../../watchdog/model/ports.ts";
import { MemoryAuditStore } from "./audit-store.ts";
import { MemoryDatabase } from "./database.ts";
import { Meter } from "./meter.ts";
import { MemoryStateStore } from "./state-store.ts";

/** Both stores of one account in one database: what is appended in one moves the other. */
export function createMemoryStores({
  account,
  database = new MemoryDatabase(),
}: {
  readonly account: string;
  readonly database?: MemoryDatabase;
}): { readonly state: StateStore; readonly audit: AuditStore } {
  const rows = database.account(account);
  const meter = new Meter();
  return {
    state: new MemoryStateStore(rows, meter, () => database.accountsWithState()),
    audit: new MemoryAuditStore(account, rows, meter),
  };
}
