import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { auditTable, stateTable, stateTableExpiry } from "./table.ts";

const MAX_WAIT_SECS = 30;

/**
 * Creates both tables as they are deployed, the audit's without its stream where nothing reads it: an engine that keeps what
 * it carried would write each entry more slowly than the one before. Tables that are already there are left as they are.
 */
export async function createTables(
  client: DynamoDBClient,
  names: { readonly stateTable: string; readonly auditTable: string },
  { hasReader = true }: { readonly hasReader?: boolean } = {},
): Promise<void> {
  const isNew = await createTable(client, stateTable(names.stateTable));
  if (isNew) await client.send(new UpdateTimeToLiveCommand(stateTableExpiry(names.stateTable)));
  const { StreamSpecification, ...audit } = auditTable(names.auditTable);
  await createTable(client, { ...audit, ...(hasReader && { StreamSpecification }) });
}

async function createTable(client: DynamoDBClient, input: CreateTableCommandInput): Promise<boolean> {
  try {
    await client.send(new CreateTableCommand(input));
  } catch (error) {
    if (error instanceof ResourceInUseException) return false;
    throw error;
  }
  const wait = { client, maxWaitTime: MAX_WAIT_SECS, minDelay: 0.02, maxDelay: 1 };
  await waitUntilTableExists(wait, { TableName: input.TableName });
  return true;
}
