import { describe, expect, it } from "vitest";
import { createEmulator, type RunScript, steppedClock } from "../../../../emulator/index.ts";
import { MemoryDatabase } from "../../../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../../../src/adapters/memory/stores.ts";
import { ABORT, ANY_SHARE, fiveUsd } from "../../../support/policies.ts";
import { entriesOfKind } from "../../../support/recorded.ts";
import { type Watched, watch, watchFrom } from "../../../support/watch.ts";
import { burning, HOUR, MINUTE, SECOND, worldOf } from "../../../support/world.ts";
import { told } from "../telling.ts";

const START = new Date("2026-11-25T10:00:00.000Z");
const DAY = { from: "2026-11-25", to: "2026-11-25" };
const HOURS = { from: "2026-11-25T00", to: "2026-11-25T23" };

const policy = (budget: object, more: object = {}) =>
  fiveUsd({
    ...ANY_SHARE,
    rules: [{ id: "counts", budget: { per: "day", ...budget }, steps: [ABORT] }],
    ...more,
  });
const on = (runs: readonly RunScript[], budget: object, at = START) =>
  watchFrom(at, worldOf(...runs), policy(budget));

/** As it would stand had a version that counts nothing watched so far. */
function asOfBefore(database: MemoryDatabase): void {
  const rows = database.account("default");
  rows.counts.clear();
  for (const [id, { counted: _counted, ...row }] of rows.runs) rows.runs.set(id, row);
  const without = (text: string): string =>
    JSON.stringify(JSON.parse(text), (key, value) => (/^counted(Since)?$/.test(key) ? undefined : value));
  if (rows.live) rows.live = { ...rows.live, text: without(rows.live.text) };
  if (rows.ledger) rows.ledger = { ...rows.ledger, text: without(rows.ledger.text) };
}

/** A run that begins so many minutes from now and lives for some seconds. */
const brief = (at: number, status: "SUCCEEDED" | "FAILED" = "FAILED", secs = 20): RunScript =>
  burning(0.1, { startsAfterMs: at * MINUTE + 5 * SECOND, ends: { afterMs: secs * SECOND, status } });

async function countsIn({ ports }: Watched, span = HOURS): Promise<object> {
  const { cells } = await ports.state.readSpend([span]);
  return Object.fromEntries(cells.map(({ slot, runs = 0, failures = 0 }) => [slot, [runs, failures]]));
}

describe("a budget of failures", () => {
  it("counts runs that fail and time out between two ticks, once each, and stops what goes on", async () => {
    const storm = [
      brief(1),
      { ...brief(2, "SUCCEEDED", 60), timeoutSecs: 15 },
      brief(3, "SUCCEEDED"),
      brief(4),
    ];
    const watched = await on([burning(0.1), ...storm], { failures: 3 });
    await watched.ticks(4);
    expect(watched.aborts()).toEqual([]);
    await watched.ticks(4);
    expect(await countsIn(watched)).toEqual({ "2026-11-25T10": [5, 3] });
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([watched.runIds()[0]]);
    const [notice] = await entriesOfKind(watched, "step.notified");
    expect(notice?.evidence).toMatchObject({
      measured: 3,
      limit: 3,
      unit: "count",
      budget: { of: "failures", per: "day", each: "account" },
    });
  });

  it("is of the hour in which a run ended, a start of the hour in which it began", async () => {
    const late = new Date("2026-11-25T10:58:00.000Z");
    const watched = await on([brief(1, "FAILED", 120)], { failures: 9, per: "hour" }, late);
    await watched.ticks(6);
    expect(await countsIn(watched)).toEqual({ "2026-11-25T10": [1, 0], "2026-11-25T11": [0, 1] });
  });
});

describe("a budget of runs", () => {
  it("stops runs on sight once so many have started, and none in the next window", async () => {
    const late = new Date("2026-11-25T22:00:00.000Z");
    const starts = [0, 1, 2].map((at) => burning(0.1, { startsAfterMs: at * MINUTE + SECOND }));
    const tomorrow = burning(0.1, { startsAfterMs: 125 * MINUTE });
    const watched = await on([...starts, tomorrow], { runs: 3 }, late);
    await watched.ticks(2);
    expect(watched.aborts()).toEqual([]);
    await watched.ticks(6);
    expect(watched.aborts()).toHaveLength(3);
    await watched.ticks(122);
    expect(watched.aborts()).toHaveLength(3);
  });

  it("takes a resurrected run for no other start, and its other failure for another", async () => {
    const watched = await on([brief(0)], { runs: 9 });
    await watched.ticks(3);
    const [id = ""] = watched.runIds();
    watched.emulator.handle({
      method: "POST",
      url: `/v2/actor-runs/${id}/resurrect`,
      headers: { authorization: "Bearer good-token" },
    });
    await watched.ticks(3);
    expect(watched.emulator.truth.runs().find((run) => run.id === id)?.lives).toHaveLength(2);
    expect(await countsIn(watched, DAY)).toEqual({ "2026-11-25": [1, 2] });
  });

  it("knows nothing of before it counted, and has that filled in from Apify's list before it stops anything", async () => {
    const past = [3, 2, 1].map((hours) =>
      burning(0.1, { startsAfterMs: -hours * HOUR, ends: { afterMs: MINUTE, status: "FAILED" } }),
    );
    const database = new MemoryDatabase();
    const emulator = createEmulator({ world: worldOf(...past, burning(0.1)), clock: steppedClock(START) });
    const watched = await watch(emulator, {
      policy: policy({ usd: 900 }),
      stores: createMemoryStores({ account: "default", database }),
    });
    await watched.ticks(3);
    asOfBefore(database);
    const { state } = watched.ports;
    await watched.push(policy({ runs: 4 }));
    const first = await watched.tick();
    expect(watched.aborts()).toEqual([]);
    expect(first.complete).toBe(true);
    watched.advance(MINUTE);
    await watched.ticks(3);
    expect((await state.readLedger()).countedSince).toEqual(new Date("2026-11-25T00:00:00.000Z"));
    expect(await countsIn(watched, DAY)).toEqual({ "2026-11-25": [4, 3] });
    expect(watched.aborts()).toHaveLength(1);
  });

  it("reads in counts wherever it is shown", async () => {
    const watched = await on([burning(0.1), brief(1), brief(2)], { runs: 4, each: "actor" });
    await watched.ticks(4);
    const spend = await told(watched, "spend");
    expect(spend).toMatch(/counts\s+Actor acme\/shop\s+3 runs.*75%\s+4 runs a day for each Actor/);
    expect(await told(watched, "status")).toContain("acme/shop 3 of 4 runs a day");
    const [id = ""] = watched.runIds();
    expect(await told(watched, "explain", id)).toMatch(
      /started 3 of 4 runs a day for Actor \S+ until 2026-11-26 00:00 UTC; stop at 100% \(4\)/,
    );
    expect(JSON.parse(await told(watched, "spend", "--json")).budgets).toMatchObject([
      { ruleId: "counts", of: "runs", spent: 3, limit: 4 },
    ]);
    expect(await told(watched, "report")).toMatch(/4 runs a day for each Actor.*never.*3 runs.*75%/);
  });
});
