import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { createDynamoStores } from "../../src/adapters/dynamodb/stores.ts";
import { exemptionSort, runSort } from "../../src/adapters/dynamodb/table.ts";
import { createTables } from "../../src/adapters/dynamodb/tables.ts";
import { MemoryDatabase } from "../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import type { AuditStore, StateStore } from "../../src/watchdog/model/ports.ts";
import { clientOver } from "../support/dynamo/client.ts";
import { Dynamo } from "../support/dynamo/dynamo.ts";
import { localClient, startEngine } from "../support/engines/engine.ts";

/** Both stores of one account, and a way past them. */
export type Opened = {
  readonly state: StateStore;
  readonly audit: AuditStore;
  /** Puts an exemption's raw text at a raw key, as a person with a console could. */
  plantExemption(key: string, text: string): Promise<void>;
  /** Puts a run's record as it was kept before there was a ledger. */
  plantRun(runId: string, text: string): Promise<void>;
};

/** Something that stores for any number of accounts. */
export type Backend = {
  open(account: string): Opened;
  stop(): Promise<void>;
};

export async function memoryBackend(): Promise<Backend> {
  const database = new MemoryDatabase();
  return {
    open: (account) => ({
      ...createMemoryStores({ account, database }),
      async plantExemption(key, text) {
        database.account(account).exemptions.set(key, text);
      },
      async plantRun(runId, text) {
        database.account(account).runs.set(runId, { text });
      },
    }),
    stop: async () => {},
  };
}

export async function engineBackend(): Promise<Backend> {
  const engine = await startEngine();
  const client = engine.client();
  const backend = await dynamoBackend(client);
  return {
    ...backend,
    async stop() {
      await backend.stop();
      await engine.stop();
    },
  };
}

/** The model of DynamoDB in this process, behind the AWS SDK's own client. */
export const modelBackend = (): Promise<Backend> => {
  const dynamo = new Dynamo({ nowMs: () => Date.now() });
  return dynamoBackend(clientOver(async (request) => dynamo.handle(request)));
};

export const urlBackend = (url: string): Promise<Backend> => dynamoBackend(localClient(url));

async function dynamoBackend(client: DynamoDBClient): Promise<Backend> {
  const suffix = crypto.randomUUID().slice(0, 8);
  const names = { stateTable: `state-${suffix}`, auditTable: `audit-${suffix}` };
  await createTables(client, names);
  return {
    open: (account) => ({
      ...createDynamoStores({
        client,
        ...names,
        account,
        random: Math.random,
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      }),
      async plantExemption(key, text) {
        const item = { pk: account, sk: exemptionSort(key), text };
        await client.send(new PutItemCommand({ TableName: names.stateTable, Item: marshall(item) }));
      },
      async plantRun(runId, text) {
        const item = { pk: account, sk: runSort(runId), text, recordedAt: 1 };
        await client.send(new PutItemCommand({ TableName: names.stateTable, Item: marshall(item) }));
      },
    }),
    stop: async () => client.destroy(),
  };
}
