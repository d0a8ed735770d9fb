import type { AuditStore, StateStore } from "../../watchdog/model/ports.ts";
import { dynamoAuditStore } from "./audit-store.ts";
import { Connection, type DynamoOptions } from "./connection.ts";
import { dynamoStateStore } from "./state-store.ts";

/**
 * Both stores of one account over one client. They repeat requests themselves, so give the client `maxAttempts: 1`;
 * with the SDK's default of 3 each of their tries is up to three requests.
 */
export function createDynamoStores(options: DynamoOptions): {
  readonly state: StateStore;
  readonly audit: AuditStore;
} {
  const connection = new Connection(options);
  return { state: dynamoStateStore(connection), audit: dynamoAuditStore(connection) };
}
