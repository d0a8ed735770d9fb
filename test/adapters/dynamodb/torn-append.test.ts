import { beforeEach, describe, expect, it } from "vitest";
import { createDynamoStores } from "../../../src/adapters/dynamodb/stores.ts";
import { createTables } from "../../../src/adapters/dynamodb/tables.ts";
import { appendOnce, readChain } from "../../../src/watchdog/audit/append.ts";
import type { AuditStore } from "../../../src/watchdog/model/ports.ts";
import { clientOver } from "../../support/dynamo/client.ts";
import { Dynamo } from "../../support/dynamo/dynamo.ts";
import { PROMPT } from "../../support/dynamo/latitude.ts";
import { CHAIN, draft } from "../../watchdog/audit/chains.ts";

/** The parts of an append become visible one by one, and all of them when it is answered. */
describe("while another writer's append is at work and its head shows before its entry", () => {
  const TAKES_MS = 100;
  let nowMs: number;
  let ports: { readonly account: string; readonly audit: AuditStore };
  beforeEach(async () => {
    nowMs = Date.parse("2026-11-25T12:00:00Z");
    const latitude = { ...PROMPT };
    const dynamo = new Dynamo({ nowMs: () => nowMs, latitude });
    const client = clientOver(async (request) => dynamo.handle(request));
    await createTables(client, { stateTable: "state", auditTable: "audit" });
    const sleep = async (ms: number) => {
      nowMs += ms;
    };
    const { audit } = createDynamoStores({
      client,
      stateTable: "state",
      auditTable: "audit",
      account: "acme",
      random: () => 0.9,
      sleep,
    });
    ports = { account: "acme", audit };
    const shares = [0.9, 0.1];
    latitude.transactionMs = () => TAKES_MS;
    latitude.random = () => shares.shift() ?? 0;
    await appendOnce(ports, CHAIN, draft(1));
    latitude.transactionMs = () => 0;
    nowMs += TAKES_MS / 2;
  });

  it("the same fact is not written again", async () => {
    expect(await ports.audit.readHead(CHAIN)).toMatchObject({ sequence: 1 });
    expect(await ports.audit.readChain(CHAIN)).toEqual([]);
    expect(await appendOnce(ports, CHAIN, draft(1))).toMatchObject({ kind: "already" });
    expect(await ports.audit.readChain(CHAIN)).toHaveLength(1);
  });

  it("another goes behind it", async () => {
    expect(await appendOnce(ports, CHAIN, draft(2))).toEqual({ kind: "appended" });
    const { entries } = await readChain(ports, CHAIN);
    expect(entries.map(({ entryId, sequence }) => [entryId, sequence])).toEqual([
      ["entry1", 1],
      ["entry2", 2],
    ]);
  });
});
