import { describe, expect, it } from "vitest";
import { createEmulator, type RunScript } from "../../../emulator/index.ts";
import { fiveUsd } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, worldOf } from "../../support/world.ts";

/** It burns 6 USD an hour, for three and a half minutes, and ends well. */
const SHORT: RunScript = {
  actor: "acme/nightly-archive",
  startsAfterMs: MINUTE,
  readyForMs: 0,
  usageLagMs: 0,
  cost: 6,
  ends: { afterMs: 3.5 * MINUTE, status: "SUCCEEDED" },
};

const NOTHING = { kind: "empty-list" } as const;

describe("a list without a run that its detail shows to be live", () => {
  it("hides from the ledger nobody who lived and died meanwhile", async () => {
    const emulator = createEmulator({ world: worldOf(HEALTHY, SHORT) });
    const watched = await watch(emulator, { policy: fiveUsd() });
    await watched.tick();
    const start = emulator.clock.now();
    emulator.faults.add({
      match: { kind: "list" },
      fault: NOTHING,
      times: 99,
      fromMs: start + 1,
      untilMs: start + 6.5 * MINUTE,
    });
    const reports = await watched.ticks(6);
    expect(reports.at(-1)?.skipped).toMatchObject({ "live run missing in the list": 1 });
    await watched.ticks(4);
    // A cost of 1 USD from the start, and 6 USD an hour for three and a half minutes.
    expect((await recordedIn(watched.ports)).cells).toBe(1_350_000);
  });

  it("makes later lists no longer than by an hour, however often it comes", async () => {
    const emulator = createEmulator({ world: worldOf(HEALTHY) });
    const watched = await watch(emulator, { policy: fiveUsd() });
    await watched.tick();
    emulator.faults.add({ match: { kind: "list" }, fault: NOTHING, times: 999 });
    await watched.ticks(90);
    const { cursor } = await watched.ports.state.readLive();
    const behindMs = emulator.clock.now() - (cursor?.getTime() ?? 0);
    expect(behindMs).toBeGreaterThan(HOUR - 2 * MINUTE);
    expect(behindMs).toBeLessThan(HOUR + 2 * MINUTE);
  });
});

describe("a run that no list tells so that it can be read", () => {
  it("is in the ledger as soon as one does, although it has lived and died meanwhile", async () => {
    const fields = { set: { status: 7 }, fromMs: 0, untilMs: 6 * MINUTE };
    const emulator = createEmulator({ world: worldOf(HEALTHY, { ...SHORT, fields }) });
    const watched = await watch(emulator, { policy: fiveUsd() });
    await watched.ticks(6);
    expect((await recordedIn(watched.ports)).cells).toBe(1_000_000);
    await watched.ticks(3);
    expect((await recordedIn(watched.ports)).cells).toBe(1_350_000);
  });
});

/** Starts a minute after the first tick, is live for twenty minutes, and costs 2 USD. */
const LONG: RunScript = {
  actor: "acme/nightly-archive",
  label: "long",
  startsAfterMs: MINUTE,
  readyForMs: 0,
  usageLagMs: 0,
  cost: 6,
  ends: { afterMs: 20 * MINUTE, status: "SUCCEEDED" },
};

describe("a run that is first listed when it is old", () => {
  it("is in the ledger although it could not be read, and had ended by the next tick", async () => {
    const emulator = createEmulator({ world: worldOf(HEALTHY, LONG) });
    const watched = await watch(emulator, { policy: fiveUsd() });
    await watched.tick();
    // No tick for twenty minutes: the list may show another life of an old run, so its detail is asked for.
    watched.advance(20.5 * MINUTE);
    emulator.faults.add({ match: { kind: "get" }, fault: { kind: "status", status: 503 }, times: 99 });
    await watched.tick();
    emulator.faults.clear();
    watched.advance(MINUTE);
    expect(watched.status(emulator.truth.idOf("long"))).toBe("SUCCEEDED");
    await watched.ticks(3);
    const { runs } = await recordedIn(watched.ports);
    expect(runs.get(emulator.truth.idOf("long"))).toBe(2_000_000);
  });

  it("is in it, too, where that was the first tick of all", async () => {
    const emulator = createEmulator({ world: worldOf({ ...LONG, startsAfterMs: -19.5 * MINUTE }) });
    const watched = await watch(emulator, { policy: fiveUsd() });
    emulator.faults.add({ match: { kind: "get" }, fault: { kind: "status", status: 503 }, times: 99 });
    await watched.tick();
    expect((await recordedIn(watched.ports)).runs.size).toBe(0);
    emulator.faults.clear();
    watched.advance(MINUTE);
    expect(watched.status(emulator.truth.idOf("long"))).toBe("SUCCEEDED");
    await watched.ticks(3);
    const { cells, runs } = await recordedIn(watched.ports);
    expect(runs.get(emulator.truth.idOf("long"))).toBe(2_000_000);
    expect(cells).toBe(2_000_000);
    expect((await watched.ports.state.readLive()).runs.get(emulator.truth.idOf("long"))).not.toHaveProperty(
      "unread",
    );
  });
});
