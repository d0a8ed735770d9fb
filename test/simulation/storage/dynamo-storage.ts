import { createDynamoStores } from "../../../src/adapters/dynamodb/stores.ts";
import { auditTable, stateTable, stateTableExpiry } from "../../../src/adapters/dynamodb/table.ts";
import type { Sent } from "../../support/dynamo/client.ts";
import { directClient } from "../../support/dynamo/direct-client.ts";
import { Dynamo, type Response } from "../../support/dynamo/dynamo.ts";
import type { Process } from "../process/process.ts";
import type { Passage } from "../process/sending.ts";
import type { Weather } from "../process/weather.ts";
import type { Random } from "../random.ts";
import { ageItems } from "./dynamo-aged.ts";
import { rowsIn } from "./dynamo-rows.ts";
import { nameOf } from "./request-names.ts";
import type { Backup, Look, Rows, Storage, Stores } from "./storage.ts";

const TABLES = { stateTable: "state", auditTable: "audit" };

/** As the deployed function's client: a request that has no answer by then is given up, and may still arrive. */
const REQUEST_TIMEOUT_MS = 3_000;

type Sender = { readonly process: Process; readonly weather: Weather; readonly look: Look };

type Around = {
  readonly nowMs: () => number;
  readonly weather: Weather;
  readonly random: Random;
  readonly tell: (line: string) => void;
};

/** The real adapter on a model of DynamoDB: each of its requests is a call on the wire, and each may be a process's last. */
export class DynamoStorage implements Storage {
  readonly rows: Rows;
  readonly refused = new Map<string, number>();
  readonly #account: string;
  readonly #around: Around;
  readonly #dynamo: Dynamo;

  constructor(account: string, around: Around) {
    const { nowMs, weather, random } = around;
    this.#account = account;
    this.#around = around;
    this.#dynamo = new Dynamo({ nowMs, latitude: weather.latitude(random.fork("latitude")) });
    this.#setUp();
    this.rows = rowsIn(this.#dynamo, { account, ...TABLES });
  }

  backup(): Backup {
    const { tables } = this.#dynamo;
    const table = tables.get(TABLES.stateTable);
    const kept = new Map([...(table?.all() ?? [])].map((slot) => [slot, slot.decided]));
    return (what) => {
      const nowMs = this.#around.nowMs();
      for (const slot of table?.all() ?? []) {
        const isMeant = what === "table" || slot.key.sk?.S === "control";
        if (isMeant) table?.write(slot, kept.get(slot), { nowMs, fromMs: nowMs });
      }
    };
  }

  age(): void {
    const { tables } = this.#dynamo;
    const table = tables.get(TABLES.stateTable);
    if (table) ageItems(table, this.#around.nowMs());
  }

  stores(process: Process, weather: Weather, look: Look): Stores {
    const sender = { process, weather, look };
    return createDynamoStores({
      client: directClient((request) => {
        const passage = weather.store();
        return passage.upMs + passage.downMs < REQUEST_TIMEOUT_MS
          ? this.#send(request, sender, passage)
          : givenUp(process, (signal) => this.#send(request, sender, passage, signal));
      }),
      ...TABLES,
      account: this.#account,
      random: () => this.#around.random.next(),
      sleep: (ms) => process.sleep(ms),
    });
  }

  #send(request: Sent, { process, weather, look }: Sender, passage: Passage, signal?: AbortSignal) {
    const { nowMs } = this.#around;
    const what = nameOf(request);
    const leftMs = nowMs();
    return process.send<Response>({
      what,
      passage,
      ...(signal && { signal }),
      error: (fails) =>
        Object.assign(new Error("socket hang up"), {
          code: fails === "before" ? "ECONNREFUSED" : "ECONNRESET",
        }),
      effect: () => {
        const response = this.#dynamo.handle({
          ...request,
          sentMs: weather.readsFromMs(leftMs, nowMs()),
          ...weather.refusal(request.operation, nowMs()),
        });
        this.#note(response);
        look(process.id, what);
        return { value: Promise.resolve(response), lateMs: response.tookMs };
      },
    });
  }

  #note({ status, output }: Response): void {
    if (status === 200) return;
    const { __type = "", CancellationReasons = [] } = output as Refused;
    const type = __type.replace(/^.*#/, "");
    const reasons = new Set(CancellationReasons.map(({ Code }) => Code).filter((code) => code !== "None"));
    const how = [type, ...reasons].join(" ");
    this.refused.set(how, (this.refused.get(how) ?? 0) + 1);
    this.#around.tell(`  ${status} ${how}`);
  }

  #setUp(): void {
    const dynamo = this.#dynamo;
    dynamo.handle({ operation: "CreateTable", input: stateTable(TABLES.stateTable) });
    dynamo.handle({ operation: "UpdateTimeToLive", input: stateTableExpiry(TABLES.stateTable) });
    dynamo.handle({ operation: "CreateTable", input: auditTable(TABLES.auditTable) });
  }
}

type Refused = {
  readonly __type?: string;
  readonly CancellationReasons?: readonly { readonly Code: string }[];
};

/** What does not answer in time is left alone. */
async function givenUp(
  process: Process,
  travel: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const late = new AbortController();
  const answered = new AbortController();
  process.sleep(REQUEST_TIMEOUT_MS, answered.signal).then(() => {
    if (!answered.signal.aborted) late.abort();
  });
  try {
    return await travel(late.signal);
  } catch (error) {
    if (!late.signal.aborted) throw error;
    throw Object.assign(new Error(`no answer within ${REQUEST_TIMEOUT_MS} ms`), { name: "TimeoutError" });
  } finally {
    answered.abort();
  }
}
