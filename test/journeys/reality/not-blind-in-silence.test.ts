import { describe, expect, it } from "vitest";
import { instead } from "../../support/instead.ts";
import { fiveUsd, oneBudget } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { burning, HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const HIDDEN = { ...HEALTHY, costMissing: "absent" } as const;

describe("a rule that can't judge what it is meant for", () => {
  it("is an attention within three ticks where every cost is hidden, and is over when costs are told", async () => {
    const hidden = { ...HEALTHY, costMissing: { as: "null", untilMs: 10 * MINUTE } } as const;
    const { ticks } = await watch(worldOf(hidden, hidden), { policy: fiveUsd() });
    const reports = await ticks(12);
    expect(reports[2]?.attention).toEqual([
      expect.stringMatching(
        /^blind:cost no cost is told of 2 of 2 runs: these rules are blind: no-run-over-5-usd/,
      ),
    ]);
    expect(reports[2]?.blind).toEqual([{ ruleId: "no-run-over-5-usd", why: "no cost is told", runs: 2 }]);
    expect(reports[11]).toMatchObject({ attention: [], blind: [] });
  });

  it("is a budget, too", async () => {
    const { ticks } = await watch(worldOf(HIDDEN, HEALTHY), { policy: oneBudget(50) });
    const last = (await ticks(3)).at(-1);
    expect(last?.attention).toEqual([expect.stringMatching(/^blind:cost no cost is told of 1 of 2 runs/)]);
    expect(last?.blind).toEqual([expect.objectContaining({ why: "no cost is told", runs: 1 })]);
  });

  it("is one whose names can't be read", async () => {
    const rule = {
      id: "shops",
      for: { actors: ["acme/shop"] },
      limit: { runTime: "9h" },
      steps: [{ at: "100%", do: "abort" }],
    };
    const { ticks } = await watch(
      {
        ...worldOf(HEALTHY),
        faults: [{ match: { kind: "actor" }, fault: { kind: "refused", because: "permissions" } }],
      },
      { policy: fiveUsd({ rules: [rule] }) },
    );
    const last = (await ticks(3)).at(-1);
    expect(last?.blind).toEqual([{ ruleId: "shops", why: "actors is not told", runs: 1 }]);
    expect(last?.attention).toEqual([
      expect.stringMatching(/^blind:shops\/actors-is-not-told rule shops can't judge 1 run/),
    ]);
  });
});

describe("stops that stay held", () => {
  const forty = Array.from({ length: 40 }, () => burning(60, { startsAfterMs: -HOUR }));

  it("are an attention with the dollars an hour that they let through, until none is", async () => {
    const { ticks } = await watch(worldOf(...forty), {
      policy: fiveUsd({ guards: { maxAborts: { perTick: 1, perHour: 3 } } }),
    });
    const [first, second] = await ticks(2);
    expect(first).toMatchObject({ attention: [], heldStops: { runs: 39 } });
    expect(second?.heldStops.usdPerHour).toBeGreaterThan(2_000);
    expect(second?.attention).toEqual([
      expect.stringMatching(/^held: 3\d stops stay held \(.*\), which lets through 2\d+\.\d\d USD an hour/),
    ]);
  });

  it("are none where the next tick stops them", async () => {
    const { ticks } = await watch(worldOf(OVER_5_USD, OVER_5_USD), {
      policy: fiveUsd({ guards: { maxAborts: { perTick: 1 } } }),
    });
    expect((await ticks(4)).flatMap(({ attention }) => attention)).toEqual([]);
  });
});

describe("a run in a status that nobody knows", () => {
  it("is kept and announced, and stopped once its status is known again", async () => {
    const odd = {
      ...OVER_5_USD,
      cost: 24,
      shownAs: { status: "MIGRATING", fromMs: MINUTE, untilMs: 9 * MINUTE },
    };
    const { ticks, runIds, aborts } = await watch(
      worldOf({ ...odd, cost: { startUsd: 1, thenUsdPerHour: 24 } }),
      {
        policy: fiveUsd({
          rules: [{ id: "dear", limit: { usageTotalUsd: 26 }, steps: [{ at: "100%", do: "abort" }] }],
        }),
      },
    );
    const reports = await ticks(12);
    expect(reports[3]?.attention).toEqual([
      expect.stringMatching(
        new RegExp(
          `^status:MIGRATING 1 run in a status that is not known, which no rule judges: ${runIds()[0]}`,
        ),
      ),
    ]);
    expect(reports[11]?.attention).toEqual([]);
    expect(aborts()).toHaveLength(1);
  });
});

describe("a tick that could not do its work", () => {
  it("is not complete, and is an attention when the next can't either", async () => {
    const { ports, process, tick, advance } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const audit = instead(ports.audit, {
      append: async () => {
        throw new Error("the audit table is gone");
      },
    });
    const broken = process({ audit });
    expect(await tick(broken)).toMatchObject({ complete: false });
    advance(MINUTE);
    expect((await tick(broken)).attention).toEqual([
      expect.stringMatching(/^failed:acting-on-a-run acting on a run failed, once in this tick/),
    ]);
    advance(MINUTE);
    expect(await tick()).toMatchObject({ complete: true, attention: [] });
  });

  it("is not complete while Apify refuses the call, and budgets go on all the same", async () => {
    const { ports, process, tick } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const apify = instead(ports.apify, {
      abortRun: async () =>
        ({ kind: "refused", status: 403, type: "insufficient-permissions", retryable: false }) as const,
    });
    expect(await tick(process({ apify }))).toMatchObject({ complete: false });
    expect((await ports.state.readLive()).completeAt).toBeDefined();
  });

  it("is an attention at once where its heartbeat can't be written", async () => {
    const { ports, process, tick } = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const state = instead(ports.state, {
      writeLive: async () => {
        throw new Error("throttled");
      },
    });
    const report = await tick(process({ state }));
    expect(report.attention).toEqual([expect.stringMatching(/^failed:writing-the-heartbeat /)]);
    expect(report.complete).toBe(false);
  });

  it("is an attention when coverage is short in three ticks", async () => {
    const { ports, process, tick, advance } = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const broken = process({
      apify: instead(ports.apify, {
        listRuns: async (filter, signal) => ({
          ...(await ports.apify.listRuns(filter, signal)),
          complete: false,
        }),
      }),
    });
    const said: string[][] = [];
    for (let i = 0; i < 3; i++) {
      said.push([...(await tick(broken)).attention]);
      advance(MINUTE);
    }
    expect(said).toEqual([[], [], [expect.stringMatching(/^coverage:listing-cut-short /)]]);
  });
});
