import { describe, expect, it } from "vitest";
import type { RunScript, World } from "../../../emulator/index.ts";
import type { TickReport } from "../../../src/watchdog/tick/report.ts";
import { instead } from "../../support/instead.ts";
import { fiveUsd, oneBudget } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { burning, HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const HIDDEN = { ...HEALTHY, costMissing: "absent" } as const;

describe("a rule that can't judge what it is meant for", () => {
  it("is an attention within three ticks where every cost is hidden, and is over when costs are told", async () => {
    const hidden = { ...HEALTHY, costMissing: { as: "null", untilMs: 10 * MINUTE } } as const;
    const { ticks } = await watch(worldOf(hidden, hidden), { policy: fiveUsd() });
    const reports = await ticks(12);
    expect(reports[2]?.attention).toEqual([
      expect.stringMatching(
        /^blind:cost no cost is reported for 2 of 2 runs: these rules are blind: no-run-over-5-usd/,
      ),
    ]);
    expect(reports[2]?.blind).toEqual([{ ruleId: "no-run-over-5-usd", why: "no cost is reported", runs: 2 }]);
    expect(reports[11]).toMatchObject({ attention: [], blind: [] });
  });

  it("is one in the third tick that could look, whatever fails between them", async () => {
    const watched = await watch(worldOf(HIDDEN), { policy: fiveUsd() });
    await watched.ticks(2);
    watched.emulator.faults.add({ fault: { kind: "refused", because: "token" }, times: 9 });
    await expect(watched.tick()).rejects.toThrow(/refused the token/);
    watched.advance(5 * MINUTE);
    watched.emulator.faults.clear();
    expect((await watched.tick()).attention).toEqual([expect.stringMatching(/^blind:cost /)]);
  });

  it("is a budget, too", async () => {
    const { ticks } = await watch(worldOf(HIDDEN, HEALTHY), { policy: oneBudget(50) });
    const last = (await ticks(3)).at(-1);
    expect(last?.attention).toEqual([
      expect.stringMatching(/^blind:cost no cost is reported for 1 of 2 runs/),
    ]);
    expect(last?.blind).toEqual([expect.objectContaining({ why: "no cost is reported", runs: 1 })]);
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
    expect(last?.blind).toEqual([{ ruleId: "shops", why: "actors is not reported", runs: 1 }]);
    expect(last?.attention).toEqual([
      expect.stringMatching(/^blind:shops\/actors-is-not-reported rule shops can't judge 1 run/),
    ]);
  });
});

describe("a cost of 0 that is at odds with what the detail shows", () => {
  const zero = (more: Partial<RunScript> = {}): RunScript =>
    burning(5, { startsAfterMs: -5 * HOUR, memoryMbytes: 4_096, costMissing: { as: "zero" }, ...more });
  const doubt = (reports: readonly TickReport[]): readonly string[] =>
    reports.flatMap(({ attention }) => attention.filter((each) => each.startsWith("doubtful:")));
  const leads = (more: Partial<RunScript>, free?: number): World => ({
    ...worldOf(zero({ actor: "toolbox/leads", ...more })),
    actors: [{ name: "toolbox/leads", chargesFor: { event: "lead", priceUsd: 0.01, ...(free && { free }) } }],
    tasks: [],
  });
  const readsOf = ({ emulator }: Watched): number =>
    emulator.truth.calls.filter(({ kind }) => kind === "get").length;

  it("is an attention within three ticks, says what rests on it, and ends with its cause", async () => {
    const watched = await watch(
      worldOf(zero({ costMissing: { as: "zero", untilMs: 10 * MINUTE } }), HEALTHY),
      { policy: fiveUsd({ mode: "observe" }) },
    );
    const reports = await watched.ticks(12);
    expect(doubt(reports.slice(0, 2))).toEqual([]);
    expect(reports[2]?.attention).toEqual([
      expect.stringMatching(
        new RegExp(
          `^doubtful:cost a cost of 0 is reported of 1 run .*${watched.runIds()[0]}.*: no-run-over-5-usd`,
        ),
      ),
    ]);
    expect(doubt(reports.slice(2, 10))).toHaveLength(8);
    expect(doubt(reports.slice(11))).toEqual([]);
  });

  it.each([
    ["events that were charged", leads({ cost: 20 })],
    ["a budget that rests on it", worldOf(zero())],
  ])("is one beside %s", async (_what, world) => {
    const { ticks } = await watch(world, { policy: oneBudget(500) });
    expect(doubt(await ticks(3))).toEqual([expect.stringContaining("rest on it: all")]);
  });

  it.each<[string, World]>([
    ["within a free quota", leads({ cost: 0.2, costMissing: [] }, 1_000)],
    [
      "in its first minutes",
      worldOf(zero({ startsAfterMs: -MINUTE, costMissing: { as: "zero", untilMs: 8 * MINUTE } })),
    ],
    [
      "whose user pays for nothing of it",
      worldOf(zero({ fields: { set: { platformUsageBillingModel: "DEVELOPER" } } })),
    ],
  ])("is none of a run %s", async (_what, world) => {
    const { ticks } = await watch(world, { policy: fiveUsd({ mode: "observe" }) });
    expect(doubt(await ticks(10))).toEqual([]);
  });

  it("is none where nothing rests on it, and then nothing is read for it", async () => {
    const rule = { id: "time", limit: { runTime: "9h" }, steps: [{ at: "100%", do: "abort" }] };
    const watched = await watch(worldOf(zero({ startsAfterMs: 0 })), { policy: fiveUsd({ rules: [rule] }) });
    expect(doubt(await watched.ticks(15))).toEqual([]);
    expect(readsOf(watched)).toBe(0);
  });

  it("takes 20 details a tick of many such runs, and each at most every ten minutes", async () => {
    const young = { startsAfterMs: -9 * MINUTE };
    const watched = await watch(worldOf(...Array.from({ length: 50 }, () => zero(young))), {
      policy: fiveUsd(),
    });
    const taken: number[] = [];
    for (let minute = 0; minute < 8; minute++) {
      const before = readsOf(watched);
      await watched.ticks(1);
      taken.push(readsOf(watched) - before);
    }
    expect(taken).toEqual([0, 20, 20, 10, 0, 0, 0, 0]);
  });
});

describe("runs without an origin, which may be of STANDBY", () => {
  it("are judged by their detail's, and announced where that has none either", async () => {
    const told = { ...OVER_5_USD, fields: { in: "list", omit: ["meta"] } } as const;
    const untold = { ...OVER_5_USD, fields: { set: { meta: null } } } as const;
    const { ticks, runIds, aborts } = await watch(worldOf(told, untold), { policy: fiveUsd() });
    const [, , third] = await ticks(3);
    expect(aborts().map(({ runId }) => runId)).toEqual([runIds()[0]]);
    expect(third?.attention).toEqual([
      expect.stringMatching(
        /^blind:no-run-over-5-usd\/its-origin-is-not-reported rule no-run-over-5-usd can't judge 1 run: its origin is not reported, since/,
      ),
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

  it("are one attention of all until none is held, after an outage of hours that sixty runs came out of", async () => {
    const sixty = Array.from({ length: 60 }, () => burning(2, { startsAfterMs: -HOUR }));
    const faults = [
      { match: { kind: "list" }, fault: { kind: "status", status: 503 }, times: 1e6, untilMs: 6 * HOUR },
    ] as const;
    const watched = await watch({ ...worldOf(...sixty), faults }, { policy: fiveUsd() });
    await watched.tick().catch(() => undefined);
    watched.advance(6 * HOUR);
    const stopped: number[] = [];
    for (let tick = 0; tick < 5; tick++) {
      const before = watched.aborts().length;
      const { attention, heldStops } = await watched.tick();
      stopped.push(watched.aborts().length - before);
      const held = attention.filter((each) => each.startsWith("held: "));
      expect(held).toHaveLength(tick === 0 ? 0 : 1);
      expect(heldStops.runs).toBe(60 - watched.aborts().length);
      watched.advance(MINUTE);
    }
    // Of thirty an hour, a fifth is kept for runs that burn more than any that was stopped.
    expect(stopped).toEqual([10, 10, 5, 0, 0]);
    // Of those that are left, the share allows half each hour.
    for (let hour = 0; hour < 5; hour++) {
      watched.advance(HOUR);
      await watched.ticks(4);
    }
    expect(watched.aborts()).toHaveLength(60);
    expect(await watched.tick()).toMatchObject({ attention: [], heldStops: { runs: 0 } });
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
