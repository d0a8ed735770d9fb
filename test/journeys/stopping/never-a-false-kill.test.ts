import { describe, expect, it } from "vitest";
import { instead } from "../../support/instead.ts";
import { ABORT, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf, YOUNG_OVER_5_USD } from "../../support/world.ts";

describe("never a false kill", () => {
  it("stops the run that is over its limit, and no other", async () => {
    const { tick, aborts, runIds } = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: fiveUsd() });
    await tick();
    expect(aborts().map(({ runId, gracefully, effect }) => ({ runId, gracefully, effect }))).toEqual([
      { runId: runIds()[0], gracefully: true, effect: "aborting" },
    ]);
  });

  it("does not call for a run that ended between the listing and the act", async () => {
    const { emulator, tick, aborts } = await watch(
      worldOf({ ...YOUNG_OVER_5_USD, ends: { afterMs: 5 * MINUTE, status: "SUCCEEDED" } }),
      { policy: fiveUsd() },
    );
    // The list still shows the run as it was a minute ago; its detail says SUCCEEDED.
    emulator.faults.add({ match: { kind: "list" }, fault: { kind: "lagging", byMs: MINUTE }, times: 9 });
    emulator.clock.advance(1_000);
    const report = await tick();
    expect(report.decisions).toMatchObject([{ action: "abort", evidence: { source: "list" } }]);
    expect(aborts()).toEqual([]);
  });

  it("judges the reading that it takes just before the call, by what is in force then", async () => {
    const { ports, push, process, tick, aborts, kinds, runIds } = await watch(worldOf(YOUNG_OVER_5_USD), {
      policy: fiveUsd(),
    });
    const steps = [ABORT];
    const raised = fiveUsd({ rules: [{ id: "raised", limit: { usageTotalUsd: 50 }, steps }] });
    const apify = instead(ports.apify, {
      readRun: async (id, signal) => {
        await push(raised);
        return ports.apify.readRun(id, signal);
      },
    });
    const report = await tick(process({ apify }));
    expect(report.decisions).toMatchObject([{ action: "abort" }]);
    expect(aborts()).toEqual([]);
    expect(await kinds(runIds()[0] ?? "")).toEqual([]);
  });

  it("takes a cost that Apify does not tell for unknown, never for 0 and never for a breach", async () => {
    const missing = { ...OVER_5_USD, costMissing: "absent" } as const;
    const { tick, aborts } = await watch(worldOf(missing, { ...missing, costMissing: "null" }), {
      policy: fiveUsd(),
    });
    const report = await tick();
    expect(aborts()).toEqual([]);
    expect(report.unknownCost).toBe(2);
    expect(report.skipped).toMatchObject({ "usageTotalUsd unknown": 2 });
  });

  it("still judges a run of unknown cost by its time", async () => {
    const rules = [{ id: "short", limit: { runTime: "30m" }, steps: [ABORT] }];
    const { tick, aborts } = await watch(worldOf({ ...OVER_5_USD, costMissing: "absent" }), {
      policy: fiveUsd({ rules }),
    });
    await tick();
    expect(aborts()).toHaveLength(1);
  });

  it.each([
    { kind: "status", status: 503 },
    { kind: "html", status: 502 },
    { kind: "bad-json" },
    { kind: "no-data" },
    { kind: "reset", afterEffect: false },
  ] as const)("calls nothing when every answer is $kind", async (fault) => {
    const { emulator, tick, aborts } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    emulator.faults.add({ match: {}, fault, times: 10_000 });
    await expect(tick()).rejects.toThrow();
    expect(aborts()).toEqual([]);
  });

  it("does not take an empty list for an account without runs", async () => {
    const { emulator, tick, aborts, runIds } = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    await tick();
    emulator.faults.add({ match: { kind: "list" }, fault: { kind: "empty-list" }, times: 10 });
    const report = await tick();
    expect(report.evaluated).toBe(1);
    expect(emulator.truth.calls.some(({ kind, runId }) => kind === "get" && runId === runIds()[0])).toBe(
      true,
    );
    expect(aborts()).toEqual([]);
  });

  it("does not count the time in the queue as run time", async () => {
    const rules = [{ id: "short", limit: { runTime: "30m" }, steps: [ABORT] }];
    const { ticks, aborts, status, runIds } = await watch(
      worldOf({ actor: "acme/shop", readyForMs: 40 * MINUTE }),
      { policy: fiveUsd({ rules }) },
    );
    await ticks(60);
    expect(status(runIds()[0] ?? "")).toBe("RUNNING");
    expect(aborts()).toEqual([]);
    await ticks(20);
    expect(aborts()).toHaveLength(1);
  });

  it("begins the time of a resurrected run anew, although its startedAt stays old", async () => {
    const rules = [{ id: "short", limit: { runTime: "2h" }, steps: [ABORT] }];
    const { emulator, ports, run, ticks, aborts, runIds } = await watch(
      worldOf({ actor: "acme/shop", readyForMs: 0, ends: { afterMs: 30 * MINUTE, status: "SUCCEEDED" } }),
      { policy: fiveUsd({ rules }) },
    );
    await ticks(45);
    emulator.clock.advance(3 * HOUR);
    await run(ports.apify.resurrectRun(runIds()[0] ?? "", {}, new AbortController().signal));
    await ticks(20);
    expect(aborts()).toEqual([]);
  });

  it("stops nothing when no policy was pushed, and says so", async () => {
    const { tick, aborts } = await watch(worldOf(OVER_5_USD));
    const report = await tick();
    expect(report).toMatchObject({
      policyVersion: null,
      decisions: [],
      skipped: { "no policy was pushed": 1 },
    });
    expect(aborts()).toEqual([]);
  });

  it("counts no time from before the first look where Apify does not say whether a run was resurrected", async () => {
    const rules = [{ id: "short", limit: { runTime: "6h" }, steps: [ABORT] }];
    const { ports, process, tick, aborts } = await watch(worldOf({ ...HEALTHY, startsAfterMs: -10 * HOUR }), {
      policy: fiveUsd({ rules }),
    });
    const apify = instead(ports.apify, {
      readRun: async (id, signal) => {
        const reading = await ports.apify.readRun(id, signal);
        return reading.kind === "found"
          ? { ...reading, run: { ...reading.run, detail: { stats: {} } } }
          : reading;
      },
    });
    await tick(process({ apify }));
    expect(aborts()).toEqual([]);
  });

  it("does not wait for ever for what shows since when a run has been running", async () => {
    const rules = [{ id: "short", limit: { runTime: "6h" }, steps: [ABORT] }];
    const { ports, process, tick, advance, aborts } = await watch(
      worldOf({ ...HEALTHY, startsAfterMs: -10 * HOUR }),
      { policy: fiveUsd({ rules }) },
    );
    const apify = instead(ports.apify, {
      readRun: async (id, signal) => {
        const reading = await ports.apify.readRun(id, signal);
        const detail = { stats: {}, resurrectCount: 0 };
        return reading.kind === "found" ? { ...reading, run: { ...reading.run, detail } } : reading;
      },
    });
    await tick(process({ apify }));
    expect(aborts()).toEqual([]);
    advance(MINUTE);
    await tick(process({ apify }));
    expect(aborts()).toHaveLength(1);
  });
});
