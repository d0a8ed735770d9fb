import { describe, expect, it } from "vitest";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { type AwaitedNotes, recallDue, setAside } from "../../../src/watchdog/ledger/awaited.ts";
import type { LiveRun } from "../../../src/watchdog/model/live.ts";
import { remember } from "../../../src/watchdog/observe/remember.ts";
import { at, DAY, HOUR, MINUTE, NOON, run, usd } from "../../support/builders.ts";

/** An ended run that is recorded, and was read again a quarter of an hour after its end. */
function waiting(id: string, againInSecs: number, more: Partial<LiveRun> = {}): LiveRun {
  const ended = {
    ...{ id, status: "SUCCEEDED", startedAt: at(-2 * HOUR), finishedAt: at(againInSecs - DAY) },
    usageTotalMicroUsd: usd(2),
  };
  const { unrecorded: _unrecorded, ...live } = remember(undefined, {
    ...{ run: run(ended), observedAt: at(-MINUTE), source: "detail" },
  });
  return {
    ...live,
    recorded: { status: "SUCCEEDED", life: 0, settled: true, version: 1 },
    resting: { at: at(-HOUR), final: true, usageMicroUsd: usd(2), againAt: at(againInSecs) },
    ...more,
  };
}

/** A pass over the memory twin at an instant. */
function passAt(
  now: Date,
  runs: readonly LiveRun[] = [],
  stores = createMemoryStores({ account: "default" }),
) {
  const live = new Map(runs.map((each) => [each.run.id, each]));
  const clock = { now: () => now, monotonicMs: () => now.getTime(), sleep: async () => undefined };
  const awaited: AwaitedNotes = {};
  const log = { info: () => undefined, warn: () => undefined };
  const noted = { skipped: new Map<string, number>(), attention: new Map<string, string>() };
  return { awaited, live, ...noted, ports: { clock, log, state: stores.state }, stores };
}

/** Records them as they are remembered. */
const record = ({ stores }: ReturnType<typeof passAt>, runs: readonly LiveRun[], status = "SUCCEEDED") =>
  stores.state.writeLedger(
    runs.map(({ run: { detail: _detail, ...each }, observedAt, spent }) => ({
      record: {
        run: { ...each, status },
        ...{ life: 0, recordedAt: observedAt, settledAt: observedAt, version: 1 },
        ...(spent && { spent }),
      },
      expectedVersion: 0,
      spend: {},
    })),
  );

describe("setAside()", () => {
  it("takes from the index what waits for its day alone, kept by when that is", async () => {
    const pass = passAt(NOON, [
      waiting("early", 22 * HOUR),
      waiting("late", 23 * HOUR + 61),
      waiting("soon", 14 * MINUTE),
      waiting("moved", 23 * HOUR, {
        resting: { at: NOON, final: true, againAt: at(23 * HOUR), moved: { at: NOON, microUsd: 1 } },
      }),
      waiting("unrecorded", 23 * HOUR, { unrecorded: { "2026-11-24T11": 1 } }),
      waiting("young", 23 * HOUR),
    ]);
    const { spent: _spent, ...untold } = waiting("untold", 23 * HOUR);
    pass.live.set("untold", untold);
    await setAside(pass, ({ run: { id } }) => id !== "young");
    expect([...pass.live.keys()]).toEqual(["soon", "moved", "unrecorded", "young", "untold"]);
    expect(await pass.ports.state.readAwaited({ after: NOON, until: at(2 * DAY) })).toEqual([
      { due: at(22 * HOUR), runIds: ["early"] },
      { due: at(23 * HOUR + 5 * MINUTE), runIds: ["late"] },
    ]);
  });
});

describe("recallDue()", () => {
  it("takes back as many as a tick reads, and goes on from there", async () => {
    const runs = Array.from({ length: 120 }, (_, i) => waiting(`run-${i}`, DAY + Math.floor(i / 40) * HOUR));
    const first = passAt(NOON, runs);
    await record(first, runs);
    await setAside(first, () => true);
    expect(first.live.size).toBe(0);

    const [later, after] = [passAt(at(1.5 * DAY), [], first.stores), passAt(at(1.5 * DAY), [], first.stores)];
    await recallDue(later);
    // Two of three slots of 40 each.
    expect([later.live.size, later.awaited.upTo]).toEqual([80, at(DAY + HOUR)]);
    expect(later.live.get("run-0")).toMatchObject({
      spent: { microUsd: usd(2) },
      resting: { final: true, usageMicroUsd: usd(2), againAt: at(1.5 * DAY) },
      recorded: { version: 1, settled: true },
    });
    Object.assign(after.awaited, later.awaited);
    await recallDue(after);
    expect([after.live.size, after.awaited.upTo]).toEqual([40, at(1.5 * DAY)]);
  });

  it("goes past an item that can't be read, and says so", async () => {
    const runs = [waiting("sound", DAY)];
    const pass = passAt(at(1.5 * DAY));
    await record(pass, runs);
    const items = [
      { due: at(DAY - HOUR), runIds: [], problem: "it names no runs that are due" },
      { due: at(DAY), runIds: ["sound"] },
    ];
    Object.assign(pass.ports.state, { readAwaited: async () => items });
    await recallDue(pass);
    expect([...pass.live.keys()]).toEqual(["sound"]);
    expect([...pass.skipped.keys()]).toEqual(["ended runs to be read again can't be read from the store"]);
  });

  it("leaves what the index has, and takes for unread what was recorded live since", async () => {
    const runs = [waiting("known", DAY), waiting("again", DAY)];
    const first = passAt(NOON, runs);
    await record(first, runs, "RUNNING");
    await setAside(first, () => true);
    const known = waiting("known", 3 * DAY);
    const later = passAt(at(DAY + MINUTE), [known], first.stores);
    await recallDue(later);
    expect(later.live.get("known")).toBe(known);
    expect(later.live.get("again")).toMatchObject({ unread: true, run: { status: "RUNNING" } });
  });

  it("gives up what could not be read for a day after it was due", async () => {
    const run = waiting("run-1", DAY);
    const first = passAt(NOON, [run]);
    await record(first, [run]);
    await setAside(first, () => true);
    const later = passAt(at(2 * DAY + MINUTE), [], first.stores);
    await recallDue(later);
    expect(later.live.size).toBe(0);
  });
});
