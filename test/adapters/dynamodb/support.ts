import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { createDynamoStores } from "../../../src/adapters/dynamodb/stores.ts";
import { createTables, type Engine, localClient, startEngine } from "../../support/engines/engine.ts";
import { type Fate, type Seen, startProxy } from "../../support/proxy.ts";

export const ACCOUNT = "acme";
export const TABLES = { stateTable: "state", auditTable: "audit" };

/** The stores over a client; their waits take no time, and are counted. */
export function storesOver(client: DynamoDBClient, account = ACCOUNT) {
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(ms);
  };
  return { ...createDynamoStores({ client, ...TABLES, account, random: () => 1, sleep }), waits };
}

/** A fresh engine with both tables. */
export async function startTables(): Promise<Engine> {
  const engine = await startEngine();
  await createTables(engine.client(), TABLES);
  return engine;
}

export const plant = (engine: Engine, item: Record<string, unknown>) =>
  engine
    .client()
    .send(new PutItemCommand({ TableName: TABLES.stateTable, Item: marshall({ pk: ACCOUNT, ...item }) }));

/** The item of the state table that has this sort key. */
export async function stateItem(engine: Engine, sk: string): Promise<Record<string, unknown> | undefined> {
  const command = new GetItemCommand({ TableName: TABLES.stateTable, Key: marshall({ pk: ACCOUNT, sk }) });
  const { Item } = await engine.client().send(command);
  return Item && unmarshall(Item);
}

/** Runs `work` with stores whose requests meet the given fate. */
export async function through<T>(
  engine: Engine,
  fateOf: (seen: Seen) => Fate,
  work: (stores: ReturnType<typeof storesOver>, requests: readonly Seen[]) => Promise<T>,
): Promise<T> {
  const proxy = await startProxy(engine.url, fateOf);
  const client = localClient(proxy.url);
  try {
    return await work(storesOver(client), proxy.requests);
  } finally {
    client.destroy();
    await proxy.stop();
  }
}

const PASS: Fate = { kind: "pass" };

/** The first `times` requests of an operation meet `fate`; everything else passes. */
export function firstOf(operation: string, fate: Fate, times = 1): (seen: Seen) => Fate {
  let left = times;
  return (seen) => (seen.operation === operation && left-- > 0 ? fate : PASS);
}
