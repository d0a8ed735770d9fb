import { describe, expect, it } from "vitest";
import type { BudgetRule, Run } from "../../../src/policy/index.ts";
import { fill, neededSince, planBackfill } from "../../../src/watchdog/ledger/backfill.ts";
import type { Backfill, LedgerState, Reading, RunFilter } from "../../../src/watchdog/model/ports.ts";
import { at, DAY, HOUR, MINUTE, NOON, policy, run, usd } from "../../support/builders.ts";
import { instead } from "../../support/instead.ts";
import { recordedIn } from "../../support/recorded.ts";
import { watch } from "../../support/watch.ts";
import { worldOf } from "../../support/world.ts";

const state = (overrides: Partial<LedgerState> = {}): LedgerState => ({
  version: 1,
  completeSince: NOON,
  drift: [],
  ...overrides,
});
const per = (...periods: readonly BudgetRule["budget"]["per"][]) =>
  policy({
    rules: periods.map((period) => ({
      id: period,
      budget: { of: "usd", limit: usd(20), per: period, each: "account" as const, timeZone: "UTC" },
      steps: [{ at: 100, do: "abort" as const }],
    })),
  });

describe("neededSince()", () => {
  it("goes back to the first window of all budgets", () => {
    expect(neededSince(per("hour", "day", "week"), state(), at(MINUTE))).toEqual(new Date("2026-11-23"));
    expect(neededSince(per("month", "day"), state(), at(MINUTE))).toEqual(new Date("2026-11-01"));
  });

  it("needs nothing where the ledger goes back so far, where no budget asks, and before the first complete tick", () => {
    expect(
      neededSince(per("day"), state({ completeSince: new Date("2026-11-24") }), at(MINUTE)),
    ).toBeUndefined();
    expect(neededSince(per("hour"), state(), at(MINUTE))).toBeUndefined();
    expect(neededSince(policy(), state(), at(MINUTE))).toBeUndefined();
    expect(neededSince(per("day"), { version: 0, drift: [] }, at(MINUTE))).toBeUndefined();
    expect(neededSince(per("cycle"), state(), at(MINUTE))).toBeUndefined();
  });
});

describe("planBackfill()", () => {
  const under: Backfill = {
    since: at(-9 * DAY),
    until: NOON,
    runs: 3,
    unsettled: ["a"],
    place: { offset: 7 },
  };

  it("fills up to where the ledger begins", () => {
    expect(planBackfill(state(), at(-DAY))).toEqual({ since: at(-DAY), until: NOON, runs: 0, unsettled: [] });
  });

  it("goes on with the one that is under way if it goes back far enough, and begins another if not", () => {
    expect(planBackfill(state({ backfill: under }), at(-9 * DAY))).toBe(under);
    expect(planBackfill(state({ backfill: under }), at(-DAY))).toBe(under);
    expect(planBackfill(state({ backfill: under }), at(-10 * DAY))).toEqual({
      since: at(-10 * DAY),
      until: NOON,
      runs: 0,
      unsettled: [],
    });
  });

  it("has nothing to do where the ledger goes back so far, or has not begun", () => {
    expect(planBackfill(state(), NOON)).toBeUndefined();
    expect(planBackfill(state(), at(1))).toBeUndefined();
    expect(planBackfill({ version: 0, drift: [] }, at(-DAY))).toBeUndefined();
  });
});

/** A run that cost 1 USD in an hour that ended so many seconds from noon. */
const ended = (id: string, secs: number, overrides: Partial<Run> = {}): Run =>
  run({ id, status: "SUCCEEDED", startedAt: at(secs - HOUR), finishedAt: at(secs), ...overrides });

/** Apify with these runs in pages of two, a fresh ledger that begins at noon, and what was asked for. */
async function filling(
  runs: readonly Run[],
  read: (id: string) => Reading = () => ({ kind: "missing", observedAt: at(HOUR) }),
) {
  const { ports: real } = await watch(worldOf());
  const store = real.state;
  await store.writeLedgerState(state({ version: 0 }));
  const asked: { filter: RunFilter; offset: number }[] = [];
  const apify = instead(real.apify, {
    runsPage: async (filter, place) => {
      const offset = place?.offset ?? 0;
      asked.push({ filter, offset });
      const next = offset + 2 < runs.length ? { next: { offset: offset + 2 } } : {};
      return { runs: runs.slice(offset, offset + 2), observedAt: at(HOUR), malformed: 0, ...next };
    },
    readRun: async (id) => read(id),
  });
  const ports = { ...real, apify, clock: instead(real.clock, { sleep: async () => undefined }) };
  const stop = new AbortController();
  const fillFrom = (since: Date, onPage?: (progress: Backfill) => void, signal = stop.signal) =>
    fill(ports, since, signal, onPage);
  return { asked, fillFrom, stop, store, ledger: () => recordedIn({ state: store }) };
}

describe("fill()", () => {
  it("asks for what may have run on into the time to fill, and not for what ticks see", async () => {
    const { asked, fillFrom } = await filling([]);
    await fillFrom(at(-DAY));
    expect(asked).toEqual([{ filter: { startedAfter: at(-8 * DAY), startedBefore: NOON }, offset: 0 }]);
  });

  it("records what has ended and leaves what is live to the ticks, page by page", async () => {
    const runs = [ended("a", -3 * HOUR), run({ id: "live" }), ended("b", -2 * HOUR), ended("c", -HOUR)];
    const { fillFrom, ledger, store } = await filling(runs);
    const pages: number[] = [];
    const after = await fillFrom(at(-DAY), (progress) => pages.push(progress.runs));
    expect(pages).toEqual([1, 3]);
    expect(after).toMatchObject({ completeSince: at(-DAY) });
    expect(after).not.toHaveProperty("backfill");
    expect(await ledger()).toEqual({
      cells: usd(3),
      runs: new Map(["a", "b", "c"].map((id) => [id, usd(1)])),
    });
    expect((await store.readRun("a"))?.settledAt).toEqual(at(HOUR));
  });

  it("says that the ledger goes back so far only once the last page is written", async () => {
    const { fillFrom, stop, store } = await filling([
      ended("a", -3 * HOUR),
      ended("b", -2 * HOUR),
      ended("c", -HOUR),
    ]);
    const halted = await fillFrom(at(-DAY), () => stop.abort());
    expect(halted).toMatchObject({
      completeSince: NOON,
      backfill: { since: at(-DAY), until: NOON, place: { offset: 2 }, runs: 2 },
    });
    expect(await store.readLedger()).toEqual(halted);
  });

  it("begins nothing once it is stopped", async () => {
    const { asked, fillFrom, stop } = await filling([ended("a", -HOUR)]);
    stop.abort();
    expect(await fillFrom(at(-DAY))).toMatchObject({ completeSince: NOON });
    expect(asked).toEqual([]);
  });

  it("is done once: filling the same again asks for nothing and counts nothing twice", async () => {
    const { asked, fillFrom, ledger } = await filling([ended("a", -HOUR)]);
    await fillFrom(at(-DAY));
    await fillFrom(at(-DAY));
    expect(asked).toHaveLength(1);
    await fillFrom(at(-2 * DAY));
    expect(asked).toHaveLength(2);
    expect(await ledger()).toEqual({ cells: usd(1), runs: new Map([["a", usd(1)]]) });
  });

  it("reads those again that had ended only just, and takes their figures as they are then", async () => {
    const young = ended("young", HOUR - 14 * MINUTE);
    const read = (): Reading => ({
      kind: "found",
      run: { ...young, usageTotalMicroUsd: usd(1.5) },
      observedAt: at(HOUR + MINUTE),
      sentMs: 0,
    });
    const { fillFrom, ledger } = await filling([young, ended("old", HOUR - 15 * MINUTE)], read);
    await fillFrom(at(-DAY));
    expect((await ledger()).runs).toEqual(
      new Map([
        ["old", usd(1)],
        ["young", usd(1.5)],
      ]),
    );
  });

  it("comes on with a crowd of runs that had ended only just, however little time there is for each part", async () => {
    const crowd = ["a", "b", "c"].map((id) => ended(id, HOUR - MINUTE));
    const read: string[] = [];
    let part = new AbortController();
    const { fillFrom, ledger } = await filling(crowd, (id) => {
      read.push(id);
      part.abort();
      const young = crowd.find((each) => each.id === id) ?? run();
      return { kind: "found", run: young, observedAt: at(HOUR), sentMs: 0 };
    });
    for (let parts = 0; parts < 4; parts++) {
      part = new AbortController();
      await fillFrom(at(-DAY), undefined, part.signal);
    }
    expect(read).toEqual(["a", "b", "c"]);
    expect(await ledger()).toMatchObject({ cells: usd(3) });
    expect(await fillFrom(at(-DAY))).toMatchObject({ completeSince: at(-DAY) });
  });

  it("records a run that is gone when it is read again as the list had it", async () => {
    const young = ended("young", HOUR - MINUTE);
    const gone = await filling([young]);
    expect(await gone.fillFrom(at(-DAY))).toMatchObject({ completeSince: at(-DAY) });
    expect((await gone.ledger()).runs).toEqual(new Map([["young", young.usageTotalMicroUsd]]));
  });

  it("records one that is gone by the time that a later tick reads it again as the list of an earlier one had it", async () => {
    const runs = [ended("young", HOUR - MINUTE), ended("a", -HOUR), ended("b", -HOUR)];
    const { fillFrom, ledger } = await filling(runs);
    const first = new AbortController();
    await fillFrom(at(-DAY), () => first.abort(), first.signal);
    expect(await fillFrom(at(-DAY))).toMatchObject({ completeSince: at(-DAY) });
    expect((await ledger()).runs.get("young")).toBe(usd(1));
  });

  it("leaves one that was resurrected to the ticks, and comes back to it where none has seen it live", async () => {
    let now = run({ id: "young" });
    const read = (): Reading => ({ kind: "found", run: now, observedAt: at(2 * HOUR), sentMs: 0 });
    const { fillFrom, ledger } = await filling([ended("young", HOUR - MINUTE)], read);
    await expect(fillFrom(at(-DAY))).rejects.toThrow("1 of the runs to fill with could not be read");
    now = ended("young", HOUR, { usageTotalMicroUsd: usd(2) });
    expect(await fillFrom(at(-DAY))).toMatchObject({ completeSince: at(-DAY) });
    expect((await ledger()).runs).toEqual(new Map([["young", usd(2)]]));

    const seen = await filling([ended("seen", HOUR - MINUTE)], () => ({
      ...read(),
      run: run({ id: "seen" }),
    }));
    const record = { run: run({ id: "seen" }), life: 1, recordedAt: at(HOUR + MINUTE), version: 1 };
    await seen.store.writeLedger([{ record, expectedVersion: 0, spend: {} }]);
    expect(await seen.fillFrom(at(-DAY))).toMatchObject({ completeSince: at(-DAY) });
    expect(await seen.store.readRun("seen")).not.toHaveProperty("settledAt");
  });

  it("records a run whose cost Apify does not tell without a cost", async () => {
    const { usageTotalMicroUsd: _untold, ...untold } = ended("a", -HOUR);
    const { fillFrom, ledger, store } = await filling([untold]);
    await fillFrom(at(-DAY));
    expect(await store.readRun("a")).not.toHaveProperty("spent");
    expect((await ledger()).cells).toBe(0);
  });

  it("spreads a long run over its time, so that the days before get their part", async () => {
    const long = ended("long", -2 * HOUR, {
      startedAt: at(-10 * DAY - 2 * HOUR),
      usageTotalMicroUsd: usd(10),
    });
    const { fillFrom, store } = await filling([long]);
    await fillFrom(at(-11 * DAY));
    const { cells } = await store.readSpend([{ from: "2026-11-20", to: "2026-11-20" }]);
    expect(cells).toMatchObject([{ slot: "2026-11-20", microUsd: usd(1) }]);
  });
});
