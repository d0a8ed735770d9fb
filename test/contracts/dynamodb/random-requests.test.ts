import {
  type DynamoDBClient,
  QueryCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientOver } from "../../support/dynamo/client.ts";
import { Dynamo } from "../../support/dynamo/dynamo.ts";
import { localClient } from "../../support/engines/engine.ts";
import { bound, createTable, key, outcome, put, transact } from "./tables.ts";

const url = process.env.DYNAMODB_LOCAL_URL;

type Write = {
  readonly sk: string;
  readonly update: string;
  readonly condition: string | undefined;
  readonly n: number;
};
type Step =
  | { readonly kind: "put"; readonly sk: string; readonly n: number; readonly group: string | undefined }
  | { readonly kind: "update"; readonly write: Write }
  | { readonly kind: "transact"; readonly writes: readonly Write[] }
  | { readonly kind: "query"; readonly condition: string; readonly backwards: boolean };

const SORTS = ["a", "a#1", "b", "é", "z"];
const sk = fc.constantFrom(...SORTS);
const n = fc.integer({ min: -3, max: 12 });

const write: fc.Arbitrary<Write> = fc.record({
  sk,
  n,
  update: fc.constantFrom(
    "SET #n = :n",
    "ADD #n :n",
    "ADD #n :n SET #m = if_not_exists(#m, :n)",
    "SET #m = #n, #n = :n",
    "REMOVE #n, #m",
    "SET #l = list_append(if_not_exists(#l, :l), :l) REMOVE #m",
    "SET #l = :l ADD #l :n",
    "ADD #l :n",
  ),
  condition: fc.constantFrom(
    undefined,
    "attribute_not_exists(#pk)",
    "attribute_exists(#m)",
    "#n < :c",
    "#n >= :c OR attribute_not_exists(#n)",
    "(#n = :c OR #m = :c) AND attribute_exists(#pk)",
    "#n BETWEEN :b AND :c",
    "begins_with(#sk, :s)",
  ),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("put" as const),
    sk,
    n,
    group: fc.constantFrom(undefined, "g", "h"),
  }),
  fc.record({ kind: fc.constant("update" as const), write }),
  fc.record({
    kind: fc.constant("transact" as const),
    writes: fc.uniqueArray(write, { selector: (each) => each.sk, minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant("query" as const),
    backwards: fc.boolean(),
    condition: fc.constantFrom("#pk = :p", "#pk = :p AND begins_with(#sk, :s)", "#pk = :p AND #sk > :s"),
  }),
);

const VALUES = { ":b": 0, ":c": 5, ":s": "a", ":l": [1] };

function updateOf(table: string, { sk: sort, update, condition, n: amount }: Write) {
  const used = (text: string) => text.match(/:\w+/g) ?? [];
  const values: Record<string, unknown> = { ...VALUES, ":n": amount };
  const wanted = [...used(update), ...used(condition ?? "")];
  return {
    TableName: table,
    Key: key(sort),
    UpdateExpression: update,
    ...(condition !== undefined && { ConditionExpression: condition }),
    ...bound([update, condition ?? ""], Object.fromEntries(wanted.map((name) => [name, values[name]]))),
  };
}

/** What came of a step, capacity aside. */
async function answerTo(client: DynamoDBClient, table: string, each: Step): Promise<unknown> {
  switch (each.kind) {
    case "put": {
      const { sk: sort, n: amount, group } = each;
      return outcome(put(client, table, { sk: sort, n: amount, ...(group && { group, place: amount }) }));
    }
    case "update":
      return outcome(client.send(new UpdateItemCommand(updateOf(table, each.write))));
    case "transact": {
      const items = each.writes.map((one): TransactWriteItem => ({ Update: updateOf(table, one) }));
      const done = await outcome(transact(client, items));
      if (!Array.isArray(done)) return typeof done === "object" ? "done" : done;
      // DynamoDB Local refuses as a whole what the service lists among the reasons of a cancellation.
      return done.includes("ValidationError") ? "ValidationException" : done;
    }
    case "query": {
      const { condition, backwards } = each;
      const values = condition.includes(":s") ? { ":p": "p", ":s": "a" } : { ":p": "p" };
      const query = new QueryCommand({
        TableName: table,
        KeyConditionExpression: condition,
        ScanIndexForward: !backwards,
        ConsistentRead: true,
        ...bound([condition], values),
      });
      return (await client.send(query)).Items?.map((item) => unmarshall(item));
    }
  }
}

async function contentsOf(client: DynamoDBClient, table: string): Promise<unknown> {
  const all: Step = { kind: "query", condition: "#pk = :p", backwards: false };
  const indexed = new QueryCommand({
    TableName: table,
    IndexName: "by-place",
    KeyConditionExpression: "#group = :g",
    ...bound(["#group"], { ":g": "g" }),
  });
  const { Items = [] } = await client.send(indexed);
  return [await answerTo(client, table, all), Items.map(({ place }) => place?.N)];
}

describe.skipIf(url === undefined)("the model of DynamoDB beside DynamoDB Local", () => {
  it("answers any row of requests alike, and holds the same items after it", {
    timeout: 120_000,
  }, async () => {
    const dynamo = new Dynamo({ nowMs: () => Date.now() });
    const model = clientOver(async (request) => dynamo.handle(request));
    const local = localClient(url ?? "");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const [ours, theirs] = [await createTable(model), await createTable(local)];
        for (const each of steps)
          expect(await answerTo(model, ours, each)).toEqual(await answerTo(local, theirs, each));
        expect(await contentsOf(model, ours)).toEqual(await contentsOf(local, theirs));
      }),
      { numRuns: 60 },
    );
    local.destroy();
  });
});
