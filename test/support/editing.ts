import { DeleteItemCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { onTestFinished } from "vitest";
import { createDynamoStores } from "../../src/adapters/dynamodb/stores.ts";
import { MemoryDatabase } from "../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { createTables, startEngine } from "./engines/engine.ts";

type Fields = Record<string, unknown>;
const edited = (text: string, change: (fields: Fields) => unknown): string =>
  JSON.stringify(change(JSON.parse(text)));

/** Tables, and somebody who edits the state as they please, past all that writes entries. */
export type Edited = {
  readonly stores: Pick<Ports, "state" | "audit">;
  /** `undefined` takes the document away. */
  policy(version: number, document: unknown): Promise<void>;
  control(change: (fields: Fields) => Fields): Promise<void>;
  /** `undefined` takes the exemption away; of one that does not stand the fields are empty. */
  exemption(key: string, change: (fields: Fields) => Fields | undefined): Promise<void>;
};

function inMemory(): Edited {
  const database = new MemoryDatabase();
  const rows = database.account("default");
  return {
    stores: createMemoryStores({ account: "default", database }),
    async policy(version, document) {
      if (document === undefined) rows.policies.delete(version);
      else rows.policies.set(version, JSON.stringify(document));
    },
    async control(change) {
      if (rows.control) rows.control = { ...rows.control, text: edited(rows.control.text, change) };
    },
    async exemption(key, change) {
      const next = change(JSON.parse(rows.exemptions.get(key) ?? "{}"));
      if (next) rows.exemptions.set(key, JSON.stringify(next));
      else rows.exemptions.delete(key);
    },
  };
}

async function onEngine(): Promise<Edited> {
  const engine = await startEngine();
  onTestFinished(() => engine.stop());
  const client = engine.client();
  const tables = { stateTable: "watchdog-state", auditTable: "watchdog-audit" };
  await createTables(client, tables);
  const options = { client, ...tables, account: "default", random: () => 0.5, sleep: async () => undefined };
  const keyOf = (sk: string) => ({ TableName: tables.stateTable, Key: marshall({ pk: "default", sk }) });
  const read = async (sk: string): Promise<Fields> =>
    unmarshall((await client.send(new GetItemCommand({ ...keyOf(sk), ConsistentRead: true }))).Item ?? {});
  const put = async (item: Fields) => {
    await client.send(new PutItemCommand({ TableName: tables.stateTable, Item: marshall(item) }));
  };
  const remove = async (sk: string) => {
    await client.send(new DeleteItemCommand(keyOf(sk)));
  };
  return {
    stores: createDynamoStores(options),
    async policy(version, document) {
      const sk = `policy#${String(version).padStart(8, "0")}`;
      if (document === undefined) await remove(sk);
      else await put({ pk: "default", sk, text: JSON.stringify(document) });
    },
    async control(change) {
      const item = await read("control");
      await put({ ...item, text: edited(String(item.text), change) });
    },
    async exemption(key, change) {
      const sk = `control#exemption#${key}`;
      const item = await read(sk);
      const next = change(JSON.parse(String(item.text ?? "{}")));
      if (next) await put({ version: 1, ...item, pk: "default", sk, text: JSON.stringify(next) });
      else await remove(sk);
    },
  };
}

/** The same editor on the twin in memory and on a real engine. */
export const editedOn = async (on: "memory" | "engine"): Promise<Edited> =>
  on === "memory" ? inMemory() : onEngine();
