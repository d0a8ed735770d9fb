import { type IResource, Stack, Token } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { RunWatchdogProps } from "../run-watchdog-props.ts";

/**
 * Throws at the first thing that is given and lies where the watchdog can't reach it: its function asks for all of it in its
 * own region, and for tables by their names, so in its own account. What only the deployment knows is left to it.
 */
export function checkAdopted(scope: Construct, props: RunWatchdogProps): void {
  const { stateTable, auditTable, checkpointLog, stopTopic, encryptionKey } = props;
  const { apifyTokenSecret, apifyTokenParameter, eventBus } = props;
  const { slackSecret, slackParameter, webhookSecret, webhookParameter } = props;
  const secrets = { apifyTokenSecret, slackSecret, webhookSecret };
  const parameters = { apifyTokenParameter, slackParameter, webhookParameter };
  const given = {
    stateTable,
    auditTable,
    checkpointLog,
    stopTopic,
    encryptionKey,
    eventBus,
    ...secrets,
    ...parameters,
  };
  for (const [name, resource] of Object.entries(given)) checkPlace(scope, "region", name, resource);
  for (const [name, resource] of Object.entries({ stateTable, auditTable, checkpointLog })) {
    checkPlace(scope, "account", name, resource);
  }
  const createsTable = stateTable === undefined || auditTable === undefined;
  if (encryptionKey && createsTable && Token.isUnresolved(Stack.of(scope).region)) {
    throw new Error(
      'encryptionKey takes a stack whose region is known, for its tables are encrypted by region: give the stack env: { region: "eu-west-1" }, or yours',
    );
  }
  if (stateTable && auditTable && stateTable.tableName === auditTable.tableName) {
    throw new Error(
      `stateTable and auditTable must be two tables, got "${stateTable.tableName}" for both: their keys differ`,
    );
  }
  if (stopTopic?.fifo) {
    throw new Error(`stopTopic must be a standard topic, got the FIFO topic "${stopTopic.topicName}"`);
  }
}

function checkPlace(
  scope: Construct,
  kind: "region" | "account",
  name: string,
  resource: IResource | undefined,
): void {
  const [theirs, ours] = [resource?.env[kind], Stack.of(scope)[kind]];
  if (theirs === undefined || theirs === ours || Token.isUnresolved(theirs) || Token.isUnresolved(ours))
    return;
  throw new Error(
    `${name} is in ${kind} ${theirs} and the stack in ${ours}: give one in the ${kind} of the stack`,
  );
}
