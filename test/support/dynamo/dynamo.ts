import { NotModelled, ServiceError } from "./errors.ts";
import { type Refusal, refusal } from "./faults.ts";
import { type Latitude, PROMPT } from "./latitude.ts";
import { batchGetItem, getItem } from "./operations/get.ts";
import type { Done, Scene } from "./operations/operation.ts";
import { query, scan } from "./operations/query.ts";
import { createTable, describeTable, updateTimeToLive } from "./operations/tables.ts";
import { Transactions } from "./operations/transact.ts";
import { transactGetItems } from "./operations/transact-get.ts";
import { write } from "./operations/write.ts";
import type { Table } from "./table.ts";

/** A request of the JSON protocol: what `X-Amz-Target` names, and the body as it was parsed. Nobody changes it. */
export type Request = {
  readonly operation: string;
  readonly input: object;
  /** When its sender let it go; absent: now. */
  readonly sentMs?: number;
  /** The service refuses it before its effect, or, an internal error alone, after it. */
  readonly refused?: { readonly as: Refusal; readonly afterEffect?: boolean };
};
export type Response = {
  readonly status: number;
  /** The body, before it is written as JSON. Nobody changes it. */
  readonly output: object;
  /** How much later than its effect the answer is there. */
  readonly tookMs: number;
};

/** The caller is trusted to send what the operation takes, as far as its type goes; the rest is looked at. */
type Operation = (scene: Scene, input: never) => Done;

/**
 * A DynamoDB in this process, for tests: what the service documents of items, conditions and transactions, as far as it
 * is used here, and a refusal (`NotModelled`) of everything else. It knows nothing of the watchdog, so that it can't
 * share its misunderstandings; time and chance are its owner's.
 */
export class Dynamo {
  readonly tables = new Map<string, Table>();
  readonly #nowMs: () => number;
  readonly #latitude: Latitude;
  readonly #operations: ReadonlyMap<string, Operation>;

  constructor({ nowMs, latitude = PROMPT }: { readonly nowMs: () => number; readonly latitude?: Latitude }) {
    this.#nowMs = nowMs;
    this.#latitude = latitude;
    this.#operations = new Map<string, Operation>([
      ["CreateTable", createTable],
      ["DescribeTable", describeTable],
      ["UpdateTimeToLive", updateTimeToLive],
      ["GetItem", getItem],
      ["BatchGetItem", batchGetItem],
      ["Query", query],
      ["Scan", scan],
      ["PutItem", write("Put")],
      ["UpdateItem", write("Update")],
      ["DeleteItem", write("Delete")],
      ["TransactWriteItems", new Transactions().write],
      ["TransactGetItems", transactGetItems],
    ]);
  }

  /** Has the request's effect, now, and says what is answered. Throws `NotModelled`, and nothing else. */
  handle({ operation, input, sentMs, refused }: Request): Response {
    const perform = this.#operations.get(operation);
    if (perform === undefined) throw new NotModelled(`the operation ${operation}`);
    const { tables } = this;
    const nowMs = this.#nowMs();
    const latitude = this.#latitude;
    const refuse = (as: Refusal) => refusal(as, operation, input, latitude.random());
    try {
      if (refused && !refused.afterEffect) throw refuse(refused.as);
      const { output, tookMs = 0 } = perform(
        { tables, latitude, nowMs, sentMs: sentMs ?? nowMs },
        input as never,
      );
      if (refused) throw refuse(refused.as);
      return { status: 200, output, tookMs };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { type, message, status, more } = error;
      const __type = `com.amazonaws.dynamodb.v20120810#${type}`;
      return { status, output: { __type, message, ...more }, tookMs: 0 };
    }
  }
}
