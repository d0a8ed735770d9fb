import { consumedBy, readUnits } from "../capacity.ts";
import { invalid, onlyFields } from "../errors.ts";
import { checkBareKey } from "../schema.ts";
import { type Item, sizeOf } from "../values.ts";
import { type Done, type Scene, tableOf } from "./operation.ts";
import { cancelled } from "./transact.ts";

type Get = { readonly TableName: string; readonly Key: Item };
type TransactGetInput = {
  readonly TransactItems: readonly { readonly Get: Get }[];
  readonly ReturnConsumedCapacity?: string;
};

const MAX_ACTIONS = 100;

/**
 * API reference: TransactGetItems. Rejected "if … there is an ongoing TransactWriteItems operation that conflicts with a
 * concurrent TransactGetItems request"; otherwise the items as they stand between transactions, in the order asked for.
 */
export function transactGetItems(scene: Scene, input: TransactGetInput): Done {
  onlyFields("TransactGetItems", input, ["TransactItems", "ReturnConsumedCapacity"]);
  const { TransactItems: parts } = input;
  if (parts.length === 0 || parts.length > MAX_ACTIONS) throw invalid(`1 to ${MAX_ACTIONS} items`);
  const slots = parts.map(({ Get: get, ...others }) => {
    onlyFields("a part of TransactGetItems", others, []);
    onlyFields("Get", get, ["TableName", "Key"]);
    const table = tableOf(scene, get.TableName);
    return { name: get.TableName, slot: table.slotOf(checkBareKey(table.schema, get.Key)) };
  });
  const { nowMs } = scene;
  if (slots.some(({ slot }) => slot.busyUntilMs > nowMs)) {
    throw cancelled(
      slots.map(({ slot }) => ({ Code: slot.busyUntilMs > nowMs ? "TransactionConflict" : "None" })),
    );
  }
  const units = new Map<string, number>();
  const responses = slots.map(({ name, slot }) => {
    const item = slot.asOf(nowMs, nowMs);
    // "two underlying reads of each item in the transaction" (guide).
    units.set(name, (units.get(name) ?? 0) + 2 * readUnits(item ? sizeOf(item) : 0, true));
    return item ? { Item: item } : {};
  });
  return { output: { Responses: responses, ...consumedBy(input, units) } };
}
