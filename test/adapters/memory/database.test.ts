import { describe, expect, it } from "vitest";
import { MemoryDatabase } from "../../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { budgetChain } from "../../../src/watchdog/model/entry.ts";
import { ConfigError } from "../../../src/watchdog/model/errors.ts";
import {
  controlState,
  EXEMPTION,
  headOf,
  ledgerWrite,
  liveRun,
  NOON,
  openIntent,
  record,
  sealed,
} from "../../contracts/samples.ts";

const ACCOUNT = "acme";
const BUDGET = budgetChain({ ruleId: "r", group: "account", from: "2026-11-24" });
const SPENT = { at: NOON, microUsd: 7 };

async function filled(): Promise<MemoryDatabase> {
  const database = new MemoryDatabase();
  const { state, audit } = createMemoryStores({ account: ACCOUNT, database });
  const control = { next: controlState({ openIntents: [openIntent()] }), expectedVersion: 0 };
  const first = sealed(ACCOUNT, undefined, {}, "control");
  const policy = { version: 1, document: { rules: [] } };
  await audit.append({ sealed: first, control, policy, exemption: { put: EXEMPTION } });
  await audit.append({ sealed: sealed(ACCOUNT) });
  await state.writeLive({ version: 0, runs: new Map([["run-1", liveRun()]]) });
  await state.writeLedger([{ ...ledgerWrite({}, { spend: { "2026-11-24T12": 7 } }), points: [SPENT] }]);
  await state.writeLedgerState({ version: 0, completeSince: NOON, drift: [] });
  await audit.append({ sealed: sealed(ACCOUNT, undefined, {}, BUDGET) });
  await state.writeNames("actor", new Map([["id-1", { name: "acme/x", readAt: NOON }]]));
  await state.writeTypical("task", new Map([["id-2", { readAt: NOON }]]));
  return database;
}

async function contentOf(database: MemoryDatabase) {
  const { state, audit } = createMemoryStores({ account: ACCOUNT, database });
  return {
    control: await state.readControl(),
    live: await state.readLive(),
    run: await state.readRun("run-1"),
    spend: await state.readSpend([
      { from: "2026-11-24", to: "2026-11-24" },
      { from: "2026-11-24T00", to: "2026-11-24T23" },
    ]),
    ledger: await state.readLedger(),
    budgetHead: await audit.readHead(BUDGET),
    policy: await state.readPolicy(1),
    names: await state.readNames("actor", ["id-1"]),
    typical: await state.readTypical("task", ["id-2"]),
    chains: [await audit.readChain("control"), await audit.readChain("run#run-1")],
  };
}

describe("MemoryDatabase", () => {
  it("can be kept as JSON and goes on from there", async () => {
    const database = await filled();
    const kept = MemoryDatabase.fromJSON(JSON.parse(JSON.stringify(database)));
    expect(await contentOf(kept)).toEqual(await contentOf(database));
    expect((await contentOf(kept)).run).toMatchObject({ head: headOf(sealed(ACCOUNT)), curve: [SPENT] });
    expect((await contentOf(kept)).spend).toMatchObject({ cells: [{ microUsd: 7 }, {}], recordings: 1 });
    const { state } = createMemoryStores({ account: ACCOUNT, database: kept });
    await expect(state.writeControl(controlState(), 0)).rejects.toThrow("moved on");
    await state.writeControl(controlState(), 1);
  });

  it("reads what was kept before there was anything typical", async () => {
    const dump = JSON.parse(JSON.stringify(await filled()));
    delete dump.accounts[ACCOUNT].typical;
    expect((await contentOf(MemoryDatabase.fromJSON(dump))).typical).toEqual(new Map());
  });

  it("reads what was kept before there was a ledger", async () => {
    const dump = JSON.parse(JSON.stringify(await filled()));
    const {
      cells: _cells,
      recordings: _count,
      ledger: _ledger,
      budgetHeads: _heads,
      ...old
    } = dump.accounts[ACCOUNT];
    const { version: _version, ...kept } = record();
    old.runs = [["run-1", { text: JSON.stringify(kept), recordedAt: NOON.getTime() }]];
    const database = MemoryDatabase.fromJSON({ accounts: { [ACCOUNT]: old } });
    expect(await contentOf(database)).toMatchObject({
      run: { ...kept, version: 0, curve: [] },
      spend: { cells: [], recordings: 0 },
      ledger: { version: 0, drift: [] },
      budgetHead: undefined,
    });
    const { state } = createMemoryStores({ account: ACCOUNT, database });
    expect(await state.writeLedger([ledgerWrite({}, { spend: { "2026-11-24": 1 } })])).toEqual({
      stale: [],
      recordings: 1,
    });
  });

  it("shares nothing with its JSON", async () => {
    const database = await filled();
    const before = await contentOf(database);
    const dump = database.toJSON();
    const other = MemoryDatabase.fromJSON(dump);
    const { state } = createMemoryStores({ account: ACCOUNT, database: other });
    await state.writeControl(controlState({ revision: 9 }), 1);
    Object.assign(dump.accounts[ACCOUNT]?.runs[0]?.[1] ?? {}, { text: "?" });
    expect(await contentOf(database)).toEqual(before);
  });

  it("shares nothing with what was written or read", async () => {
    const database = new MemoryDatabase();
    const { state } = createMemoryStores({ account: ACCOUNT, database });
    const written = record({ recordedAt: new Date(NOON) });
    await state.writeLedger([{ record: written, expectedVersion: 0, spend: {} }]);
    written.recordedAt.setTime(0);
    (await state.readRun("run-1"))?.run.startedAt.setTime(0);
    expect(await state.readRun("run-1")).toMatchObject({ run: { startedAt: NOON }, recordedAt: NOON });
  });

  it("never takes what can't be read for empty", async () => {
    const database = await filled();
    const rows = database.account(ACCOUNT);
    rows.control = { version: 1, text: "{" };
    rows.live = { version: 1, text: "[]" };
    const { state } = createMemoryStores({ account: ACCOUNT, database });
    await expect(state.readControl()).rejects.toThrow(ConfigError);
    await expect(state.readLive()).rejects.toThrow(ConfigError);
  });

  it("answers within the turn of the event loop, whatever is asked", async () => {
    const database = await filled();
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    for (let pass = 0; pass < 100; pass++) await contentOf(database);
    expect(turned).toBe(false);
  });
});
