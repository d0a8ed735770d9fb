import {
  type DynamoDBClient,
  GetItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { bound, createTable, key, outcome, put, transact } from "./tables.ts";

/** What a DynamoDB does with transactions. `byTheBook`: also what DynamoDB Local is known not to do as documented. */
export function describeTransactions(
  clientOf: () => DynamoDBClient,
  { byTheBook }: { byTheBook: boolean },
): void {
  let table: string;
  beforeEach(async () => {
    table = await createTable(clientOf());
  });

  const putting = (
    sk: string,
    more: object = {},
    condition = "attribute_not_exists(#pk)",
  ): TransactWriteItem => ({
    Put: {
      TableName: table,
      Item: marshall({ pk: "p", sk, ...more }),
      ConditionExpression: condition,
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ...bound([condition]),
    },
  });
  const adding = (sk: string, n = 1): TransactWriteItem => ({
    Update: { TableName: table, Key: key(sk), UpdateExpression: "ADD #n :n", ...bound(["#n"], { ":n": n }) },
  });
  const read = async (sk: string) => {
    const { Item } = await clientOf().send(
      new GetItemCommand({ TableName: table, Key: key(sk), ConsistentRead: true }),
    );
    return Item && unmarshall(Item);
  };

  describe("a transaction of reads", () => {
    it("gives the items in the order asked for, and takes twice the units", async () => {
      await put(clientOf(), table, { sk: "b", n: 1 });
      const TransactItems = ["a", "b"].map((sk) => ({ Get: { TableName: table, Key: key(sk) } }));
      const { Responses, ConsumedCapacity } = await clientOf().send(
        new TransactGetItemsCommand({ TransactItems, ReturnConsumedCapacity: "TOTAL" }),
      );
      expect(Responses?.map(({ Item }) => Item && unmarshall(Item))).toEqual([
        undefined,
        { pk: "p", sk: "b", n: 1 },
      ]);
      if (byTheBook) expect(ConsumedCapacity?.[0]?.CapacityUnits).toBe(4);
    });
  });

  describe("a transaction", () => {
    it("writes all of it, and takes twice the units", async () => {
      await put(clientOf(), table, { sk: "c" });
      const removing = { Delete: { TableName: table, Key: key("c") } };
      const { ConsumedCapacity } = await transact(clientOf(), [putting("a"), adding("b"), removing]);
      expect([await read("a"), await read("b"), await read("c")]).toEqual([
        { pk: "p", sk: "a" },
        { pk: "p", sk: "b", n: 1 },
        undefined,
      ]);
      if (byTheBook) expect(ConsumedCapacity?.[0]?.CapacityUnits).toBe(6);
    });

    it("writes nothing when a condition fails, and says which, each in its place", async () => {
      await put(clientOf(), table, { sk: "b", n: 1 });
      const reasons = await outcome(transact(clientOf(), [putting("a"), putting("b"), adding("c")]));
      expect(reasons).toEqual(["None", ["ConditionalCheckFailed", { pk: "p", sk: "b", n: 1 }], "None"]);
      expect([await read("a"), await read("c")]).toEqual([undefined, undefined]);
    });

    it("takes each item once, and from 1 to 100 of them", async () => {
      expect(await outcome(transact(clientOf(), [putting("a"), adding("a")]))).toBe("ValidationException");
      expect(await outcome(transact(clientOf(), []))).toBe("ValidationException");
      const many = (count: number) => Array.from({ length: count }, (_, i) => adding(`s${i}`));
      expect(await outcome(transact(clientOf(), many(101)))).toBe("ValidationException");
      expect(await outcome(transact(clientOf(), many(100)))).toMatchObject({ ConsumedCapacity: {} });
    });

    it("takes no more than 4 MB", async () => {
      const large = (count: number) =>
        Array.from({ length: count }, (_, i) => putting(`s${i}`, { text: "x".repeat(390_000) }));
      expect(await outcome(transact(clientOf(), large(11)))).toBe("ValidationException");
      expect(await outcome(transact(clientOf(), large(10)))).toMatchObject({ ConsumedCapacity: {} });
    });

    it("is cancelled when an item would be too large after it", async () => {
      await put(clientOf(), table, { sk: "b", text: "x".repeat(409_550) });
      const growing = {
        Update: {
          TableName: table,
          Key: key("b"),
          UpdateExpression: "SET #more = :more",
          ...bound(["#more"], { ":more": "x".repeat(100) }),
        },
      };
      expect(await outcome(transact(clientOf(), [adding("a"), growing]))).toEqual([
        "None",
        "ValidationError",
      ]);
      expect(await read("a")).toBeUndefined();
    });
  });

  describe("a transaction sent again under its token", () => {
    let token: string;
    beforeEach(() => {
      token = crypto.randomUUID();
    });

    it("is a success that changes nothing, and is charged as a read", async () => {
      const first = await transact(clientOf(), [putting("a"), adding("b")], token);
      const again = await transact(clientOf(), [putting("a"), adding("b")], token);
      expect(await read("b")).toEqual({ pk: "p", sk: "b", n: 1 });
      if (!byTheBook) return;
      expect([first, again].map(({ ConsumedCapacity }) => ConsumedCapacity?.[0]?.CapacityUnits)).toEqual([
        4, 4,
      ]);
    });

    it("is refused when it asks for something else", async () => {
      await transact(clientOf(), [adding("b")], token);
      const other = transact(clientOf(), [adding("b", 2)], token);
      expect(await outcome(other)).toBe("IdempotentParameterMismatchException");
      expect(await read("b")).toMatchObject({ n: 1 });
    });

    it("is tried again when the first one was cancelled", async () => {
      await put(clientOf(), table, { sk: "a", n: 1 });
      const isTwo = {
        Update: {
          TableName: table,
          Key: key("a"),
          UpdateExpression: "ADD #n :one",
          ConditionExpression: "#n = :two",
          ...bound(["#n"], { ":one": 1, ":two": 2 }),
        },
      };
      expect(await outcome(transact(clientOf(), [isTwo], token))).toEqual(["ConditionalCheckFailed"]);
      await put(clientOf(), table, { sk: "a", n: 2 });
      await transact(clientOf(), [isTwo], token);
      expect(await read("a")).toMatchObject({ n: 3 });
    });
  });
}
