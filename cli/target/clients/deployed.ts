/** All that looks at what is deployed, in one part of the bundle: a command that needs some of it needs the rest. */
export { functionFacts } from "../../../src/adapters/aws/functions.ts";
export { ringingFacts } from "../../../src/adapters/aws/ringing.ts";
export { outputsOfStacks } from "../../../src/adapters/aws/stacks.ts";
export { tableFacts } from "../../../src/adapters/aws/tables.ts";
export { createDynamoStores } from "../../../src/adapters/dynamodb/stores.ts";
export { DynamoDBClient } from "./dynamodb.ts";
