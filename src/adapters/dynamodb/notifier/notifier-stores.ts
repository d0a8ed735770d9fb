import type { AuditStore, StateStore } from "../../../watchdog/model/ports.ts";
import { Connection, type DynamoOptions } from "../connection.ts";
import { readKept } from "../kept/kept-items.ts";
import { keptNames } from "../kept/kept-names.ts";
import { listEntries } from "../list-entries.ts";
import { markTampering } from "./tampering-mark.ts";

/** What the notifier reads of an account, and the one mark that it leaves there: it can reach nothing else. */
export function createNotifierStores(options: DynamoOptions): {
  readonly state: Pick<StateStore, "readNames" | "markTampering">;
  readonly audit: Pick<AuditStore, "list">;
} {
  const connection = new Connection(options);
  return {
    state: {
      readNames: (kind, ids) => readKept(connection, keptNames(kind), ids),
      markTampering: (seen) => markTampering(connection, seen),
    },
    audit: { list: (span) => listEntries(connection, span) },
  };
}
