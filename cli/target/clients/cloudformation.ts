/** What is used of the client, named here so that the bundle has nothing else of it: an `import()` of a package takes all. */
export { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
