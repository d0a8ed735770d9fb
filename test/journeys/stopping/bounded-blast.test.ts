import { describe, expect, it } from "vitest";
import { engineMissing } from "../../support/engines/engine.ts";
import { instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, OVER_5_USD, SECOND, worldOf } from "../../support/world.ts";

const on = engineMissing ? "memory" : "engine";
const FIVE = Array.from({ length: 5 }, (_, i) => ({
  ...OVER_5_USD,
  cost: { startUsd: 6 + i, thenUsdPerHour: 0 },
}));
const limited = (maxAborts: Record<string, number>) =>
  fiveUsd({ guards: { maxAborts: { percentOfLive: 100, ...maxAborts } } });

describe("bounded blast", () => {
  it("stops as many as perTick allows, the dearest first, and the rest in later ticks", async () => {
    const { tick, ticks, aborts, runIds, advance } = await watch(worldOf(...FIVE), {
      policy: limited({ perTick: 2 }),
    });
    const report = await tick();
    expect(aborts().map(({ runId }) => runId)).toEqual([runIds()[4], runIds()[3]]);
    expect(report.decisions.map(({ action, guard }) => guard ?? action)).toEqual([
      "abort",
      "abort",
      "perTick",
      "perTick",
      "perTick",
    ]);
    advance(60_000);
    await ticks(2);
    expect(aborts()).toHaveLength(5);
  });

  it("writes down what it held, once, with the guard that held it", async () => {
    const { ticks, entries, runIds } = await watch(worldOf(OVER_5_USD), { policy: limited({ perTick: 0 }) });
    await ticks(4);
    const all = await entries(runIds()[0] ?? "");
    expect(all.map(({ kind, guard }) => [kind, guard])).toEqual([["abort.held", "perTick"]]);
  });

  it("stops two of five in all when three ticks run at once under perTick: 2", async () => {
    const { run, process, tick, aborts } = await watch(worldOf(...FIVE), {
      policy: limited({ perTick: 2 }),
      on,
    });
    await run(Promise.all([1, 2, 3].map(() => tick(process()))));
    expect(aborts()).toHaveLength(2);
  });

  it("counts the intents of a tick that is still under way", async () => {
    const { ports, process, tick, advance, aborts } = await watch(worldOf(...FIVE), {
      policy: limited({ perTick: 2 }),
    });
    let calls = 0;
    const apify = instead(ports.apify, {
      abortRun: async (call, signal) => {
        calls += 1;
        // Another tick runs from its start to its end while this one is at its second call.
        if (calls === 2) {
          advance(SECOND);
          await tick(process());
        }
        return ports.apify.abortRun(call, signal);
      },
    });
    await tick(process({ apify }));
    expect(aborts()).toHaveLength(2);
  });

  it("gives a tick its own allowance once the one before it is over, by clocks that may differ by seconds", async () => {
    const { tick, advance, aborts } = await watch(worldOf(...FIVE), { policy: limited({ perTick: 2 }), on });
    await tick();
    advance(6 * SECOND);
    await tick();
    expect(aborts()).toHaveLength(4);
  });

  it("counts any sixty minutes", async () => {
    const { ticks, advance, aborts } = await watch(worldOf(...FIVE), { policy: limited({ perHour: 2 }) });
    await ticks(30);
    expect(aborts()).toHaveLength(2);
    advance(HOUR);
    await ticks(2);
    expect(aborts()).toHaveLength(4);
  });

  it("stops no larger a share of the live runs than percentOfLive, rounded up", async () => {
    const healthy = Array.from({ length: 5 }, () => HEALTHY);
    const { ticks, aborts } = await watch(worldOf(...FIVE, ...healthy), {
      policy: limited({ percentOfLive: 35 }),
    });
    await ticks(10);
    expect(aborts()).toHaveLength(4);
  });

  it("does not let a share bind below three runs", async () => {
    const { ticks, aborts } = await watch(worldOf(...FIVE), { policy: limited({ percentOfLive: 1 }) });
    await ticks(5);
    expect(aborts()).toHaveLength(3);
  });

  it.each(["perTick", "perHour", "percentOfLive"])("stops none at %s: 0", async (guard) => {
    const { ticks, aborts } = await watch(worldOf(...FIVE), { policy: limited({ [guard]: 0 }) });
    await ticks(3);
    expect(aborts()).toEqual([]);
  });
});
