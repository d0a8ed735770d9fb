import { describe, expect, it } from "vitest";
import { createEmulator } from "../../../emulator/index.ts";
import { MemoryDatabase } from "../../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { failing, instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const stores = (database: MemoryDatabase) => createMemoryStores({ account: "default", database });

/** The state table as it was, beside the audit as it is. */
function restored(then: ReturnType<MemoryDatabase["toJSON"]>, now: MemoryDatabase): MemoryDatabase {
  const [before, after] = [then.accounts.default, now.toJSON().accounts.default];
  if (before === undefined || after === undefined) throw new Error("no account to restore");
  return MemoryDatabase.fromJSON({ accounts: { default: { ...before, chains: after.chains } } });
}

/** An account whose state table was restored to the minute before a tick, which may have done so much. */
async function afterRestore(abortRun?: () => Promise<never>) {
  const emulator = createEmulator({ world: worldOf(OVER_5_USD) });
  const database = new MemoryDatabase();
  const watched = await watch(emulator, { stores: stores(database), policy: fiveUsd({ mode: "observe" }) });
  await watched.tick();
  await watched.push(fiveUsd());
  const then = database.toJSON();
  watched.advance(MINUTE);
  const dying = abortRun ? instead(watched.ports.apify, { abortRun }) : watched.ports.apify;
  await watched.tick(watched.process({ apify: dying }));
  watched.advance(20 * MINUTE);
  return watch(emulator, { stores: stores(restored(then, database)) });
}

const dies = async (): Promise<never> => {
  throw new Error("the process died before the call");
};

/** The control item as it was, beside all else as it is. */
function withControlOf(then: ReturnType<MemoryDatabase["toJSON"]>, now: MemoryDatabase): MemoryDatabase {
  const [before, after] = [then.accounts.default, now.toJSON().accounts.default];
  if (before?.control === undefined || after === undefined) throw new Error("no control item to restore");
  return MemoryDatabase.fromJSON({ accounts: { default: { ...after, control: before.control } } });
}

describe("a state table that was restored from a backup", () => {
  it("has its open intents taken up from the audit, and the run is stopped", async () => {
    const { kinds, runIds, tick, ticks, aborts } = await afterRestore(dies);
    const run = runIds()[0] ?? "";
    expect(await kinds(run)).toContain("abort.intended");
    expect((await tick()).attention).toEqual([
      expect.stringMatching(/^restored: 1 open intent is in the audit and not in the state table/),
    ]);
    expect(aborts()).toHaveLength(1);
    await ticks(3);
    const written = await kinds(run);
    expect(written.filter((kind) => kind === "abort.intended")).toHaveLength(1);
    expect(written.at(-1)).toBe("abort.confirmed");
    expect((await tick()).attention).toEqual([]);
  });

  it("leaves a tick incomplete that took up an intent whose call nobody took", async () => {
    const watched = await afterRestore(dies);
    watched.emulator.faults.add({
      match: { kind: "abort" },
      fault: { kind: "status", status: 503 },
      times: 9,
    });
    expect(await watched.tick()).toMatchObject({ complete: false });
    watched.emulator.faults.clear();
    await watched.ticks(2);
    expect(await watched.tick()).toMatchObject({ complete: true });
  });

  it("has an intent closed whose run has ended meanwhile, without another call", async () => {
    const { kinds, runIds, ticks, aborts } = await afterRestore();
    await ticks(3);
    expect(aborts()).toHaveLength(1);
    expect((await kinds(runIds()[0] ?? "")).filter((kind) => kind === "abort.confirmed")).toHaveLength(1);
  });

  it("is no reason to open again what the audit has closed", async () => {
    const { emulator, ports, tick, ticks } = await afterRestore(dies);
    await ticks(3);
    const calls = emulator.truth.calls.filter(({ kind }) => kind === "abort").length;
    const { openIntents } = await ports.state.readControl();
    expect([openIntents, (await tick()).attention]).toEqual([[], []]);
    expect(emulator.truth.calls.filter(({ kind }) => kind === "abort")).toHaveLength(calls);
  });
});

describe("a run's item that is gone from a state table, as where a write of before a restore came after it", () => {
  it("is written again, with all that the run has spent, so that budgets go on", async () => {
    const emulator = createEmulator({ world: worldOf({ ...OVER_5_USD, cost: 7 }) });
    const database = new MemoryDatabase();
    const policy = fiveUsd({ mode: "observe" });
    const watched = await watch(emulator, { stores: stores(database), policy });
    await watched.ticks(2);
    const { default: before } = database.toJSON().accounts;
    if (before === undefined || before.runs.length === 0) throw new Error("no run was recorded");
    const gone = { ...before, runs: [], cells: [], counts: [] };
    const without = MemoryDatabase.fromJSON({ accounts: { default: gone } });
    const after = await watch(emulator, { stores: stores(without) });
    emulator.clock.advance(60 * MINUTE);
    const report = await after.tick();
    expect(after.warnings).toEqual([]);
    expect(report.complete).toBe(true);
    const [runId = ""] = after.runIds();
    const { spent } = (await after.ports.state.readRun(runId)) ?? {};
    expect(spent?.microUsd).toBeGreaterThan(0);
    const day = new Date(emulator.clock.now()).toISOString().slice(0, 10);
    const { cells } = await after.ports.state.readSpend([{ from: `${day}T00`, to: `${day}T23` }]);
    const booked = cells
      .filter(({ slot }) => slot.length > 10)
      .reduce((sum, { microUsd }) => sum + microUsd, 0);
    expect(booked).toBe(spent?.microUsd);
  });
});

describe("a control item that was put back as it was", () => {
  /** Of three runs over the limit one may be stopped an hour, and was; then the item is put back as it was before. */
  async function oneOfThreeStopped() {
    const emulator = createEmulator({ world: worldOf(OVER_5_USD, OVER_5_USD, OVER_5_USD) });
    const database = new MemoryDatabase();
    const watched = await watch(emulator, {
      stores: stores(database),
      policy: fiveUsd({ guards: { maxAborts: { perTick: 1, perHour: 1, percentOfLive: 100 } } }),
    });
    const then = database.toJSON();
    await watched.ticks(5);
    expect(watched.aborts()).toHaveLength(1);
    watched.advance(20 * MINUTE);
    return { watched, after: await watch(emulator, { stores: stores(withControlOf(then, database)) }) };
  }

  it("counts again what was stopped in the last hour: no more is stopped than may be", async () => {
    const { watched, after } = await oneOfThreeStopped();
    expect((await after.tick()).attention).toContainEqual(
      expect.stringMatching(/^restored: 1 stop of the last hour is in the audit and not in the state table/),
    );
    await after.ticks(3);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("counts them, too, behind a tick that could not: it knows of no look through the audit that came to its end", async () => {
    const emulator = createEmulator({ world: worldOf(OVER_5_USD, OVER_5_USD, OVER_5_USD) });
    const database = new MemoryDatabase();
    const policy = fiveUsd({ guards: { maxAborts: { perTick: 1, perHour: 1, percentOfLive: 100 } } });
    const watched = await watch(emulator, { stores: stores(database), policy });
    const then = database.toJSON();
    await watched.ticks(2);
    watched.advance(20 * MINUTE);
    const after = await watch(emulator, { stores: stores(restored(then, database)) });
    await after.tick(
      after.process({
        audit: instead(after.ports.audit, { list: () => failing("the index can't be read") }),
      }),
    );
    watched.advance(MINUTE);
    await after.ticks(2);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("stops nothing while the audit can't be read: how many it may still stop is not known", async () => {
    const { watched, after } = await oneOfThreeStopped();
    const list = () => failing("the index can't be read");
    const blind = () => after.tick(after.process({ audit: instead(after.ports.audit, { list }) }));
    const { complete, skipped } = await blind();
    expect(watched.aborts()).toHaveLength(1);
    expect(complete).toBe(false);
    expect(skipped).toMatchObject({ "what was stopped in the last hour is not known": 2 });
    await after.ticks(3);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("has an intent taken up that was open for longer than a tick looks back", async () => {
    const stuck = { ...OVER_5_USD, onAbort: { kind: "unstoppable" } } as const;
    const emulator = createEmulator({ world: worldOf(stuck) });
    const database = new MemoryDatabase();
    const watched = await watch(emulator, { stores: stores(database), policy: fiveUsd() });
    const then = database.toJSON();
    await watched.ticks(40);
    const after = await watch(emulator, { stores: stores(withControlOf(then, database)) });
    expect((await after.tick()).attention).toContainEqual(
      expect.stringMatching(/^restored: 1 open intent is in the audit/),
    );
    expect((await after.ports.state.readControl()).openIntents).toHaveLength(1);
  });

  it("knows what had come of its intents: no second call without grace is sent", async () => {
    const stuck = { ...OVER_5_USD, onAbort: { kind: "unstoppable" } } as const;
    const emulator = createEmulator({ world: worldOf(stuck) });
    const database = new MemoryDatabase();
    const watched = await watch(emulator, { stores: stores(database), policy: fiveUsd() });
    await watched.tick();
    const then = database.toJSON();
    await watched.ticks(3);
    expect(watched.aborts()).toHaveLength(2);
    const after = await watch(emulator, { stores: stores(restored(then, database)) });
    await after.ticks(4);
    expect(watched.aborts()).toHaveLength(2);
    expect((await after.ports.state.readControl()).openIntents).toMatchObject([{ forceAnswered: true }]);
  });

  /** A run that outlives all grace; the tables are put back to just before this was written about its call without grace. */
  async function putBackBefore(kind: "abort.requested" | "abort.failed", abortFails = false) {
    const stuck = { ...OVER_5_USD, onAbort: { kind: "unstoppable" } } as const;
    const emulator = createEmulator({ world: worldOf(stuck) });
    const database = new MemoryDatabase();
    const watched = await watch(emulator, { stores: stores(database), policy: fiveUsd() });
    const { audit } = watched.ports;
    let then: ReturnType<MemoryDatabase["toJSON"]> | undefined;
    const append: typeof audit.append = (each) => {
      const { entry } = each.sealed;
      if (entry.kind === kind && entry.gracefully === false) then ??= database.toJSON();
      return audit.append(each);
    };
    const noting = watched.process({ audit: instead(audit, { append }) });
    for (let tick = 0; tick < 9 && then === undefined; tick++) {
      const [first] = watched.aborts();
      if (first && abortFails)
        emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "status", status: 403 }, times: 1 });
      await watched.tick(noting);
      watched.advance(MINUTE);
    }
    if (then === undefined) throw new Error(`no ${kind} was written`);
    emulator.faults.clear();
    return watch(emulator, { stores: stores(restored(then, database)) });
  }

  it("knows that the call without grace was answered where it was put back to just before that", async () => {
    const after = await putBackBefore("abort.requested");
    expect(after.aborts()).toHaveLength(2);
    await after.ticks(4);
    expect(after.aborts()).toHaveLength(2);
  });

  it("does not take a call without grace for answered that Apify refused for want of a permission", async () => {
    const after = await putBackBefore("abort.failed", true);
    await after.ticks(2);
    const forced = after.aborts().filter(({ status, gracefully }) => status === 200 && !gracefully);
    expect(forced).toHaveLength(1);
  });
});
