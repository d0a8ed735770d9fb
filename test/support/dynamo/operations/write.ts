import { consumed, writeUnits } from "../capacity.ts";
import { ServiceError } from "../errors.ts";
import { sizeOf } from "../values.ts";
import { type ChangeInput, type ChangeKind, changeOf } from "./change.ts";
import type { Done, Scene } from "./operation.ts";

type WriteInput = ChangeInput & { readonly ReturnConsumedCapacity?: string };

/** API reference: PutItem, UpdateItem, DeleteItem: one item, at one instant. They return no values here. */
export const write =
  (kind: ChangeKind) =>
  (scene: Scene, input: WriteInput): Done => {
    const { nowMs } = scene;
    const { table, slot, ...change } = changeOf(scene, kind, input, ["ReturnConsumedCapacity"]);
    // API reference, TransactionConflictException: "rejected because there is an ongoing transaction for the item".
    if (slot.busyUntilMs > nowMs)
      throw new ServiceError("TransactionConflictException", "Transaction is ongoing for the item");
    const before = slot.asOf(nowMs, nowMs);
    if (!change.isMet(before)) {
      throw new ServiceError("ConditionalCheckFailedException", "The conditional request failed", {
        ...(change.showsItem && before && { Item: before }),
      });
    }
    const next = change.next(before);
    table.write(slot, next, { nowMs, fromMs: nowMs });
    const bytes = Math.max(before ? sizeOf(before) : 0, next ? sizeOf(next) : 0);
    return {
      output: consumed(input, input.TableName, writeUnits(bytes, table.indexesOf(next ?? before).length)),
    };
  };
