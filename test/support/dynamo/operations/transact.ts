import { consumedBy, readUnits, writeUnits } from "../capacity.ts";
import { invalid, NotModelled, onlyFields, ServiceError } from "../errors.ts";
import { type Item, sizeOf } from "../values.ts";
import { type Change, type ChangeInput, type ChangeKind, changeOf } from "./change.ts";
import type { Done, Scene } from "./operation.ts";
import { TransactionTokens } from "./transaction-tokens.ts";

type TransactInput = {
  readonly TransactItems: readonly Partial<Record<ChangeKind, ChangeInput>>[];
  readonly ClientRequestToken?: string;
  readonly ReturnConsumedCapacity?: string;
};
type Reason = { readonly Code: string; readonly Message?: string; readonly Item?: Item };

/** "TransactWriteItems … up to 100 write actions … The aggregate size of the items … cannot exceed 4 MB" (guide). */
const MAX_ACTIONS = 100;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * API reference: TransactWriteItems; guide: "Amazon DynamoDB Transactions: How it works". All of it or nothing, decided
 * at one instant. While it is at work its items are busy for other writers, and readers see each new value from an
 * instant of its own on; all of them when it is answered.
 */
export class Transactions {
  readonly #tokens = new TransactionTokens();

  readonly write = (scene: Scene, input: TransactInput): Done => {
    onlyFields("TransactWriteItems", input, [
      "TransactItems",
      "ClientRequestToken",
      "ReturnConsumedCapacity",
    ]);
    const changes = input.TransactItems.map((part) => partOf(scene, part));
    checkWhole(changes);
    const finished = this.#tokens.find(scene.nowMs, input);
    if (finished) return { output: consumedBy(input, finished.units) };
    const done = commit(scene, changes, input.ReturnConsumedCapacity);
    this.#tokens.remember(scene.nowMs + done.tookMs, input, done.readAgain);
    return { output: done.output, tookMs: done.tookMs };
  };
}

function partOf(scene: Scene, part: TransactInput["TransactItems"][number]): Change {
  const [[kind, input] = [], ...others] = Object.entries(part);
  if (input === undefined || others.length > 0)
    throw invalid("TransactItems can only contain one of Check, Put, Update or Delete");
  if (kind !== "Put" && kind !== "Update" && kind !== "Delete")
    throw new NotModelled(`${kind} in a transaction`);
  return changeOf(scene, kind, input);
}

function checkWhole(changes: readonly Change[]): void {
  if (changes.length === 0 || changes.length > MAX_ACTIONS)
    throw invalid(
      `Member must have length less than or equal to ${MAX_ACTIONS} and greater than or equal to 1`,
    );
  if (new Set(changes.map(({ slot }) => slot)).size < changes.length)
    throw invalid("Transaction request cannot include multiple operations on one item");
}

function commit(scene: Scene, changes: readonly Change[], wish: string | undefined) {
  const { nowMs, latitude } = scene;
  const tried = changes.map((change) => attempt(change, nowMs));
  if (tried.some(({ reason }) => reason))
    throw cancelled(tried.map(({ reason }) => reason ?? { Code: "None" }));
  const bytes = tried.map(({ before, next }) => Math.max(sizeIn(before), sizeIn(next)));
  if (bytes.reduce((all, each) => all + each, 0) > MAX_BYTES)
    throw invalid("Transaction request size has exceeded the maximum allowed size");
  const tookMs = latitude.transactionMs();
  const units = new Map<string, number>();
  const readAgain = new Map<string, number>();
  for (const [index, { table, slot }] of changes.entries()) {
    const { next, before } = tried[index] ?? {};
    const fromMs = nowMs + Math.round(latitude.random() * tookMs);
    slot.busyUntilMs = nowMs + tookMs;
    table.write(slot, next, { nowMs, fromMs });
    const size = bytes[index] ?? 0;
    // Each item is written twice, "once to prepare … and once to commit"; a repetition reads it.
    count(units, table.schema.name, 2 * writeUnits(size, table.indexesOf(next ?? before).length));
    count(readAgain, table.schema.name, 2 * readUnits(size, true));
  }
  return { output: consumedBy({ ...(wish && { ReturnConsumedCapacity: wish }) }, units), tookMs, readAgain };
}

const sizeIn = (item: Item | undefined): number => (item ? sizeOf(item) : 0);
const count = (units: Map<string, number>, table: string, more: number) =>
  units.set(table, (units.get(table) ?? 0) + more);

/** "Validation Error … The provided expression refers to an attribute that does not exist" (API: CancellationReason). */
type Attempt = {
  readonly before?: Item | undefined;
  readonly next?: Item | undefined;
  readonly reason?: Reason;
};

function attempt({ slot, isMet, next, showsItem }: Change, nowMs: number): Attempt {
  if (slot.busyUntilMs > nowMs)
    return { reason: { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" } };
  const before = slot.asOf(nowMs, nowMs);
  if (!isMet(before)) {
    const Item = showsItem && before ? { Item: before } : {};
    return { reason: { Code: "ConditionalCheckFailed", Message: "The conditional request failed", ...Item } };
  }
  try {
    return { before, next: next(before) };
  } catch (error) {
    if (error instanceof ServiceError) return { reason: { Code: "ValidationError", Message: error.message } };
    throw error;
  }
}

/** Reasons stand in the order of the items, "None" for one that would have been fine. */
export function cancelled(reasons: readonly Reason[]): ServiceError {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new ServiceError("TransactionCanceledException", message, { CancellationReasons: reasons });
}
