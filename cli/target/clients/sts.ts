/** What is used of the client, named here so that the bundle has nothing else of it: an `import()` of a package takes all. */
export { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
