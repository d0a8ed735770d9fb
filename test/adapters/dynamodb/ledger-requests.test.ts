import {
  type BatchGetItemCommandInput,
  QueryCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import { ledgerWrite } from "../../contracts/samples.ts";
import { type Engine, engineMissing } from "../../support/engines/engine.ts";
import type { Fate } from "../../support/proxy.ts";
import { firstOf, startTables, storesOver, through } from "./support.ts";

const DAY = { from: "2026-11-24", to: "2026-11-24" };
const SPEND = { spend: { "2026-11-24": 5 } };

const cancelled = (...codes: readonly string[]): Fate => ({
  kind: "error",
  status: 400,
  type: "TransactionCanceledException",
  more: { CancellationReasons: codes.map((Code) => ({ Code })) },
});

describe.skipIf(engineMissing)(`the ledger's requests ${engineMissing ?? ""}`, () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await startTables();
  });
  afterEach(() => engine?.stop());

  const amounts = async () => {
    const { cells, recordings } = await storesOver(engine.client()).state.readSpend([DAY]);
    return { amounts: cells.map(({ microUsd }) => microUsd), recordings };
  };

  it("write once what is written when the answer is lost", async () => {
    await through(engine, firstOf("TransactWriteItems", { kind: "lose" }), async ({ state }, requests) => {
      const written = await state.writeLedger([ledgerWrite({}, SPEND)]);
      expect(written).toEqual({ stale: [], recordings: 1 });
      expect(requests).toHaveLength(2);
    });
    expect(await amounts()).toEqual({ amounts: [5], recordings: 1 });
  });

  it("try a crowded transaction again, after growing waits, with the token that it had", async () => {
    const crowded = cancelled("None", "TransactionConflict", "None");
    await through(engine, firstOf("TransactWriteItems", crowded, 2), async ({ state, waits }, requests) => {
      expect((await state.writeLedger([ledgerWrite({}, SPEND)])).stale).toEqual([]);
      expect(waits).toEqual([50, 100]);
      expect(new Set(requests.map(({ body }) => body.ClientRequestToken)).size).toBe(1);
    });
    expect(await amounts()).toEqual({ amounts: [5], recordings: 1 });
  });

  it("call a transaction that stays crowded a conflict: nothing was written", async () => {
    const crowded = cancelled("None", "TransactionConflict", "None");
    await through(engine, firstOf("TransactWriteItems", crowded, 99), async ({ state }) => {
      await expect(state.writeLedger([ledgerWrite({}, SPEND)])).rejects.toThrow(ConflictError);
    });
    expect(await amounts()).toEqual({ amounts: [], recordings: 0 });
  });

  it("write the others anew, as another transaction, when a run is stale in a crowd", async () => {
    const mixed = cancelled("ConditionalCheckFailed", "TransactionConflict", "TransactionConflict", "None");
    await through(engine, firstOf("TransactWriteItems", mixed), async ({ state }, requests) => {
      const writes = [ledgerWrite({ id: "a" }, SPEND), ledgerWrite({ id: "b" }, SPEND)];
      expect(await state.writeLedger(writes)).toEqual({ stale: ["a"], recordings: 1 });
      expect(new Set(requests.map(({ body }) => body.ClientRequestToken)).size).toBe(2);
    });
    expect(await amounts()).toEqual({ amounts: [5], recordings: 1 });
  });

  it("pass on any other error as it is", async () => {
    const refused: Fate = { kind: "error", status: 400, type: "AccessDeniedException" };
    await through(engine, firstOf("TransactWriteItems", refused, 99), async ({ state }, requests) => {
      const attempt = state.writeLedger([ledgerWrite({}, SPEND)]);
      await expect(attempt).rejects.toMatchObject({ name: "AccessDeniedException" });
      expect(requests).toHaveLength(1);
    });
  });

  it("put at most 100 items and 4 MB into a transaction, the counter once into each", async () => {
    await through(
      engine,
      () => ({ kind: "pass" }),
      async ({ state }, requests) => {
        const build = "漢".repeat(35_000);
        const wide = Array.from({ length: 60 }, (_, i) => ledgerWrite({ id: `w${i}`, settings: { build } }));
        const many = Array.from({ length: 200 }, (_, i) =>
          ledgerWrite({ id: `m${i}` }, { spend: { [`2026-11-24T${String(i % 24).padStart(2, "0")}`]: 1 } }),
        );
        const { recordings } = await state.writeLedger([...wide, ...many]);
        expect(requests).toHaveLength(recordings);
        for (const { body } of requests) {
          const items = body.TransactItems as TransactWriteItem[];
          expect(items.length).toBeLessThanOrEqual(100);
          expect(Buffer.byteLength(JSON.stringify(items))).toBeLessThan(4_000_000);
          const sorts = items.map(({ Update }) => Update?.Key?.sk?.S);
          expect(sorts.filter((sort) => sort === "spend")).toHaveLength(1);
        }
      },
    );
    expect((await amounts()).amounts).toEqual([200]);
  });

  describe("for cells", () => {
    /** Stores whose first so many queries each find that somebody has just written. */
    const overtaken = (times: number) => {
      const client = engine.client();
      const other = storesOver(engine.client());
      let version = 0;
      client.middlewareStack.add(
        (next, context) => async (args) => {
          if (context.commandName === QueryCommand.name && version < times) {
            const [stored] = (await other.state.readRuns(["run-1"])).values();
            version += 1;
            await other.state.writeLedger([
              ledgerWrite({}, { ...SPEND, expectedVersion: stored?.version ?? 0 }),
            ]);
          }
          return next(args);
        },
        { step: "initialize", name: "overtake" },
      );
      return storesOver(client);
    };

    it("are sent again, after a wait, when something was recorded meanwhile", async () => {
      const { state, waits } = overtaken(2);
      const { cells, recordings } = await state.readSpend([DAY]);
      expect([cells.map(({ microUsd }) => microUsd), recordings]).toEqual([[10], 2]);
      // Before the cells are read and before the counter is believed, and before another try.
      expect(waits).toEqual([25, 25, 40, 25, 80, 25]);
    });

    it("end with an error when something is recorded all the while", async () => {
      const { state, waits } = overtaken(99);
      await expect(state.readSpend([DAY])).rejects.toThrow(
        "the ledger kept moving while its cells were read",
      );
      expect(waits).toEqual([25, 25, 40, 25, 80, 25, 120, 25, 160, 25, 200, 25]);
    });
  });

  it("for runs that DynamoDB will not give now end with an error, and never as if they were unknown", async () => {
    const client = engine.client();
    client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName !== "BatchGetItemCommand") return next(args);
        const { RequestItems } = args.input as BatchGetItemCommandInput;
        const output = { $metadata: {}, Responses: {}, UnprocessedKeys: RequestItems };
        return { response: {}, output } as never;
      },
      { step: "initialize", name: "giveNothing" },
    );
    const { state } = storesOver(client);
    await expect(state.readRuns(["run-1"])).rejects.toThrow("DynamoDB did not give 1 items in time");
    expect(await state.readNames("actor", ["id-1"])).toEqual(new Map());
  });
});
