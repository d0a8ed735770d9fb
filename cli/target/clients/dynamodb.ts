/** What is used of the client, named here so that the bundle has nothing else of it: an `import()` of a package takes all. */
export { DynamoDBClient } from "@aws-sdk/client-dynamodb";
