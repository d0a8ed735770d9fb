import { beforeEach, describe, expect, it } from "vitest";
import { createDynamoStores } from "../../../src/adapters/dynamodb/stores.ts";
import { auditTable, stateTable } from "../../../src/adapters/dynamodb/table.ts";
import type { Cell } from "../../../src/policy/index.ts";
import type { AuditStore, StateStore } from "../../../src/watchdog/model/ports.ts";
import { controlState, EXEMPTION, ledgerWrite, sealed } from "../../contracts/samples.ts";
import { directClient } from "../../support/dynamo/direct-client.ts";
import { Dynamo } from "../../support/dynamo/dynamo.ts";
import { type Latitude, PROMPT } from "../../support/dynamo/latitude.ts";
import { ACCOUNT, TABLES } from "./support.ts";

/** Longer than a read takes, shorter than the reader is ready to wait. */
const TRANSACTION_MS = 20;
const HOUR = { from: "2026-11-24T12", to: "2026-11-24T12" };

const sumOf = (cells: readonly Cell[]): number => cells.reduce((sum, { microUsd }) => sum + microUsd, 0);

/** A DynamoDB whose time passes only where the adapter waits, and in which each item of a transaction comes when it wants. */
describe("reads while a transaction is at work", () => {
  let nowMs: number;
  let latitude: { -readonly [K in keyof Latitude]: Latitude[K] };
  let state: StateStore;
  let audit: AuditStore;
  let requests = 0;
  let onRequest: (() => Promise<void>) | undefined;
  beforeEach(() => {
    nowMs = Date.parse("2026-11-24T12:00:00Z");
    latitude = { ...PROMPT };
    const dynamo = new Dynamo({ nowMs: () => nowMs, latitude });
    dynamo.handle({ operation: "CreateTable", input: stateTable(TABLES.stateTable) });
    dynamo.handle({ operation: "CreateTable", input: auditTable(TABLES.auditTable) });
    const sleep = async (ms: number) => {
      nowMs += ms;
    };
    onRequest = undefined;
    const client = directClient(async (request) => {
      requests += 1;
      await onRequest?.();
      return dynamo.handle(request);
    });
    ({ state, audit } = createDynamoStores({ client, ...TABLES, account: ACCOUNT, random: () => 1, sleep }));
  });

  /** Its items are to be seen in the order in which they were written, one after another, or the other way round. */
  const inOrder = (order: "forwards" | "backwards") => {
    latitude.transactionMs = () => TRANSACTION_MS;
    let shown = order === "forwards" ? -0.2 : 1.2;
    latitude.random = () => {
      shown += order === "forwards" ? 0.2 : -0.2;
      return Math.min(1, Math.max(0, shown));
    };
  };

  const orders = ["forwards", "backwards"] as const;
  const moments = Array.from({ length: TRANSACTION_MS + 1 }, (_, ms) => ms);

  it.each(orders)("never show a grant's control state without its exemption (%s)", async (order) => {
    await state.writeControl(controlState(), 0);
    inOrder(order);
    const control = { next: controlState({ revision: 1 }), expectedVersion: 1 };
    const exemption = { put: EXEMPTION } as const;
    const grantedMs = nowMs;
    await audit.append({ sealed: sealed(ACCOUNT), control, exemption });
    const seen = new Set<number>();
    for (const ms of moments) {
      nowMs = grantedMs + ms;
      const { version, exemptions } = await state.readControl();
      seen.add(version);
      const protects = exemptions.some(({ subject }) => subject?.id === EXEMPTION.subject.id);
      expect({ ms, version, protects }).toEqual({ ms, version, protects: version === 2 || protects });
    }
    expect(seen).toContain(2);
  });

  it.each(orders)("never show some cells of a recording and not the others (%s)", async (order) => {
    const spans = [HOUR, { from: "2026-11-24", to: "2026-11-24" }];
    const seen = new Set<string>();
    /** Reads while a recording begins before the nth request of the read, which began so many ms before. */
    const readAround = async (nth: number, ms: number) => {
      const id = `run ${nth} ${ms}`;
      const { recordings: before, cells: old } = await state.readSpend(spans);
      const write = () =>
        state.writeLedger(
          ["a", "b"].map((actorId) =>
            ledgerWrite({ id: `${id} ${actorId}`, actorId }, { spend: { [HOUR.from]: 5 } }),
          ),
        );
      inOrder(order);
      requests = 0;
      onRequest = async () => {
        if (requests !== nth) return;
        onRequest = undefined;
        await write();
        nowMs += ms;
      };
      const { cells, recordings } = await state.readSpend(spans);
      onRequest = undefined;
      seen.add(`${recordings - before} recordings, ${sumOf(cells) - sumOf(old)} µ$`);
      nowMs += TRANSACTION_MS;
    };
    for (let nth = 1; nth <= 4; nth++) for (const ms of moments) await readAround(nth, ms);
    expect(seen).toContain("1 recordings, 20 µ$");
    seen.delete("0 recordings, 0 µ$");
    expect([...seen]).toEqual(["1 recordings, 20 µ$"]);
  });

  it("show what was written a moment before, whatever a replica still has", async () => {
    latitude.staleMs = () => 1_000;
    await state.writeControl(controlState({ apifyUserId: "u" }), 0);
    await audit.append({ sealed: sealed(ACCOUNT) });
    await state.writeLedger([ledgerWrite({ id: "a" }, { spend: { [HOUR.from]: 5 } })]);
    await state.writeLedgerState({ ...(await state.readLedger()), completeSince: new Date(nowMs) });
    await state.writeLive({ ...(await state.readLive()), cursor: new Date(nowMs) });
    expect((await state.readControl()).version).toBe(1);
    expect(await audit.readChain("run#run-1")).toHaveLength(1);
    expect((await audit.readHead("run#run-1"))?.sequence).toBe(1);
    expect((await state.readRun("a"))?.version).toBe(1);
    expect(await state.readRuns(["a"])).toHaveLength(1);
    expect((await state.readSpend([HOUR])).recordings).toBe(1);
    expect((await state.readLedger()).version).toBe(1);
    expect((await state.readLive()).version).toBe(1);
  });
});
