import { invalid, NotModelled, onlyFields } from "../errors.ts";
import { Bindings } from "../expressions/bindings.ts";
import { type Condition, checkBounds, holds, parseCondition } from "../expressions/condition.ts";
import { checkUpdate, parseUpdate, updated } from "../expressions/update.ts";
import { checkBareKey } from "../schema.ts";
import type { Slot } from "../slot.ts";
import { isTooLarge, type Table } from "../table.ts";
import { checkValue, type Item } from "../values.ts";
import { type Scene, tableOf } from "./operation.ts";

/** What a write asks for, alone or as a part of a transaction. */
export type ChangeInput = {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly ReturnValuesOnConditionCheckFailure?: string;
};

/** A write that has been read and is well formed, and has yet to be tried. */
export type Change = {
  readonly table: Table;
  readonly slot: Slot;
  /** Returns the failed item with the condition's failure when this is asked for. */
  readonly showsItem: boolean;
  readonly isMet: (item: Item | undefined) => boolean;
  /** The item as it will be. Throws a ValidationException where it can't be so. */
  readonly next: (item: Item | undefined) => Item | undefined;
};

const FIELDS = [
  ...["TableName", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"],
  "ReturnValuesOnConditionCheckFailure",
];
const OWN_FIELDS = { Put: ["Item"], Update: ["Key", "UpdateExpression"], Delete: ["Key"] };
export type ChangeKind = keyof typeof OWN_FIELDS;

export function changeOf(
  scene: Scene,
  kind: ChangeKind,
  input: ChangeInput,
  more: readonly string[] = [],
): Change {
  onlyFields(kind, input, [...FIELDS, ...OWN_FIELDS[kind], ...more]);
  const { ReturnValuesOnConditionCheckFailure: shown = "NONE", Item: item, Key: key = {} } = input;
  if (shown !== "NONE" && shown !== "ALL_OLD")
    throw new NotModelled(`ReturnValuesOnConditionCheckFailure ${shown}`);
  const table = tableOf(scene, input.TableName);
  const bindings = new Bindings(input);
  const condition = conditionOf(input, bindings);
  const place = item ? table.keyOf(item) : checkBareKey(table.schema, key);
  const next =
    kind === "Put"
      ? put(table, item ?? {})
      : kind === "Update"
        ? update(table, input, bindings)
        : () => undefined;
  bindings.checkUsed();
  return {
    table,
    slot: table.slotOf(place),
    showsItem: shown === "ALL_OLD",
    isMet: (found) => condition === undefined || holds(condition, found, bindings),
    next,
  };
}

function conditionOf({ ConditionExpression: text }: ChangeInput, bindings: Bindings): Condition | undefined {
  if (text === undefined) return undefined;
  const { tree, placeholders } = parseCondition(text);
  bindings.use(placeholders);
  checkBounds(tree, bindings);
  return tree;
}

function put(table: Table, item: Item): Change["next"] {
  for (const value of Object.values(item)) checkValue(value);
  table.indexesOf(item);
  if (isTooLarge(item)) throw invalid("Item size has exceeded the maximum allowed size");
  return () => item;
}

/** "If the item doesn't exist, Update adds it" (API reference: UpdateItem). */
function update(
  table: Table,
  { Key = {}, UpdateExpression }: ChangeInput,
  bindings: Bindings,
): Change["next"] {
  if (UpdateExpression === undefined) throw new NotModelled("an update without UpdateExpression");
  const { tree, placeholders } = parseUpdate(UpdateExpression);
  bindings.use(placeholders);
  checkUpdate(tree, Object.keys(Key), bindings);
  return (found) => {
    const item = updated(tree, found ?? Key, bindings);
    table.indexesOf(item);
    if (isTooLarge(item)) throw invalid("Item size to update has exceeded the maximum allowed size");
    return item;
  };
}
