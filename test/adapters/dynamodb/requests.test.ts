import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budgetChain, runChain, seal } from "../../../src/watchdog/model/entry.ts";
import {
  collect,
  controlState,
  draft,
  EXEMPTION,
  headOf,
  later,
  ledgerWrite,
  liveRun,
  NOON,
  sealed,
} from "../../contracts/samples.ts";
import { type Engine, engineMissing } from "../../support/engines/engine.ts";
import { ACCOUNT, startTables, storesOver, TABLES } from "./support.ts";

type Sent = { readonly operation: string; readonly input: Record<string, unknown> };

const READS = ["GetItem", "BatchGetItem", "Query"];

describe.skipIf(engineMissing)(`requests to DynamoDB ${engineMissing ?? ""}`, () => {
  let engine: Engine;
  const sent: Sent[] = [];

  beforeAll(async () => {
    engine = await startTables();
    const client = engine.client();
    client.middlewareStack.add(
      (next, context) => (args) => {
        const operation = String(context.commandName).replace(/Command$/, "");
        sent.push({ operation, input: args.input as unknown as Record<string, unknown> });
        return next(args);
      },
      { step: "initialize", name: "recordRequests" },
    );
    await useEverything(storesOver(client));
  });
  afterAll(() => engine?.stop());

  it("write to the audit table only by TransactWriteItems, and there only by Put on condition that it is new", () => {
    const onAudit = sent.filter(({ input }) =>
      JSON.stringify(input).includes(`"TableName":"${TABLES.auditTable}"`),
    );
    const writes = onAudit.filter(({ operation }) => !READS.includes(operation));
    expect(writes.length).toBeGreaterThan(0);
    expect(new Set(writes.map(({ operation }) => operation))).toEqual(new Set(["TransactWriteItems"]));
    for (const { input } of writes) {
      for (const item of input.TransactItems as Record<
        string,
        { TableName?: string; ConditionExpression?: string }
      >[]) {
        for (const [kind, write] of Object.entries(item)) {
          if (write.TableName !== TABLES.auditTable) continue;
          expect([kind, write.ConditionExpression]).toEqual(["Put", "attribute_not_exists(#pk)"]);
        }
      }
    }
  });

  it("use no other operations than these", () => {
    expect([...new Set(sent.map(({ operation }) => operation))].toSorted()).toEqual([
      "BatchGetItem",
      "GetItem",
      "PutItem",
      "Query",
      "TransactWriteItems",
      "UpdateItem",
    ]);
  });

  it("ask in transactions for nothing but what the function's role may do", () => {
    const items = sent.flatMap(({ operation, input }) =>
      operation === "TransactWriteItems" ? (input.TransactItems as Record<string, unknown>[]) : [],
    );
    const kinds = new Set(items.flatMap((item) => Object.keys(item)));
    expect([...kinds].toSorted()).toEqual(["Delete", "Put", "Update"]);
  });

  it("read consistently, the index aside, and ask for the capacity", () => {
    for (const { operation, input } of sent) {
      expect(input.ReturnConsumedCapacity, operation).toBe("TOTAL");
      if (!READS.includes(operation) || input.IndexName) continue;
      expect(JSON.stringify(input), operation).toContain('"ConsistentRead":true');
    }
  });

  it("give every transaction a token of its own", () => {
    const tokens = sent.flatMap(({ operation, input }) =>
      operation === "TransactWriteItems" ? [input.ClientRequestToken] : [],
    );
    expect(tokens.every((token) => typeof token === "string" && token.length > 0)).toBe(true);
    expect(new Set(tokens).size).toBe(tokens.length);
  });
});

async function useEverything({ state, audit }: ReturnType<typeof storesOver>): Promise<void> {
  const first = sealed(ACCOUNT, undefined, {}, "control");
  await audit.append({
    sealed: first,
    control: { next: controlState(), expectedVersion: 0 },
    policy: { version: 1, document: {} },
    exemption: { put: EXEMPTION },
  });
  await audit.append({
    sealed: sealed(ACCOUNT, headOf(first), { entryId: "entry-2" }, "control"),
    control: { next: controlState(), expectedVersion: 1 },
    exemption: { remove: EXEMPTION.subject },
  });
  await audit.append({ sealed: seal(draft(), ACCOUNT, runChain("run-1"), undefined) });
  const budget = budgetChain({ ruleId: "r", group: "account", from: "2026-11-24" });
  await audit.append({ sealed: seal(draft(), ACCOUNT, budget, undefined) });
  await audit.readHead(budget);
  await audit.readChain("control");
  await collect(audit.list({ from: NOON, to: later(1) }));
  await collect(audit.heads());
  await state.writeControl(controlState(), 2);
  await state.readControl();
  await state.writeLive({ version: 0, runs: new Map() });
  const many = Array.from(
    { length: 2_000 },
    (_, index) => [`run-${index}`, liveRun({ id: `run-${index}` })] as const,
  );
  await state.writeLive({ version: 1, runs: new Map(many) });
  await state.readLive();
  const points = [{ at: NOON, microUsd: 12 }];
  await state.writeLedger([ledgerWrite({}, { spend: { "2026-11-24T12": 5, "2026-11-23": 7 }, points })]);
  await state.readRun("run-1");
  await state.readRuns(["run-1"]);
  await collect(state.allRuns());
  await state.readSpend([{ from: "2026-11-23", to: "2026-11-24" }]);
  await state.writeLedgerState({ version: 0, drift: [] });
  await state.readLedger();
  await state.readPolicy(1);
  await state.writeNames("actor", new Map([["id-1", { readAt: NOON }]]));
  await state.readNames("actor", ["id-1"]);
  await state.writeTypical("task", new Map([["id-1", { readAt: NOON }]]));
  await state.readTypical("task", ["id-1"]);
}
