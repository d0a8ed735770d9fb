import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { bound, createTable, key, outcome, put } from "./tables.ts";

/** What a DynamoDB does with reads. `byTheBook`: also what DynamoDB Local is known to do otherwise than documented. */
export function describeReads(clientOf: () => DynamoDBClient, { byTheBook }: { byTheBook: boolean }): void {
  let table: string;
  beforeEach(async () => {
    table = await createTable(clientOf());
  });

  const query = (
    condition: string,
    values: Record<string, unknown>,
    more: Partial<QueryCommandInput> = {},
  ) => {
    const expressions = [condition, more.FilterExpression ?? "", more.ProjectionExpression ?? ""];
    const KeyConditionExpression = condition;
    return clientOf().send(
      new QueryCommand({ TableName: table, KeyConditionExpression, ...bound(expressions, values), ...more }),
    );
  };
  const sorts = (items: Record<string, AttributeValue>[] | undefined) => items?.map(({ sk }) => sk?.S);
  const ofP = { ":p": "p" };

  describe("a query", () => {
    it("gives the items of one partition in the order of their bytes, or backwards", async () => {
      const all = ["a", "B", "é", "z", "a#", "\u{1F600}", "\uFB01", "a#1", "A"];
      for (const sk of all) await put(clientOf(), table, { sk });
      await put(clientOf(), table, { pk: "other", sk: "a" });
      const expected = ["A", "B", "a", "a#", "a#1", "z", "é", "\uFB01", "\u{1F600}"];
      expect(sorts((await query("#pk = :p", ofP, { ConsistentRead: true })).Items)).toEqual(expected);
      const backwards = await query("#pk = :p", ofP, { ConsistentRead: true, ScanIndexForward: false });
      expect(sorts(backwards.Items)).toEqual(expected.toReversed());
    });

    it.each([
      ["#pk = :p AND #sk BETWEEN :a AND :b", { ":a": "b", ":b": "c" }, ["b", "b#1", "c"]],
      ["#sk >= :a AND #pk = :p", { ":a": "b#1" }, ["b#1", "c", "d"]],
      ["#pk = :p AND begins_with(#sk, :a)", { ":a": "b" }, ["b", "b#1"]],
      ["#pk = :p AND #sk = :a", { ":a": "c" }, ["c"]],
    ])("%s", async (condition, values, expected) => {
      for (const sk of ["a", "b", "b#1", "c", "d"]) await put(clientOf(), table, { sk });
      const found = await query(condition, { ...ofP, ...values }, { ConsistentRead: true });
      expect(sorts(found.Items)).toEqual(expected);
    });

    it.each([
      ["a span that ends before it begins", "#pk = :p AND #sk BETWEEN :a AND :b", { ":a": "c", ":b": "b" }],
      ["no partition", "#sk = :p", {}],
      ["three parts", "#pk = :p AND #sk > :a AND #sk < :b", { ":a": "a", ":b": "b" }],
    ])("refuses %s", async (_what, condition, values) => {
      expect(await outcome(query(condition, { ...ofP, ...values }))).toBe("ValidationException");
    });

    // Guide, "Paginating table query results": "This limit applies before the filter expression is evaluated".
    it.runIf(byTheBook)(
      "reads 1 MB a page, the filter after it, and goes on behind the last key",
      async () => {
        for (let i = 0; i < 9; i++)
          await put(clientOf(), table, { sk: `s${i}`, text: "x".repeat(300_000), n: i });
        const found: unknown[] = [];
        const pages: number[] = [];
        let from: Record<string, AttributeValue> | undefined;
        do {
          const page = await query(
            "#pk = :p",
            { ...ofP, ":n": 4 },
            {
              FilterExpression: "#n >= :n",
              ProjectionExpression: "#sk",
              ConsistentRead: true,
              ExclusiveStartKey: from,
            },
          );
          pages.push(page.ScannedCount ?? 0);
          found.push(...(page.Items ?? []).map((item) => unmarshall(item)));
          from = page.LastEvaluatedKey;
        } while (from);
        expect(found).toEqual([4, 5, 6, 7, 8].map((i) => ({ sk: `s${i}` })));
        expect(pages.reduce((all, each) => all + each)).toBe(9);
        expect(Math.max(...pages)).toBeLessThanOrEqual(4);
        expect(pages.length).toBeGreaterThan(2);
      },
    );

    it("reads 1 MB a page, the last item in part or not", async () => {
      for (let i = 0; i < 9; i++) await put(clientOf(), table, { sk: `s${i}`, text: "x".repeat(300_000) });
      const first = await query("#pk = :p", ofP, { ConsistentRead: true });
      const { length = 0 } = first.Items ?? [];
      expect([3, 4]).toContain(length);
      expect(first.LastEvaluatedKey).toEqual(key(`s${length - 1}`));
      const second = await query("#pk = :p", ofP, { ExclusiveStartKey: first.LastEvaluatedKey });
      expect(sorts(second.Items)?.[0]).toBe(`s${length}`);
    });

    it("tells a last key whenever a limit ends it", async () => {
      for (const sk of ["a", "b"]) await put(clientOf(), table, { sk });
      const one = await query("#pk = :p", ofP, { Limit: 1, ConsistentRead: true });
      expect([sorts(one.Items), one.LastEvaluatedKey]).toEqual([["a"], key("a")]);
      const three = await query("#pk = :p", ofP, { Limit: 3, ConsistentRead: true });
      expect([sorts(three.Items), three.LastEvaluatedKey]).toEqual([["a", "b"], undefined]);
    });

    it("of an index sorts by its keys, leaves out who has none, and is never consistent", async () => {
      for (const [sk, place] of [
        ["a", 10],
        ["b", 9],
        ["c", -1],
        ["d", 9],
      ] as const)
        await put(clientOf(), table, { sk, place, group: "g" });
      await put(clientOf(), table, { sk: "e", group: "g" });
      const index = { IndexName: "by-place" };
      const found = await query("#group = :g", { ":g": "g" }, index);
      expect(sorts(found.Items)).toSatisfy((each: string[]) => ["c,b,d,a", "c,d,b,a"].includes(each.join()));
      const some = await query(
        "#group = :g AND #place BETWEEN :a AND :b",
        { ":g": "g", ":a": -5, ":b": 0 },
        index,
      );
      expect(sorts(some.Items)).toEqual(["c"]);
      const consistent = query("#group = :g", { ":g": "g" }, { ...index, ConsistentRead: true });
      expect(await outcome(consistent)).toBe("ValidationException");
    });

    it("of an index goes on where a page ended", async () => {
      for (let place = 0; place < 5; place++)
        await put(clientOf(), table, { sk: `s${place}`, place, group: "g" });
      const found: unknown[] = [];
      let from: Record<string, AttributeValue> | undefined;
      do {
        const page = await query(
          "#group = :g",
          { ":g": "g" },
          { IndexName: "by-place", Limit: 2, ExclusiveStartKey: from },
        );
        found.push(...(sorts(page.Items) ?? []));
        from = page.LastEvaluatedKey;
      } while (from);
      expect(found).toEqual(["s0", "s1", "s2", "s3", "s4"]);
    });
  });

  it("scans every partition, page after page", async () => {
    for (const pk of ["x", "y", "z"])
      for (const sk of ["1", "2"]) await put(clientOf(), table, { pk, sk, text: "x".repeat(390_000) });
    const found: string[] = [];
    let pages = 0;
    let from: Record<string, AttributeValue> | undefined;
    do {
      const command = new ScanCommand({
        TableName: table,
        FilterExpression: "begins_with(#pk, :p)",
        ConsistentRead: true,
        ...bound(["#pk"], { ":p": "y" }),
        ...(from && { ExclusiveStartKey: from }),
      });
      const page = await clientOf().send(command);
      found.push(...(page.Items ?? []).map(({ pk, sk }) => `${pk?.S}${sk?.S}`));
      pages += 1;
      from = page.LastEvaluatedKey;
    } while (from);
    expect(found).toEqual(["y1", "y2"]);
    expect(pages).toBeGreaterThan(byTheBook ? 2 : 1);
  });

  describe("a batch of reads", () => {
    const batch = (sks: readonly string[]) =>
      clientOf().send(
        new BatchGetItemCommand({
          RequestItems: { [table]: { Keys: sks.map((sk) => key(sk)), ConsistentRead: true } },
          ReturnConsumedCapacity: "TOTAL",
        }),
      );

    it("gives those that are there, and takes units for the others too", async () => {
      await put(clientOf(), table, { sk: "a" });
      const { Responses, UnprocessedKeys, ConsumedCapacity } = await batch(["a", "b"]);
      expect(Responses).toEqual({ [table]: [key("a")] });
      expect(UnprocessedKeys).toEqual({});
      if (byTheBook) expect(ConsumedCapacity?.[0]?.CapacityUnits).toBe(2);
    });

    it("takes no key twice, and no more than a hundred", async () => {
      expect(await outcome(batch(["a", "a"]))).toBe("ValidationException");
      expect(await outcome(batch(Array.from({ length: 101 }, (_, i) => `s${i}`)))).toBe(
        "ValidationException",
      );
    });

    it("leaves keys over when 16 MB are full", async () => {
      const sks = Array.from({ length: 44 }, (_, i) => `s${i}`);
      for (const sk of sks) await put(clientOf(), table, { sk, text: "x".repeat(400_000) });
      const { Responses, UnprocessedKeys } = await batch(sks);
      const [given = 0, left = 0] = [Responses?.[table]?.length, UnprocessedKeys?.[table]?.Keys?.length];
      expect(given + left).toBe(44);
      expect(left).toBeGreaterThan(0);
      expect(given).toBeGreaterThan(30);
    });
  });

  it("takes units by 4 KB, half of them where it need not be consistent", async () => {
    await put(clientOf(), table, { sk: "a", text: "x".repeat(5_000) });
    const units = async (sk: string, ConsistentRead: boolean) => {
      const request = {
        TableName: table,
        Key: key(sk),
        ConsistentRead,
        ReturnConsumedCapacity: "TOTAL",
      } as const;
      return (await clientOf().send(new GetItemCommand(request))).ConsumedCapacity?.CapacityUnits;
    };
    expect([await units("a", true), await units("a", false), await units("none", true)]).toEqual([2, 1, 1]);
  });

  it("refuses a key that is not one", async () => {
    const Key = { ...key("a"), more: { S: "x" } };
    expect(await outcome(clientOf().send(new GetItemCommand({ TableName: table, Key })))).toBe(
      "ValidationException",
    );
  });
}
