import { readdirSync, readFileSync } from "node:fs";
import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { clientOver } from "../../support/dynamo/client.ts";
import { Dynamo, type Request } from "../../support/dynamo/dynamo.ts";
import { type Latitude, PROMPT } from "../../support/dynamo/latitude.ts";
import { bound, createTable, key, outcome, put, transact } from "./tables.ts";

/** What a DynamoDB may do and does not do each time: with an own clock, each of it happens here. */
describe("the model of DynamoDB", () => {
  let nowMs: number;
  let table: string;
  let client: DynamoDBClient;
  let latitude: { -readonly [K in keyof Latitude]: Latitude[K] };
  let fate: Partial<Request>;
  beforeEach(async () => {
    nowMs = Date.parse("2026-11-25T12:00:00Z");
    latitude = { ...PROMPT };
    fate = {};
    const dynamo = new Dynamo({ nowMs: () => nowMs, latitude });
    client = clientOver(async (request) => dynamo.handle({ ...request, ...fate }));
    table = await createTable(client);
  });

  const adding = (sk: string): TransactWriteItem => ({
    Update: { TableName: table, Key: key(sk), UpdateExpression: "ADD #n :n", ...bound(["#n"], { ":n": 1 }) },
  });
  const read = async (sk: string, ConsistentRead = true) =>
    (await client.send(new GetItemCommand({ TableName: table, Key: key(sk), ConsistentRead }))).Item?.n?.N;
  const query = async (IndexName?: string) => {
    const names = IndexName ? { "#pk": "group" } : { "#pk": "pk" };
    const command = new QueryCommand({
      TableName: table,
      KeyConditionExpression: "#pk = :p",
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ":p": { S: "p" } },
      ...(IndexName ? { IndexName } : { ConsistentRead: true }),
    });
    return (await client.send(command)).Items?.map(({ sk }) => sk?.S);
  };

  describe("while a transaction is at work", () => {
    beforeEach(async () => {
      const shares = [0.9, 0.1];
      latitude.transactionMs = () => 100;
      latitude.random = () => shares.shift() ?? 0;
      await transact(client, [adding("a"), adding("b")], "token");
    });

    it("shows some of its items before others, and all of them when it is over", async () => {
      expect(await query()).toEqual([]);
      nowMs += 50;
      expect(await query()).toEqual(["b"]);
      expect([await read("a"), await read("b")]).toEqual([undefined, "1"]);
      nowMs += 50;
      expect(await query()).toEqual(["a", "b"]);
    });

    it("refuses others' writes to its items, single ones and transactions", async () => {
      nowMs += 99;
      expect(await outcome(put(client, table, { sk: "a" }))).toBe("TransactionConflictException");
      expect(await outcome(transact(client, [adding("c"), adding("a")]))).toEqual([
        "None",
        "TransactionConflict",
      ]);
      expect(await outcome(put(client, table, { sk: "c" }))).toEqual({});
      nowMs += 1;
      expect(await outcome(put(client, table, { sk: "a" }))).toEqual({});
    });

    it("refuses a read of its items that is a transaction itself, until it is over", async () => {
      const TransactItems = ["c", "a"].map((sk) => ({ Get: { TableName: table, Key: key(sk) } }));
      const get = () => client.send(new TransactGetItemsCommand({ TransactItems }));
      nowMs += 99;
      expect(await outcome(get())).toEqual(["None", "TransactionConflict"]);
      nowMs += 1;
      expect((await get()).Responses?.map(({ Item }) => Item?.n?.N)).toEqual([undefined, "1"]);
    });

    it("answers the same one under its token that it is in progress, then with its success", async () => {
      const again = () => outcome(transact(client, [adding("a"), adding("b")], "token"));
      expect(await again()).toBe("TransactionInProgressException");
      nowMs += 100;
      expect(await again()).toMatchObject({ ConsumedCapacity: {} });
      expect(await read("a")).toBe("1");
    });
  });

  it("forgets a token ten minutes after the transaction", async () => {
    await transact(client, [adding("a")], "token");
    nowMs += 10 * 60_000;
    await transact(client, [adding("a")], "token");
    expect(await read("a")).toBe("1");
    nowMs += 1;
    await transact(client, [adding("a")], "token");
    expect(await read("a")).toBe("2");
  });

  it("reads item after item between a request's sending and its answer", async () => {
    await put(client, table, { sk: "z" });
    nowMs += 10;
    await put(client, table, { sk: "a" });
    fate = { sentMs: nowMs - 5 };
    expect(await query()).toEqual(["z"]);
    fate = {};
    expect(await query()).toEqual(["a", "z"]);
  });

  it("shows an old value to who does not ask for consistency", async () => {
    await put(client, table, { sk: "a", n: 1 });
    nowMs += 1_000;
    await put(client, table, { sk: "a", n: 2 });
    latitude.staleMs = () => 500;
    expect([await read("a", false), await read("a")]).toEqual(["1", "2"]);
  });

  it("lags with its index, item by item", async () => {
    for (const [sk, place] of [
      ["a", 1],
      ["b", 2],
    ] as const) {
      await put(client, table, { sk, place, group: "p" });
      nowMs += 100;
    }
    const lags = [500, 0];
    latitude.indexLagMs = () => lags.shift() ?? 0;
    expect(await query("by-place")).toEqual(["b"]);
    expect(await query("by-place")).toEqual(["a", "b"]);
  });

  it("leaves keys of a batch over", async () => {
    for (const sk of ["a", "b"]) await put(client, table, { sk });
    const batch = () =>
      client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [key("a"), key("b")] } } }));
    const leaves = [true, false];
    latitude.leavesKey = () => leaves.shift() ?? true;
    const { Responses, UnprocessedKeys } = await batch();
    expect(Responses).toEqual({ [table]: [key("b")] });
    expect(UnprocessedKeys).toEqual({ [table]: { Keys: [key("a")] } });
    expect(await outcome(batch())).toBe("ProvisionedThroughputExceededException");
  });

  it("refuses a request in each of its ways, with its effect only after an internal error", async () => {
    fate = { refused: { as: "throttled" } };
    expect(await outcome(put(client, table, { sk: "a", n: 1 }))).toBe(
      "ProvisionedThroughputExceededException",
    );
    expect(await outcome(transact(client, [adding("a")]))).toEqual(["ThrottlingError"]);
    fate = { refused: { as: "busy" } };
    expect(await outcome(put(client, table, { sk: "a", n: 1 }))).toBe("TransactionConflictException");
    expect(await outcome(transact(client, [adding("a")]))).toEqual(["TransactionConflict"]);
    fate = { refused: { as: "internal" } };
    expect(await outcome(put(client, table, { sk: "a", n: 1 }))).toBe("InternalServerError");
    fate = {};
    expect(await read("a")).toBeUndefined();
    fate = { refused: { as: "internal", afterEffect: true } };
    expect(await outcome(put(client, table, { sk: "a", n: 1 }))).toBe("InternalServerError");
    fate = {};
    expect(await read("a")).toBe("1");
  });

  it("shares nothing with the watchdog: it imports its own files alone, and the AWS SDK", () => {
    const folder = new URL("../../support/dynamo/", import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    expect(sources.length).toBeGreaterThan(15);
    for (const name of sources) {
      const text = readFileSync(new URL(name, folder), "utf8");
      for (const [, path = ""] of text.matchAll(/from "([^"]+)"/g)) {
        const target = path.startsWith(".") ? new URL(path, new URL(name, folder)).href : path;
        const isFine = target.startsWith(folder.href) || target === "@aws-sdk/client-dynamodb";
        expect(isFine, `${name} imports ${path}`).toBe(true);
      }
    }
  });

  it("does not guess what it was not taught", async () => {
    const unknown = client.send(
      new GetItemCommand({ TableName: table, Key: key("a"), AttributesToGet: ["n"] }),
    );
    await expect(unknown).rejects.toThrow('does not know "AttributesToGet" of GetItem');
    await expect(put(client, table, { sk: "a", n: 0.5 })).rejects.toThrow('the number "0.5"');
    const condition = "size(#n) > :n";
    const put2 = transact(client, [
      {
        Put: {
          TableName: table,
          Item: key("a"),
          ConditionExpression: condition,
          ...bound([condition], { ":n": 1 }),
        },
      },
    ]);
    await expect(put2).rejects.toThrow('"size" (token 1)');
  });
});
