import { startEngine } from "../src/adapters/dynamodb/engine.ts";
import { createDynamoStores } from "../src/adapters/dynamodb/stores.ts";
import { createTables } from "../src/adapters/dynamodb/tables.ts";
import { countUnits } from "./units-by-item.ts";

const TABLES = { stateTable: "watchdog-state", auditTable: "watchdog-audit" } as const;

/** Stores on the embedded DynamoDB engine, in memory. */
export async function engineStores() {
  const engine = await startEngine();
  if (engine === undefined) throw new Error("the embedded DynamoDB engine has no build for this platform");
  const client = engine.client();
  await createTables(client, TABLES);
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5)));
  const stores = createDynamoStores({ client, ...TABLES, account: "default", random: () => 0.5, sleep });
  return {
    stores,
    /** What DynamoDB would have charged since the last call, by kind of item. */
    takeUnits: countUnits(client),
    async close() {
      client.destroy();
      await engine.stop();
    },
  };
}
