import { describe, expect, it } from "vitest";
import type { Run } from "../../../src/policy/index.ts";
import type { StateStore } from "../../../src/watchdog/model/ports.ts";
import { instead } from "../../support/instead.ts";
import { ABORT, ANY_SHARE, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HOUR, MINUTE, worldOf } from "../../support/world.ts";

type Shown = Pick<Run, "usageTotalMicroUsd" | "detail">;

/** A run whose figures the test sets, under one rule; the policy can be made unreadable for a while. */
async function figures(limit: Record<string, unknown>) {
  const rules = [{ id: "rule", limit, steps: [ABORT] }];
  const watched = await watch(worldOf({ actor: "acme/shop", startsAfterMs: -5 * HOUR, readyForMs: 0 }), {
    policy: fiveUsd({ ...ANY_SHARE, rules }),
  });
  let shown: Shown = {};
  let isReadable = true;
  const { apify, state } = watched.ports;
  const showing = (run: Run): Run => {
    const { detail, ...cost } = shown;
    return { ...run, ...cost, ...(run.detail && detail && { detail }) };
  };
  const ports = watched.process({
    apify: instead(apify, {
      listRuns: async (...asked) => {
        const listing = await apify.listRuns(...asked);
        return { ...listing, runs: listing.runs.map(showing) };
      },
      readRun: async (...asked) => {
        const reading = await apify.readRun(...asked);
        return reading.kind === "found" ? { ...reading, run: showing(reading.run) } : reading;
      },
    }),
    state: instead<StateStore>(state, {
      readPolicy: (version) =>
        isReadable ? state.readPolicy(version) : Promise.reject(new Error("throttled")),
    }),
  });
  return {
    aborts: () => watched.aborts().length,
    advance: watched.advance,
    /** One tick that sees these figures, and the minute after it. */
    async see(next: Shown, { readable = true } = {}) {
      shown = next;
      isReadable = readable;
      // A process of its own, which has the policy to read.
      ports.memory.policies.clear();
      await watched.tick(ports).catch(() => undefined);
      watched.advance(MINUTE);
    },
  };
}

const memory = (memCurrentBytes: number): Shown => ({ detail: { stats: { memCurrentBytes } } });
const FULL = memory(2e9);
const LOW = memory(1e6);

describe("a row of looks", () => {
  it("is two looks in a row, and then the run is stopped", async () => {
    const { see, aborts } = await figures({ "stats.memCurrentBytes": "1GB" });
    await see(FULL);
    expect(aborts()).toBe(0);
    await see(FULL);
    expect(aborts()).toBe(1);
  });

  it("does not go on over ticks that could not read the policy, whatever they would have seen", async () => {
    const { see, aborts } = await figures({ "stats.memCurrentBytes": "1GB" });
    await see(FULL);
    for (const _ of [1, 2, 3]) await see(LOW, { readable: false });
    await see(FULL);
    expect(aborts()).toBe(0);
    await see(FULL);
    expect(aborts()).toBe(1);
  });

  it("does not go on over an outage, of which nobody knows what the run did", async () => {
    const { see, aborts, advance } = await figures({ "stats.memCurrentBytes": "1GB" });
    await see(FULL);
    advance(2 * HOUR);
    await see(FULL);
    expect(aborts()).toBe(0);
    await see(FULL);
    expect(aborts()).toBe(1);
  });

  it("is not made of one jump of the cost, looked at again and again", async () => {
    const { see, aborts } = await figures({ usdPerHour: 2 });
    await see({ usageTotalMicroUsd: 1_000_000 });
    for (const _ of [1, 2, 3, 4, 5, 6]) await see({ usageTotalMicroUsd: 1_100_000 });
    expect(aborts()).toBe(0);
  });

  it("is not made of a figure that Apify refreshes every five minutes, of a run that burns half the limit", async () => {
    const { see, aborts } = await figures({ usdPerHour: 2 });
    for (let minute = 3; minute < 43; minute++)
      await see({ usageTotalMicroUsd: Math.floor(minute / 5) * 83_333 });
    expect(aborts()).toBe(0);
  });

  it("shows a run that burns twice the limit, whose figure is refreshed as seldom", async () => {
    const { see, aborts } = await figures({ usdPerHour: 2 });
    for (let minute = 3; minute < 23; minute++)
      await see({ usageTotalMicroUsd: Math.floor(minute / 5) * 333_333 });
    expect(aborts()).toBe(1);
  });

  it("does not thin out work in an outage by the idle time around it", async () => {
    const { see, aborts, advance } = await figures({ idleTime: "10m" });
    let durationMillis = 0;
    const idle = (netRxBytes: number): Shown => ({
      detail: {
        stats: { netRxBytes, netTxBytes: 0, cpuCurrentUsage: 1, durationMillis: ++durationMillis },
        usage: { DATASET_WRITES: 0 },
        events: {},
      },
    });
    await see(idle(0));
    await see(idle(1_000));
    advance(12 * MINUTE);
    await see(idle(12_000_000));
    expect(aborts()).toBe(0);
    for (let minute = 0; minute < 12; minute++) await see(idle(12_000_000));
    expect(aborts()).toBe(1);
  });
});
