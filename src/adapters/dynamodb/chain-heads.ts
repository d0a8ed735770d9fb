import type { Update } from "@aws-sdk/client-dynamodb";
import { type Head, isBudgetChain } from "../../watchdog/model/entry.ts";
import type { Connection } from "./connection.ts";
import { fromItem, headAttributes, headOf, namesIn, toItem } from "./items.ts";
import { itemsOf } from "./pages.ts";
import { readStateItem } from "./state-item.ts";
import { BUDGETS, type BudgetHeadItem, expiryOf, RUNS } from "./table.ts";

/**
 * Where the chains of runs and of budgets stand. An item of the state table has the chain's own name for its sort key: a
 * run's is that of its record, a budget's holds nothing else. The control chain's head is in the control item.
 */

export function headUpdate(connection: Connection, chain: string, head: Head, at: Date): Update {
  const { headSequence, headHash } = headAttributes(head);
  // A run's item expires with its record.
  const expiry = isBudgetChain(chain) && { ":expiresAt": expiryOf(at) };
  const expression = `SET #headSequence = :headSequence, #headHash = :headHash${expiry ? ", #expiresAt = :expiresAt" : ""}`;
  return {
    TableName: connection.stateTable,
    Key: toItem(connection.stateKey(chain)),
    UpdateExpression: expression,
    ExpressionAttributeNames: namesIn(expression),
    ExpressionAttributeValues: toItem({ ":headSequence": headSequence, ":headHash": headHash, ...expiry }),
  };
}

export async function readChainHead(connection: Connection, chain: string): Promise<Head | undefined> {
  const item = await readStateItem(connection, chain);
  return item && headOf(fromItem<BudgetHeadItem>(item));
}

/** The heads of all chains of runs, then of budgets. */
export async function* chainHeads(connection: Connection): AsyncGenerator<{ chain: string; head: Head }> {
  for (const prefix of [RUNS, BUDGETS]) {
    const projection = "#sk, #headSequence, #headHash";
    const query = {
      TableName: connection.stateTable,
      KeyConditionExpression: "#pk = :account AND begins_with(#sk, :prefix)",
      ProjectionExpression: projection,
      ExpressionAttributeNames: namesIn("#pk", projection),
      ExpressionAttributeValues: toItem({ ":account": connection.account, ":prefix": prefix }),
      ConsistentRead: true,
    };
    for await (const attributes of itemsOf(connection, query)) {
      const item = fromItem<BudgetHeadItem>(attributes);
      const head = headOf(item);
      if (head) yield { chain: String(item.sk), head };
    }
  }
}
