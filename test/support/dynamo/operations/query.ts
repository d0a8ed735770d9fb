import { consumed, readUnits } from "../capacity.ts";
import { invalid, NotModelled, onlyFields } from "../errors.ts";
import { Bindings } from "../expressions/bindings.ts";
import { type Condition, checkBounds, holds, parseCondition } from "../expressions/condition.ts";
import { pick, projected } from "../expressions/projection.ts";
import { type Keys, sortText } from "../schema.ts";
import type { Slot } from "../slot.ts";
import type { Table } from "../table.ts";
import { type Item, sizeOf, type Value } from "../values.ts";
import { type Done, readAtMs, type Scene, tableOf } from "./operation.ts";

type ScanInput = {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly FilterExpression?: string;
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly ExclusiveStartKey?: Item;
  readonly ConsistentRead?: boolean;
  readonly Limit?: number;
  readonly ReturnConsumedCapacity?: string;
};
type QueryInput = ScanInput & {
  readonly KeyConditionExpression: string;
  readonly ScanIndexForward?: boolean;
};

const SCAN = [
  ...["TableName", "FilterExpression", "ProjectionExpression", "ExclusiveStartKey", "Limit"],
  ...["ExpressionAttributeNames", "ExpressionAttributeValues", "ConsistentRead", "ReturnConsumedCapacity"],
];
const QUERY = [...SCAN, "IndexName", "KeyConditionExpression", "ScanIndexForward"];

/** "A single Query operation can retrieve a maximum of 1 MB of data", before the filter; a Scan too. */
const MAX_PAGE_BYTES = 1024 * 1024;

/** API reference: Query, of a table or of a global secondary index. */
export function query(scene: Scene, input: QueryInput): Done {
  onlyFields("Query", input, QUERY);
  const table = tableOf(scene, input.TableName);
  const { IndexName, ConsistentRead = false } = input;
  const keys = IndexName === undefined ? table.schema.keys : table.schema.indexes.get(IndexName);
  if (keys === undefined) throw invalid("The table does not have the specified index");
  if (IndexName !== undefined && ConsistentRead)
    throw invalid("Consistent reads are not supported on global secondary indexes");
  const bindings = new Bindings(input);
  const { tree, placeholders } = parseCondition(input.KeyConditionExpression);
  bindings.use(placeholders);
  checkBounds(tree, bindings);
  const hash = hashIn(tree, keys, bindings);
  const items =
    IndexName === undefined
      ? itemsOf(scene, [...table.partition(hash)], ConsistentRead)
      : indexItems(scene, table, keys, hash);
  const matching = items.filter((item) => holds(tree, item, bindings));
  const direction = input.ScanIndexForward === false ? -1 : 1;
  return page(input, direction === 1 ? matching : matching.toReversed(), {
    table,
    keys,
    bindings,
    direction,
  });
}

/** A key condition is `hash = :value`, alone or AND one condition on the sort key. */
function hashIn(condition: Condition, keys: Keys, bindings: Bindings): Value {
  const parts = condition.kind === "and" ? [condition.left, condition.right] : [condition];
  const [hash, sort] = parts.toSorted((a) => ("name" in a && bindings.name(a.name) === keys.hash ? -1 : 1));
  const isFine = (part: Condition | undefined, name: string) =>
    part !== undefined && "name" in part && bindings.name(part.name) === name;
  if (hash?.kind !== "=" || !isFine(hash, keys.hash) || (sort && !isFine(sort, keys.range)))
    throw invalid("Query condition missed key schema element, or is not supported");
  if (sort?.kind === "exists" || sort?.kind === "missing")
    throw invalid("Invalid operator used in KeyConditionExpression");
  return bindings.value(hash.value);
}

/** Item after item is read, and others write meanwhile: a query is no snapshot (guide: "Transaction isolation levels"). */
function itemsOf(scene: Scene, slots: readonly Slot[], isConsistent: boolean): readonly Item[] {
  const last = Math.max(1, slots.length - 1);
  return slots.flatMap(
    (slot, index): Item | readonly Item[] =>
      slot.asOf(readAtMs(scene, isConsistent, index / last), scene.nowMs) ?? [],
  );
}

/** Each item of an index lags by itself: a later one may be there before an earlier one. */
function indexItems({ nowMs, latitude }: Scene, table: Table, keys: Keys, hash: Value): readonly Item[] {
  const wanted = sortText(hash);
  const items = [...table.all()].flatMap((slot: Slot): Item | readonly Item[] => {
    const item = slot.asOf(nowMs - latitude.indexLagMs(), nowMs);
    return item?.[keys.range] && sortText(item[keys.hash]) === wanted ? item : [];
  });
  return inOrder(items, table, keys);
}

const inOrder = (items: readonly Item[], table: Table, keys: Keys): readonly Item[] =>
  items
    .map((item) => ({ item, place: placeOf(table, keys, item) }))
    .sort((a, b) => order(a.place, b.place))
    .map(({ item }) => item);

const placeOf = ({ schema }: Table, keys: Keys, item: Item): readonly string[] =>
  [keys.hash, keys.range, schema.keys.hash, schema.keys.range].map((name) => sortText(item[name]));

function order(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : (a[at] ?? "") < (b[at] ?? "") ? -1 : 1;
}

/** API reference: Scan, of a table. Partitions come in no order; the items of one ascend. */
export function scan(scene: Scene, input: ScanInput): Done {
  onlyFields("Scan", input, SCAN);
  const table = tableOf(scene, input.TableName);
  const { ConsistentRead = false } = input;
  const { keys } = table.schema;
  const items = inOrder(itemsOf(scene, [...table.all()], ConsistentRead), table, keys);
  return page(input, items, { table, keys, bindings: new Bindings(input), direction: 1 });
}

type Around = {
  readonly table: Table;
  readonly keys: Keys;
  readonly bindings: Bindings;
  readonly direction: 1 | -1;
};

/** From the start key on, as much as a page holds, and of that what the filter leaves. */
function page(input: ScanInput, all: readonly Item[], { table, keys, bindings, direction }: Around): Done {
  const {
    TableName,
    FilterExpression,
    ProjectionExpression,
    ExclusiveStartKey,
    Limit,
    ConsistentRead = false,
  } = input;
  if (Limit !== undefined && !(Limit >= 1)) throw new NotModelled(`Limit ${Limit}`);
  const filter = FilterExpression === undefined ? undefined : parseCondition(FilterExpression);
  if (filter) bindings.use(filter.placeholders);
  if (filter) checkBounds(filter.tree, bindings);
  const names = ProjectionExpression === undefined ? undefined : projected(ProjectionExpression, bindings);
  bindings.checkUsed();
  const start = ExclusiveStartKey && placeOf(table, keys, ExclusiveStartKey);
  const left = start ? all.filter((item) => direction * order(placeOf(table, keys, item), start) > 0) : all;
  let bytes = 0;
  let count = 0;
  for (const item of left) {
    const size = sizeOf(item);
    if (count > 0 && bytes + size > MAX_PAGE_BYTES) break;
    if (count === Limit) break;
    bytes += size;
    count += 1;
  }
  const read = left.slice(0, count);
  const items = filter ? read.filter((item) => holds(filter.tree, item, bindings)) : read;
  const last = read.at(-1);
  const isCut = count < left.length || count === Limit;
  const keyNames = [...new Set([table.schema.keys.hash, table.schema.keys.range, keys.hash, keys.range])];
  return {
    output: {
      Items: items.map((item) => pick(item, names)),
      Count: items.length,
      ScannedCount: read.length,
      ...(isCut && last && { LastEvaluatedKey: pick(last, keyNames) }),
      ...consumed(input, TableName, readUnits(bytes, ConsistentRead)),
    },
  };
}
