import { describe, expect, it } from "vitest";
import { createEmulator, type RunScript, steppedClock } from "../../../emulator/index.ts";
import { fill } from "../../../src/watchdog/ledger/backfill.ts";
import type { Ports } from "../../../src/watchdog/model/ports.ts";
import { runTick } from "../../../src/watchdog/tick/tick.ts";
import { engineMissing } from "../../support/engines/engine.ts";
import { instead } from "../../support/instead.ts";
import { ABORT, ANY_SHARE, fiveUsd, oneBudget } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { watch, watchFrom } from "../../support/watch.ts";
import { HOUR, MINUTE, OVER_5_USD, SECOND, worldOf } from "../../support/world.ts";
import { DAY, live, on, past, START } from "./filling.ts";

const cellsOf = async ({ state }: Ports) =>
  (
    await state.readSpend([
      { from: "2026-01-01", to: "2027-01-01" },
      { from: "2026-01-01T00", to: "2027-01-01T00" },
    ])
  ).cells.toSorted((a, b) => (a.slot < b.slot ? -1 : 1));

const never = new AbortController().signal;

describe("on its first start", () => {
  it("fills the windows of the budgets from Apify's run list, and only then stops for them", async () => {
    // 5 runs of today cost 3 USD before anybody looked.
    const watched = await on(worldOf(...past, live), oneBudget(2));
    const first = await watched.tick();
    expect(watched.aborts()).toEqual([]);
    watched.advance(MINUTE);
    const second = await watched.tick();
    expect([first.skipped, second.skipped]).toEqual([{}, {}]);
    const { completeSince } = await watched.ports.state.readLedger();
    expect(completeSince).toEqual(new Date("2026-11-25T00:00:00.000Z"));
    const { truth, clock } = watched.emulator;
    const { runs } = await recordedIn(watched.ports);
    expect(runs.size).toBeGreaterThan(60);
    const ended = truth.runs().filter(({ lives }) => (lives.at(-1)?.endedAtMs ?? Infinity) < START.getTime());
    for (const { id } of ended) {
      const microUsd = runs.get(id);
      if (microUsd !== undefined) expect(microUsd / 1e6).toBeCloseTo(truth.costUsdAt(id, clock.now()), 5);
    }
    expect(watched.aborts()).toHaveLength(1);
  });

  it("fills in a run that has only just ended with what it comes to", async () => {
    const justEnded: RunScript = {
      ...live,
      label: "just ended",
      startsAfterMs: -HOUR,
      cost: 6,
      usageLagMs: 8 * SECOND,
      ends: { afterMs: HOUR - SECOND, status: "SUCCEEDED" },
    };
    const watched = await on(worldOf(justEnded), oneBudget(20));
    await watched.ticks(3);
    const { truth, clock } = watched.emulator;
    const id = truth.idOf("just ended");
    const { runs } = await recordedIn(watched.ports);
    expect((runs.get(id) ?? 0) / 1e6).toBeCloseTo(truth.costUsdAt(id, clock.now()), 5);
  });

  it("fills in what ended between a first tick that came to no end and the next", async () => {
    const between: RunScript = {
      ...live,
      label: "between",
      startsAfterMs: 10 * SECOND,
      cost: 60,
      ends: { afterMs: 2 * MINUTE, status: "SUCCEEDED" },
    };
    const watched = await on(worldOf(between), oneBudget(20));
    const state = instead(watched.ports.state, { writeLive: () => Promise.reject(new Error("died")) });
    await watched.tick(watched.process({ state }));
    watched.advance(5 * MINUTE);
    await watched.ticks(3);
    const { runs } = await recordedIn(watched.ports);
    expect(runs.get(watched.emulator.truth.idOf("between"))).toBe(2_000_000);
  });

  it("counts what of the list could not be read", async () => {
    const watched = await on(worldOf(...past, live), oneBudget(2));
    const { apify: real } = watched.ports;
    const apify = instead(real, {
      runsPage: async (filter, place, signal) => ({
        ...(await real.runsPage(filter, place, signal)),
        malformed: 2,
      }),
    });
    const report = await watched.tick(watched.process({ apify }));
    expect(report.skipped).toMatchObject({ "malformed list item": 2 });
  });

  it("tells of a spent budget and stops nothing while its window can't be filled", async () => {
    const watched = await on(worldOf(...past, { ...live, cost: 200 }), oneBudget(2));
    const apify = instead(watched.ports.apify, {
      runsPage: () => Promise.reject(new Error("no answer")),
    });
    const [report] = [await watched.tick(watched.process({ apify }))];
    watched.advance(MINUTE);
    const again = await watched.tick(watched.process({ apify }));
    expect(report?.skipped).toMatchObject({ "filling the ledger failed": 1 });
    expect(again.decisions.map(({ action, guard }) => guard ?? action)).toEqual([
      "unfilledWindow",
      "unfilledWindow",
    ]);
    expect(watched.aborts()).toEqual([]);
  });
});

describe("a backfill", () => {
  it("that is stopped halfway and begun again leaves the same cells as one in a single piece", async () => {
    const world = worldOf(...past, live);
    const since = new Date(START.getTime() - 9 * DAY);
    const whole = await on(world, fiveUsd());
    await whole.tick();
    await whole.run(fill(whole.ports, since, never));

    const halved = await on(world, fiveUsd());
    await halved.tick();
    const apify = inPagesOf(7, halved.ports);
    let pages = 0;
    const dying = instead(halved.ports.state, {
      writeLedger: async (writes) => {
        pages += 1;
        const written = await halved.ports.state.writeLedger(writes);
        if (pages === 4) throw new Error("died");
        return written;
      },
    });
    const first = halved.run(fill({ ...halved.ports, apify, state: dying }, since, never));
    await expect(first).rejects.toThrow("died");
    expect((await halved.ports.state.readLedger()).backfill).toMatchObject({
      since,
      runs: expect.any(Number),
    });
    expect(await cellsOf(halved.ports)).not.toEqual(await cellsOf(whole.ports));
    const state = await halved.run(fill({ ...halved.ports, apify }, since, never));
    expect(state).toMatchObject({ completeSince: since });
    expect(state).not.toHaveProperty("backfill");
    expect(await cellsOf(halved.ports)).toEqual(await cellsOf(whole.ports));
  });

  it("that another one finishes first leaves no progress behind", async () => {
    const watched = await on(worldOf(...past, live), fiveUsd());
    await watched.tick();
    const since = new Date(START.getTime() - 9 * DAY);
    const apify = inPagesOf(7, watched.ports);
    let isFirst = true;
    const overtaken = instead(apify, {
      runsPage: async (...asked) => {
        const page = await apify.runsPage(...asked);
        if (isFirst) {
          isFirst = false;
          await fill(watched.ports, since, never);
        }
        return page;
      },
    });
    const state = await watched.run(fill({ ...watched.ports, apify: overtaken }, since, never));
    expect(state).toMatchObject({ completeSince: since });
    expect(await watched.ports.state.readLedger()).not.toHaveProperty("backfill");
  });

  it.each(engineMissing ? (["memory"] as const) : (["memory", "engine"] as const))(
    "that a tick has no time to finish goes on in the next, and stops for no budget before: %s",
    async (stores) => {
      const policy = oneBudget(2);
      const world = worldOf(...past, live);
      const watched = await watch(createEmulator({ world, clock: steppedClock(START) }), {
        policy,
        on: stores,
      });
      const apify = inPagesOf(40, watched.ports);
      const first = new AbortController();
      const ports = watched.process({
        apify: instead(apify, {
          runsPage: async (filter, place, signal) => {
            const page = await apify.runsPage(filter, place, signal);
            first.abort();
            return page;
          },
        }),
      });
      const cut = await watched.tick(ports, first.signal);
      expect(cut.skipped).toMatchObject({ "a budget's window is not filled yet": 1 });
      expect((await watched.ports.state.readLedger()).backfill).toMatchObject({ place: { offset: 40 } });
      watched.advance(MINUTE);
      const second = await watched.tick(ports);
      expect(second.skipped).toEqual({});
      expect(watched.aborts()).toEqual([]);
      expect(await watched.ports.state.readLedger()).not.toHaveProperty("backfill");
      watched.advance(MINUTE);
      await watched.ticks(2);
      expect(watched.aborts()).toHaveLength(1);
      const { cells, runs } = await recordedIn(watched.ports);
      expect(cells).toBe([...runs.values()].reduce((sum, each) => sum + each, 0));
    },
  );

  it("counts no run again that ticks had recorded", async () => {
    const watched = await on(worldOf(...past, live), oneBudget(1_000));
    await watched.ticks(3);
    const before = await cellsOf(watched.ports);
    await watched.run(fill(watched.ports, new Date("2026-11-24T00:00:00.000Z"), never));
    const after = await cellsOf(watched.ports);
    const day = (cells: typeof after) => cells.filter(({ slot }) => slot === "2026-11-25");
    expect(day(after)).toEqual(day(before));
    const { cells, runs } = await recordedIn(watched.ports);
    expect(cells).toBe([...runs.values()].reduce((sum, each) => sum + each, 0));
  });
});

/** The same list in pages of so many, as if Apify's most had become less. */
function inPagesOf(count: number, { apify }: Ports): Ports["apify"] {
  const runsPage: typeof apify.runsPage = async (filter, place, signal) => {
    const offset = place?.offset ?? 0;
    const { runs, next: _all, ...page } = await apify.runsPage(filter, undefined, signal);
    const isLast = offset + count >= runs.length;
    return {
      ...page,
      runs: runs.slice(offset, offset + count),
      ...(!isLast && { next: { offset: offset + count } }),
    };
  };
  return instead(apify, { runsPage });
}

describe("filling", () => {
  it("waits until what needs no ledger was judged: an endless list holds up no stop", async () => {
    const rules = [
      { id: "five", limit: { usageTotalUsd: 5 }, steps: [ABORT] },
      { id: "a-day", budget: { usd: 1_000, per: "day" }, steps: [ABORT] },
    ];
    const world = worldOf(OVER_5_USD);
    const start = new Date("2026-11-25T10:02:00.000Z");
    const policy = { version: 1, mode: "enforce", ...ANY_SHARE, rules };
    const watched = await watchFrom(start, world, policy);
    let pages = 0;
    const runsPage = async () => ({
      runs: [],
      observedAt: watched.ports.clock.now(),
      malformed: 0,
      next: { after: new Date(Date.UTC(2026, 10, 24) + ++pages), offset: 0 },
    });
    const ports = { ...watched.process(), apify: instead(watched.ports.apify, { runsPage }) };
    const now = watched.emulator.clock.now();
    const endsBy = new Date(now + 82 * SECOND);
    await watched.run(runTick(ports, { signal: new AbortController().signal, endsBy }));
    expect(pages).toBeGreaterThan(10);
    const [call] = watched.aborts();
    expect((call?.atMs ?? Number.POSITIVE_INFINITY) - now).toBeLessThan(5 * SECOND);
  });
});

describe("a run that was settled", () => {
  it("and has lived again while nobody looked is counted anew by a backfill", async () => {
    const run = past[99] as RunScript;
    const watched = await on(worldOf({ ...run, startsAfterMs: -30 * HOUR }), oneBudget(1_000));
    await watched.ticks(20);
    expect((await recordedIn(watched.ports)).cells).toBe(600_000);
    const { apify } = watched.ports;
    const runsPage: typeof apify.runsPage = async (...asked) => {
      const page = await apify.runsPage(...asked);
      const finishedAt = new Date(START.getTime() + 2 * MINUTE);
      const runs = page.runs.map((each) => ({ ...each, usageTotalMicroUsd: 5_000_000, finishedAt }));
      return { ...page, runs };
    };
    const ports = { ...watched.ports, apify: instead(apify, { runsPage }) };
    for (let time = 0; time < 2; time++) {
      const since = new Date(START.getTime() - (2 + time) * DAY);
      await watched.run(fill(ports, since, never));
      expect((await recordedIn(watched.ports)).cells).toBe(5_000_000);
    }
  });
});
