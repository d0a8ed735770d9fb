import {
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";

/** A table of text and number keys with an index, empty and under a name of its own. */
export async function createTable(client: DynamoDBClient): Promise<string> {
  const name = `service-${crypto.randomUUID().slice(0, 8)}`;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
        { AttributeName: "group", AttributeType: "S" },
        { AttributeName: "place", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-place",
          KeySchema: [
            { AttributeName: "group", KeyType: "HASH" },
            { AttributeName: "place", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
  return name;
}

/** Names and values by the placeholders of expressions: `#a` for the attribute `a`. */
export const bound = (expressions: readonly string[], values: Record<string, unknown> = {}) => {
  const names = new Set(expressions.flatMap((text) => text.match(/#\w+/g) ?? []));
  return {
    ...(names.size > 0 && {
      ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [name, name.slice(1)])),
    }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: marshall(values) }),
  };
};

export const key = (sk: string, pk = "p") => ({ pk: { S: pk }, sk: { S: sk } });

export const put = (client: DynamoDBClient, table: string, item: object) =>
  client.send(new PutItemCommand({ TableName: table, Item: marshall({ pk: "p", ...item }) }));

export const transact = (client: DynamoDBClient, items: readonly TransactWriteItem[], token?: string) =>
  client.send(
    new TransactWriteItemsCommand({
      TransactItems: [...items],
      ReturnConsumedCapacity: "TOTAL",
      ...(token !== undefined && { ClientRequestToken: token }),
    }),
  );

/** What came of a request, in a form in which two services can be compared. */
export async function outcome(request: Promise<object>): Promise<unknown> {
  try {
    const { $metadata, ...output } = (await request) as { readonly $metadata?: unknown };
    return output;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (!(error instanceof TransactionCanceledException)) return error.name;
    return error.CancellationReasons?.map(({ Code, Item }) => (Item ? [Code, unmarshall(Item)] : Code));
  }
}
