import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDynamoStores } from "../../../src/adapters/dynamodb/stores.ts";
import { verifyAll } from "../../../src/watchdog/audit/verify/verify.ts";
import { sha256 } from "../../../src/watchdog/model/entry.ts";
import { createTables, engineMissing, startEngine } from "../../support/engines/engine.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { OVER_5_USD, worldOf } from "../../support/world.ts";

type Row = Record<string, unknown> & { readonly pk: string; readonly sk: number; readonly text: string };
const tables = { stateTable: "watchdog-state", auditTable: "watchdog-audit" };

/** A stopped run's audit on a real DynamoDB engine, and somebody who can write to the table as they please. */
async function stoppedRun({ ticks = 3 } = {}) {
  const engine = await startEngine();
  onTestFinished(() => engine.stop());
  const client = engine.client();
  await createTables(client, tables);
  const sleep = async () => undefined;
  const stores = createDynamoStores({ client, ...tables, account: "default", random: () => 0.5, sleep });
  const watched = await watch(worldOf(OVER_5_USD), { stores });
  await watched.push(fiveUsd());
  await watched.ticks(ticks);
  const rows = async () =>
    ((await client.send(new ScanCommand({ TableName: tables.auditTable, ConsistentRead: true }))).Items ?? [])
      .map((item) => unmarshall(item) as Row)
      .filter(({ pk }) => pk.includes("run#"))
      .sort((a, b) => a.sk - b.sk);
  return { client, watched, rows, findings: async () => (await verifyAll(stores)).findings };
}

const put = (client: DynamoDBClient, row: Row) =>
  client.send(new PutItemCommand({ TableName: tables.auditTable, Item: marshall(row) }));
const remove = (client: DynamoDBClient, { pk, sk }: Row) =>
  client.send(new DeleteItemCommand({ TableName: tables.auditTable, Key: marshall({ pk, sk }) }));

describe.skipIf(engineMissing)(
  `the audit is tamper-evident${engineMissing ? ` (${engineMissing})` : ""}`,
  () => {
    it("finds nothing in an audit that nobody touched", async () => {
      const { rows, findings } = await stoppedRun();
      expect(await rows()).toHaveLength(3);
      expect(await findings()).toEqual([]);
    });

    it("finds an entry whose text was changed", async () => {
      const { client, rows, findings } = await stoppedRun();
      const [first] = await rows();
      const text = first?.text.replace('"measured":7', '"measured":70') ?? "";
      const Key = marshall({ pk: first?.pk, sk: first?.sk });
      await client.send(
        new UpdateItemCommand({
          TableName: tables.auditTable,
          Key,
          UpdateExpression: "SET #text = :text",
          ExpressionAttributeNames: { "#text": "text" },
          ExpressionAttributeValues: marshall({ ":text": text }),
        }),
      );
      expect(await findings()).toMatchObject([
        { sequence: 1, problem: "its text was changed: the hash does not fit" },
      ]);
    });

    it("finds an entry whose text was changed and its hash made to fit", async () => {
      const { client, rows, findings } = await stoppedRun();
      const [first] = await rows();
      if (first === undefined) throw new Error("no entry");
      const text = first.text.replace('"measured":7', '"measured":70');
      await put(client, { ...first, text, hash: sha256(text) });
      expect(await findings()).toMatchObject([
        { sequence: 2, problem: "it does not follow the entry before it" },
      ]);
    });

    it("finds an entry that was removed", async () => {
      const { client, rows, findings } = await stoppedRun();
      const [, second] = await rows();
      if (second) await remove(client, second);
      expect((await findings())[0]).toMatchObject({ sequence: 2, problem: "entries 2 to 2 are missing" });
    });

    it("finds entries that changed places", async () => {
      const { client, rows, findings } = await stoppedRun();
      const [first, second] = await rows();
      if (!first || !second) throw new Error("no entries");
      await put(client, { ...first, sk: second.sk });
      await put(client, { ...second, sk: first.sk });
      expect((await findings()).map(({ problem }) => problem).join()).toContain("it was moved");
    });

    it("finds an end that was cut off", async () => {
      const { client, rows, findings } = await stoppedRun();
      const last = (await rows()).at(-1);
      if (last) await remove(client, last);
      expect(await findings()).toMatchObject([
        { problem: "its end was cut: 2 entries stand, 3 were written" },
        { problem: expect.stringContaining("has no closing entry, and the control state does not know it") },
      ]);
    });

    it("finds a whole chain that was removed", async () => {
      const { client, rows, findings } = await stoppedRun();
      for (const row of await rows()) await remove(client, row);
      expect(await findings()).toMatchObject([
        { problem: "its end was cut: 0 entries stand, 3 were written" },
      ]);
    });

    it("finds an indexed copy that no longer says what the text says", async () => {
      const { client, rows, findings } = await stoppedRun();
      const [first] = await rows();
      if (first) await put(client, { ...first, ruleId: "another-rule" });
      expect(await findings()).toMatchObject([
        { problem: "the indexed copy of ruleId differs from its text" },
      ]);
    });

    it("goes on finding an end that was cut off after ticks have written behind it", async () => {
      const { client, rows, findings, watched } = await stoppedRun({ ticks: 1 });
      const [, requested] = await rows();
      if (requested) await remove(client, requested);
      await watched.ticks(3);
      expect((await rows()).map(({ sk }) => sk)).toEqual([1, 3]);
      expect((await findings()).map(({ problem }) => problem)).toContain("entries 2 to 2 are missing");
    });
  },
);
