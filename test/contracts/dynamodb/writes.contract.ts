import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { bound, createTable, key, outcome, put } from "./tables.ts";

/** What a DynamoDB does with single writes: the facts that the watchdog's stores stand on. */
export function describeWrites(clientOf: () => DynamoDBClient): void {
  let table: string;
  beforeEach(async () => {
    table = await createTable(clientOf());
  });

  const read = async (sk: string) => {
    const { Item } = await clientOf().send(
      new GetItemCommand({ TableName: table, Key: key(sk), ConsistentRead: true }),
    );
    return Item && unmarshall(Item);
  };

  describe("a condition", () => {
    const ITEM = { sk: "i", n: 5, s: "run#1", list: [1] };

    it.each([
      ["attribute_exists(#n)", {}, true],
      ["attribute_not_exists(#n)", {}, false],
      ["attribute_not_exists(#none)", {}, true],
      ["#n = :n", { ":n": 5 }, true],
      ["#n = :n", { ":n": "5" }, false],
      ["#none = :n", { ":n": 5 }, false],
      ["#list = :l", { ":l": [1] }, true],
      ["#n < :n", { ":n": 10 }, true],
      ["#s < :s", { ":s": "run#10" }, true],
      ["#n <= :n", { ":n": 5 }, true],
      ["#n > :n", { ":n": 5 }, false],
      ["#n >= :n", { ":n": -7 }, true],
      ["#s >= :n", { ":n": 1 }, false],
      ["#n BETWEEN :a AND :b", { ":a": 5, ":b": 6 }, true],
      ["#n BETWEEN :a AND :b", { ":a": 6, ":b": 7 }, false],
      ["begins_with(#s, :s)", { ":s": "run#" }, true],
      ["begins_with(#n, :s)", { ":s": "5" }, false],
      ["#n = :a OR #n = :b AND #s = :c", { ":a": 5, ":b": 1, ":c": "no" }, true],
      ["(#n = :a OR #n = :b) AND #s = :c", { ":a": 5, ":b": 1, ":c": "no" }, false],
      ["attribute_exists(#pk) AND (attribute_not_exists(#none) OR #none = :n)", { ":n": 1 }, true],
      ["#n = :n and attribute_exists(#s)", { ":n": 5 }, true],
    ])("%s holds of an item as it should: %j", async (condition, values, holds) => {
      await put(clientOf(), table, ITEM);
      const request = new PutItemCommand({
        TableName: table,
        Item: marshall({ pk: "p", ...ITEM, sk: "i", n: 6 }),
        ConditionExpression: condition,
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        ...bound([condition], values),
      });
      const done = clientOf().send(request);
      if (holds) await done;
      else
        await expect(done).rejects.toMatchObject({
          name: "ConditionalCheckFailedException",
          Item: marshall({ pk: "p", ...ITEM }),
        });
      expect(await read("i")).toMatchObject({ n: holds ? 6 : 5 });
    });

    it("on a key without an item fails without showing one", async () => {
      const request = new UpdateItemCommand({
        TableName: table,
        Key: key("new"),
        UpdateExpression: "SET #n = :n",
        ConditionExpression: "attribute_exists(#pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        ...bound(["#n #pk"], { ":n": 1 }),
      });
      const error = await clientOf()
        .send(request)
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: "ConditionalCheckFailedException" });
      expect(error).not.toHaveProperty("Item.pk");
      expect(await read("new")).toBeUndefined();
    });
  });

  const update = (expression: string, values: Record<string, unknown> = {}, sk = "i") =>
    clientOf().send(
      new UpdateItemCommand({
        TableName: table,
        Key: key(sk),
        UpdateExpression: expression,
        ...bound([expression], values),
      }),
    );

  describe("an update", () => {
    it.each([
      ["SET #a = :a, #b = #n", { ":a": "x" }, { a: "x", b: 5, n: 5, list: [1] }],
      ["SET #n = :n, #b = #n", { ":n": 9 }, { n: 9, b: 5, list: [1] }],
      ["SET #n = if_not_exists(#n, :n), #c = if_not_exists(#c, :n)", { ":n": 1 }, { n: 5, c: 1, list: [1] }],
      [
        "SET #list = list_append(if_not_exists(#list, :none), :l)",
        { ":none": [], ":l": [2] },
        { n: 5, list: [1, 2] },
      ],
      [
        "SET #new = list_append(if_not_exists(#new, :none), :l)",
        { ":none": [], ":l": [2] },
        { n: 5, list: [1], new: [2] },
      ],
      ["REMOVE #n, #none", {}, { list: [1] }],
      ["ADD #n :n, #c :c", { ":n": -7, ":c": 3 }, { n: -2, c: 3, list: [1] }],
      ["SET #a = :a ADD #n :n REMOVE #list", { ":a": 1, ":n": 1 }, { a: 1, n: 6 }],
    ])("%s", async (expression, values, expected) => {
      await put(clientOf(), table, { sk: "i", n: 5, list: [1] });
      await update(expression, values);
      expect(await read("i")).toEqual({ pk: "p", sk: "i", ...expected });
    });

    it("of a key without an item makes one", async () => {
      await update("ADD #n :n SET #a = :a", { ":n": 2, ":a": "x" }, "new");
      expect(await read("new")).toEqual({ pk: "p", sk: "new", n: 2, a: "x" });
    });

    it("adds whole numbers exactly, beyond what a double holds", async () => {
      await update("SET #n = :n", { ":n": 9_007_199_254_740_993n });
      await update("ADD #n :n", { ":n": 2n });
      const { Item } = await clientOf().send(
        new GetItemCommand({ TableName: table, Key: key("i"), ConsistentRead: true }),
      );
      expect(Item?.n).toEqual({ N: "9007199254740995" });
    });
  });

  describe("is refused as invalid:", () => {
    const NO = "ValidationException";
    it.each([
      ["a key of the schema changed", "SET #sk = :v", { ":v": "x" }],
      ["one attribute twice", "SET #a = :v, #a = :v", { ":v": 1 }],
      ["ADD to a text", "ADD #s :v", { ":v": 1 }],
      ["a list appended to a text", "SET #s = list_append(#s, :v)", { ":v": [1] }],
      ["an attribute read that is missing", "SET #a = #none", {}],
      ["a value that is not bound", "SET #a = :nowhere", {}],
      ["a value that is not used", "SET #a = :v", { ":v": 1, ":w": 1 }],
      ["a clause twice", "SET #a = :v SET #b = :v", { ":v": 1 }],
    ])("%s", async (_what, expression, values) => {
      await put(clientOf(), table, { sk: "i", s: "text" });
      expect(await outcome(update(expression, values))).toBe(NO);
      expect(await read("i")).toEqual({ pk: "p", sk: "i", s: "text" });
    });

    it("an item of more than 400 KB, its names included, and none of exactly so much", async () => {
      const rest = 400 * 1024 - "pk".length - "p".length - "sk".length - "i".length - "text".length;
      expect(await outcome(put(clientOf(), table, { sk: "i", text: "x".repeat(rest) }))).toEqual({});
      expect(await outcome(put(clientOf(), table, { sk: "i", text: "x".repeat(rest + 1) }))).toBe(NO);
      expect(await outcome(update("SET #m = :m", { ":m": 1 }))).toBe(NO);
    });

    it.each([
      ["without a sort key", { pk: "p" }],
      ["with an empty one", { pk: "p", sk: "" }],
      ["with one of another type", { pk: "p", sk: 1 }],
      ["with one of more than 1,024 bytes", { pk: "p", sk: "é".repeat(513) }],
      ["with an index's key of another type", { pk: "p", sk: "i", group: "g", place: "first" }],
    ])("an item %s", async (_how, item) => {
      const request = new PutItemCommand({ TableName: table, Item: marshall(item) });
      expect(await outcome(clientOf().send(request))).toBe(NO);
    });
  });

  it("takes units by the KB, of the larger of before and after", async () => {
    const units = async (length: number, sk: string, index = {}) => {
      const Item = marshall({ pk: "p", sk, text: "x".repeat(length), ...index });
      const request = new PutItemCommand({ TableName: table, Item, ReturnConsumedCapacity: "TOTAL" });
      return (await clientOf().send(request)).ConsumedCapacity?.CapacityUnits;
    };
    expect([await units(10, "a"), await units(1500, "b"), await units(10, "b")]).toEqual([1, 2, 2]);
    expect(await units(10, "c", { group: "g", place: 1 })).toBe(2);
  });

  it("names a table that is not there", async () => {
    expect(await outcome(put(clientOf(), "no-such-table", { sk: "i" }))).toBe("ResourceNotFoundException");
  });
}
