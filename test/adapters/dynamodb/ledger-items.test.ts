import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cellsSort } from "../../../src/adapters/dynamodb/cell-items.ts";
import { budgetChain } from "../../../src/watchdog/model/entry.ts";
import { ConfigError } from "../../../src/watchdog/model/errors.ts";
import { collect, headOf, later, ledgerWrite, NOON, record, sealed } from "../../contracts/samples.ts";
import { type Engine, engineMissing } from "../../support/engines/engine.ts";
import { ACCOUNT, plant, startTables, stateItem, storesOver, TABLES } from "./support.ts";

const DAY_SECS = 86_400;
const HOUR = "2026-11-24T12";
const secs = (iso: string): number => Date.parse(iso) / 1000;

describe.skipIf(engineMissing)(`the ledger's items ${engineMissing ?? ""}`, () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await startTables();
  });
  afterEach(() => engine?.stop());

  const getState = (sk: string) => stateItem(engine, sk);
  const sortsOfState = async () => {
    const command = new QueryCommand({
      TableName: TABLES.stateTable,
      KeyConditionExpression: "pk = :account",
      ExpressionAttributeValues: marshall({ ":account": ACCOUNT }),
    });
    const { Items = [] } = await engine.client().send(command);
    return Items.map((item) => String(unmarshall(item).sk)).toSorted();
  };

  describe("as they are stored", () => {
    it("are the run's, its hours', its days' and the counter, which expire 400 days after they end", async () => {
      const { state } = storesOver(engine.client());
      const points = [{ at: later(1_999), microUsd: 12 }];
      await state.writeLedger([
        ledgerWrite({ actorTaskId: "task-1" }, { spend: { [HOUR]: 5, "2026-11-23": 7 }, points }),
      ]);
      const cell = "c|actor-1|task-1|API";
      const hour = cellsSort(HOUR, cell);
      const days = ["2026-11-23", "2026-11-24"].map((day) => cellsSort(day, cell));
      expect(await sortsOfState()).toEqual(["run#run-1", "spend", ...days, hour]);
      expect(await getState(hour)).toEqual({
        pk: ACCOUNT,
        sk: hour,
        [cell]: 5,
        expiresAt: secs("2026-11-24T13:00:00Z") + 400 * DAY_SECS,
      });
      expect(await getState(days[0] ?? "")).toEqual({
        pk: ACCOUNT,
        sk: days[0],
        [cell]: 7,
        expiresAt: secs("2026-11-24T00:00:00Z") + 400 * DAY_SECS,
      });
      expect(await getState("spend")).toEqual({ pk: ACCOUNT, sk: "spend", recordings: 1 });
      expect(await getState("run#run-1")).toEqual({
        pk: ACCOUNT,
        sk: "run#run-1",
        text: expect.any(String),
        recordedAt: NOON.getTime(),
        recording: 1,
        curve: [NOON.getTime() / 1000 + 1, 12],
      });
    });

    it("name the schedule in a cell of its runs alone: what was kept without one goes on", async () => {
      const { state } = storesOver(engine.client());
      const spend = { spend: { [HOUR]: 5 } };
      await state.writeLedger([
        ledgerWrite({ id: "a" }, spend),
        ledgerWrite({ id: "b", scheduleId: "s" }, spend),
      ]);
      for (const cell of ["c|actor-1||API", "c|actor-1||API|s"])
        expect(await getState(cellsSort(HOUR, cell))).toMatchObject({ [cell]: 5 });
    });

    it("share the cells of a slot among eight items by what spent, with those of before in one", async () => {
      const { state } = storesOver(engine.client());
      const runs = Array.from({ length: 60 }, (_, i) => `run-${i}`);
      await plant(engine, { sk: "spend#day#2026-11-24", "c|old||API": 7 });
      await state.writeLedger(
        runs.map((id) => ledgerWrite({ id, actorId: `actor-of-${id}` }, { spend: { "2026-11-24": 1 } })),
      );
      const days = (await sortsOfState()).filter((sort) => sort.startsWith("spend#day#"));
      expect(days).toEqual(
        ["", ...Array.from({ length: 8 }, (_, i) => `/${i}`)].map((end) => `spend#day#2026-11-24${end}`),
      );
      const { cells } = await state.readSpend([{ from: "2026-11-24", to: "2026-11-24" }]);
      expect(cells.reduce((sum, { microUsd }) => sum + microUsd, 0)).toBe(67);
      expect(new Set(cells.map(({ slot }) => slot))).toEqual(new Set(["2026-11-24"]));
    });

    it("are the head alone of a budget's chain, which expires 400 days after its last entry", async () => {
      const { audit } = storesOver(engine.client());
      const chain = budgetChain({ ruleId: "r", group: "account", from: "2026-11-24" });
      const first = sealed(ACCOUNT, undefined, {}, chain);
      await audit.append({ sealed: first });
      const at = later(10_000).toISOString();
      const second = sealed(ACCOUNT, headOf(first), { entryId: "entry-2", at }, chain);
      await audit.append({ sealed: second });
      expect(await getState("budget#r#account#2026-11-24")).toEqual({
        pk: ACCOUNT,
        sk: "budget#r#account#2026-11-24",
        headSequence: 2,
        headHash: second.hash,
        expiresAt: secs(at) + 400 * DAY_SECS,
      });
      await audit.append({ sealed: sealed(ACCOUNT) });
      expect(await getState("run#run-1")).not.toHaveProperty("expiresAt");
    });
  });

  describe("damaged", () => {
    it.each([
      ["an amount in words", "c|actor-1||API", "7"],
      ["a broken amount", "c|actor-1||API", 0.5],
      ["an amount of nobody", "c|", 7],
      ["an amount without an Actor", "c||task-1|API", 7],
      ["an amount of too few", "c|actor-1|API", 7],
      ["an amount of too many", "c|actor-1||API|x|y", 7],
      ["an amount of an empty schedule", "c|actor-1||API|", 7],
    ])("by %s let nobody decide on their slot, and on no other's account", async (_what, name, value) => {
      const { state } = storesOver(engine.client());
      await state.writeLedger([ledgerWrite({}, { spend: { "2026-11-24": 1 } })]);
      await plant(engine, { sk: "spend#day#2026-11-25", [name]: value });
      const attempt = state.readSpend([{ from: "2026-11-24", to: "2026-11-25" }]);
      await expect(attempt).rejects.toThrow(ConfigError);
      await expect(attempt).rejects.toThrow(`The item "spend#day#2026-11-25" of account "acme"`);
      const { cells } = await state.readSpend([{ from: "2026-11-24", to: "2026-11-24" }]);
      expect(cells).toHaveLength(1);
    });

    it("by attributes that are no cells are read as ever", async () => {
      await plant(engine, { sk: "spend#day#2026-11-25", "c|a||API": 7, note: "x", C: 1, expiresAt: 0.5 });
      const { state } = storesOver(engine.client());
      const { cells } = await state.readSpend([{ from: "2026-11-25", to: "2026-11-25" }]);
      expect(cells).toEqual([{ slot: "2026-11-25", actorId: "a", origin: "API", microUsd: 7 }]);
    });

    it.each([{}, { recordings: "1" }, { recordings: 0.5 }])(
      "by a counter of %j are not read",
      async (content) => {
        await plant(engine, { sk: "spend", ...content });
        const attempt = storesOver(engine.client()).state.readSpend([]);
        await expect(attempt).rejects.toThrow('The item "spend" of account "acme"');
      },
    );

    it.each([
      { text: JSON.stringify({ drift: [] }) },
      { version: 1, text: "{" },
      { version: 1, text: JSON.stringify({ drift: [{}] }) },
    ])("by a state of %j are never taken for an empty ledger", async (content) => {
      await plant(engine, { sk: "ledger", ...content });
      const attempt = storesOver(engine.client()).state.readLedger();
      await expect(attempt).rejects.toThrow('The item "ledger" of account "acme"');
    });

    it.each([
      ["a record that can't be read", { text: "?" }],
      ["a curve in words", { text: JSON.stringify(record()), curve: "1, 2" }],
      ["a curve that ends halfway", { text: JSON.stringify(record()), curve: [1, 2, 3] }],
      ["a curve of broken numbers", { text: JSON.stringify(record()), curve: [1, 0.5] }],
      ["what is no way of being watched", { text: JSON.stringify(record()), watched: '{"from":1}' }],
    ])("by a run with %s say which it is, however it is asked for", async (_what, content) => {
      await plant(engine, { sk: "run#run-1", recordedAt: 1, ...content });
      const { state } = storesOver(engine.client());
      await expect(state.readRun("run-1")).rejects.toThrow('The item "run#run-1" of account "acme"');
      await expect(state.readRuns(["run-1"])).rejects.toThrow('The item "run#run-1" of account "acme"');
      await expect(collect(state.allRuns())).rejects.toThrow('The item "run#run-1" of account "acme"');
    });
  });
});
