import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe } from "vitest";
import { clientOver } from "../../support/dynamo/client.ts";
import { directClient } from "../../support/dynamo/direct-client.ts";
import { Dynamo } from "../../support/dynamo/dynamo.ts";
import { localClient } from "../../support/engines/engine.ts";
import { describeReads } from "./reads.contract.ts";
import { describeTransactions } from "./transactions.contract.ts";
import { describeWrites } from "./writes.contract.ts";

/** The same facts of the model in this process and, where it runs, of AWS's own DynamoDB Local. */
const url = process.env.DYNAMODB_LOCAL_URL;
const dynamo = new Dynamo({ nowMs: () => Date.now() });
const model = clientOver(async (request) => dynamo.handle(request));
const direct = directClient(async (request) => dynamo.handle(request));
const local = url === undefined ? undefined : localClient(url);

const SERVICES: readonly (readonly [string, DynamoDBClient | undefined])[] = [
  ["the model of DynamoDB", model],
  ["the model of DynamoDB, past the AWS SDK", direct],
  [`DynamoDB Local${local ? "" : " (skipped: npm run test:dynamodb-local runs it)"}`, local],
];

describe.each(SERVICES)("%s", (_name, client) => {
  describe.skipIf(client === undefined)("as a service", () => {
    const clientOf = () => client ?? model;
    describeWrites(clientOf);
    describeReads(clientOf, { byTheBook: client !== local });
    describeTransactions(clientOf, { byTheBook: client !== local });
  });
});
