import { consumed, consumedBy, readUnits } from "../capacity.ts";
import { invalid, onlyFields, ServiceError } from "../errors.ts";
import { Bindings } from "../expressions/bindings.ts";
import { pick, projected } from "../expressions/projection.ts";
import { checkBareKey } from "../schema.ts";
import { type Item, sizeOf } from "../values.ts";
import { type Done, readAtMs, type Scene, tableOf } from "./operation.ts";

type GetInput = {
  readonly TableName: string;
  readonly Key: Item;
  readonly ConsistentRead?: boolean;
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ReturnConsumedCapacity?: string;
};

const PROJECTION = ["ProjectionExpression", "ExpressionAttributeNames"];
const GET = ["TableName", "Key", "ConsistentRead", "ReturnConsumedCapacity", ...PROJECTION];

/** API reference: GetItem. "If there is no matching item, GetItem does not return any data and there will be no Item". */
export function getItem(scene: Scene, input: GetInput): Done {
  onlyFields("GetItem", input, GET);
  const { TableName, ConsistentRead = false } = input;
  const table = tableOf(scene, TableName);
  const names = projectionOf(input);
  const slot = table.slotOf(checkBareKey(table.schema, input.Key));
  const item = slot.asOf(readAtMs(scene, ConsistentRead), scene.nowMs);
  const units = readUnits(item ? sizeOf(item) : 0, ConsistentRead);
  return { output: { ...(item && { Item: pick(item, names) }), ...consumed(input, TableName, units) } };
}

export function projectionOf(input: Omit<GetInput, "Key" | "TableName">): readonly string[] | undefined {
  const bindings = new Bindings(input);
  const names = input.ProjectionExpression && projected(input.ProjectionExpression, bindings);
  bindings.checkUsed();
  return names || undefined;
}

type BatchInput = {
  readonly RequestItems: Readonly<
    Record<string, { readonly Keys: readonly Item[]; readonly ConsistentRead?: boolean }>
  >;
  readonly ReturnConsumedCapacity?: string;
};

const MAX_KEYS = 100;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * API reference: BatchGetItem. At most 100 keys and 16 MB; what does not fit, or was throttled, is in UnprocessedKeys.
 * "DynamoDB does not return items in any particular order": here in that of the keys, reversed.
 */
export function batchGetItem(scene: Scene, input: BatchInput): Done {
  onlyFields("BatchGetItem", input, ["RequestItems", "ReturnConsumedCapacity"]);
  const requests = Object.entries(input.RequestItems);
  const count = requests.reduce((all, [, { Keys }]) => all + Keys.length, 0);
  if (count > MAX_KEYS) throw invalid("Too many items requested for the BatchGetItem call");
  const found: Record<string, readonly Item[]> = {};
  const left: Record<string, object> = {};
  const units = new Map<string, number>();
  let bytes = 0;
  for (const [name, request] of requests) {
    onlyFields("a table of BatchGetItem", request, ["Keys", "ConsistentRead"]);
    const { Keys, ConsistentRead = false } = request;
    const table = tableOf(scene, name);
    const slots = new Set(Keys.map((key) => table.slotOf(checkBareKey(table.schema, key))));
    if (slots.size < Keys.length) throw invalid("Provided list of item keys contains duplicates");
    const open: Item[] = [];
    const items: Item[] = [];
    for (const [index, slot] of [...slots].entries()) {
      const item = slot.asOf(readAtMs(scene, ConsistentRead, index / slots.size), scene.nowMs);
      const size = item ? sizeOf(item) : 0;
      if (bytes + size > MAX_BYTES || scene.latitude.leavesKey()) {
        open.push(slot.key);
        continue;
      }
      bytes += size;
      units.set(name, (units.get(name) ?? 0) + readUnits(size, ConsistentRead));
      if (item) items.push(item);
    }
    found[name] = items.toReversed();
    if (open.length === count && open.length > 0) throw throttled();
    if (open.length > 0) left[name] = { ...request, Keys: open };
  }
  return { output: { Responses: found, UnprocessedKeys: left, ...consumedBy(input, units) } };
}

/** "If none of the items can be processed due to insufficient provisioned throughput". */
const throttled = (): ServiceError =>
  new ServiceError(
    "ProvisionedThroughputExceededException",
    "The level of configured provisioned throughput for the table was exceeded",
  );
