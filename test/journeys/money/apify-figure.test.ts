import { describe, expect, it } from "vitest";
import { instead } from "../../support/instead.ts";
import { oneBudget } from "../../support/policies.ts";
import { MINUTE, worldOf } from "../../support/world.ts";
import { live, on } from "./filling.ts";

describe("Apify's own figure", () => {
  const cycle = { day: 25, hour: 0 };
  it("is compared with the ledger each hour, and the difference is what was spent outside of runs", async () => {
    const world = { ...worldOf(live), cycleStart: cycle, outsideUsdPerHour: 0.1 };
    const watched = await on(world, oneBudget(1_000, "cycle"));
    await watched.ticks(125);
    const { drift } = await watched.ports.state.readLedger();
    expect(drift.length).toBeGreaterThanOrEqual(2);
    const last = drift.at(-1);
    expect(((last?.apifyMicroUsd ?? 0) - (last?.ledgerMicroUsd ?? 0)) / 1e6).toBeGreaterThan(0);
    expect((await watched.tick()).attention).toEqual([]);
  });

  it("calls for a person when it jumps away from the ledger", async () => {
    const world = { ...worldOf(live), cycleStart: cycle, outsideJumps: [{ afterMs: 90 * MINUTE, usd: 25 }] };
    const watched = await on(world, oneBudget(1_000, "cycle"));
    await watched.ticks(125);
    expect((await watched.tick()).attention).toEqual([
      expect.stringMatching(
        /^drift: \$25\.\d\d were spent outside of the runs that the ledger knows between /,
      ),
    ]);
  });

  it("calls for a person when the ledger is above it, at two comparisons in a row", async () => {
    const watched = await on(
      { ...worldOf({ ...live, cost: 20 }), cycleStart: cycle },
      oneBudget(1_000, "cycle"),
    );
    const apify = instead(watched.ports.apify, {
      limits: async (signal) => ({
        ...(await watched.ports.apify.limits(signal)),
        monthlyUsageMicroUsd: 1_000,
      }),
      monthlyUsage: async (signal) => ({
        ...(await watched.ports.apify.monthlyUsage(signal)),
        totalMicroUsd: 1_000,
      }),
    });
    const ports = watched.process({ apify });
    const said: string[] = [];
    for (let minute = 0; minute < 190; minute++) {
      const { attention } = await watched.tick(ports);
      said.push(attention.join());
      watched.advance(MINUTE);
    }
    expect(said.findIndex((text) => text.includes("the ledger has"))).toBeGreaterThan(100);
  });
});
