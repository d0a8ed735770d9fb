import { describe, expect, it } from "vitest";
import type { RunScript } from "../../../emulator/index.ts";
import { documentFromCaps } from "../../../src/policy/index.ts";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { ANY_SHARE, costRule, dailyBudget, fiveUsd } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { type Watched, watchFrom } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, SECOND, worldOf } from "../../support/world.ts";
import { live as begun, DAY, past, START } from "./filling.ts";

const LEFT_OUT = { as: "absent", in: "list" } as const;

/** 30.6 USD after half a minute, and no more: the list does not say so. */
const dear: Partial<RunScript> = {
  startsAfterMs: -30 * SECOND,
  cost: { startUsd: 30.6, thenUsdPerHour: 0 },
  costMissing: LEFT_OUT,
};

const readsOf = ({ emulator }: Watched): number =>
  emulator.truth.calls.filter(({ kind }) => kind === "get").length;

describe("a cost that the list leaves out", () => {
  it.each([LEFT_OUT, { ...LEFT_OUT, as: "null" as const }])(
    "is read from the detail past the first two minutes, and the run is stopped then ($as)",
    async (costMissing) => {
      const watched = await watchFrom(START, worldOf(burning(0, { ...dear, costMissing })), fiveUsd());
      await watched.ticks(2);
      expect([watched.aborts(), readsOf(watched)]).toEqual([[], 0]);
      await watched.tick();
      expect(watched.aborts()).toHaveLength(1);
    },
  );

  it("stops the run under the thresholds of the README, too", async () => {
    const caps = documentFromCaps({ maxUsdPerRun: 5, maxRunTime: "6h" }, "enforce");
    const watched = await watchFrom(START, worldOf(burning(0, dear)), caps);
    await watched.ticks(3);
    expect(watched.aborts()).toHaveLength(1);
  });

  it.each([
    ["a budget", dailyBudget(20)],
    ["a burn rate", fiveUsd({ ...ANY_SHARE, rules: [costRule(0, { limit: { usdPerHour: 20 } })] })],
  ])("is read where %s rests on it", async (_what, document) => {
    const run = burning(60, { startsAfterMs: -30 * SECOND, costMissing: LEFT_OUT });
    const watched = await watchFrom(START, worldOf(run), document);
    await watched.ticks(30);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("is not read where nothing rests on it", async () => {
    const document = fiveUsd({ rules: [costRule(0, { limit: { runTime: "6h" } })] });
    const watched = await watchFrom(START, worldOf(burning(0, dear)), document);
    await watched.ticks(6);
    expect(readsOf(watched)).toBe(0);
  });

  it("is foreseen by the burn rate that the details told, and looked at in time", async () => {
    const run = burning(60, { startsAfterMs: -30 * SECOND, costMissing: LEFT_OUT });
    const watched = await watchFrom(START, worldOf(run), fiveUsd());
    for (let minute = 0; minute < 6; minute++) await watched.watchfulTick();
    const [abort] = watched.aborts();
    // 5 USD are reached five minutes after the start, which no tick hits.
    expect(abort?.atMs).toBeGreaterThanOrEqual(START.getTime() - 30 * SECOND + 5 * MINUTE);
    expect(abort?.atMs).toBeLessThan(START.getTime() - 30 * SECOND + 5 * MINUTE + 10 * SECOND);
  });

  it("that was told once stays known with its age when a list leaves it out, and stops nothing by itself", async () => {
    const run = burning(0, {
      startsAfterMs: -HOUR,
      cost: { startUsd: 4, thenUsdPerHour: 0 },
      costMissing: [
        { as: "absent", in: "list", fromMs: MINUTE },
        { as: "absent", in: "detail", fromMs: 2 * MINUTE },
      ],
    });
    const watched = await watchFrom(START, worldOf(run), dailyBudget(100));
    const [id = ""] = watched.runIds();
    const known = async () => (await watched.ports.state.readLive()).runs.get(id);
    await watched.ticks(5);
    // Neither list nor detail tell it any more: the rules are blind, and what was spent is counted all the same.
    expect((await known())?.run).not.toHaveProperty("usageTotalMicroUsd");
    expect((await known())?.spent?.microUsd).toBe(4_000_000);
  });

  it.each([
    { runs: 100, told: true, reads: [0, 0, 0, 0] },
    { runs: 100, told: false, reads: [100, 100, 100, 100] },
    { runs: 1_000, told: true, reads: [0, 0, 0, 0] },
    { runs: 1_000, told: false, reads: [300, 300, 300, 300, 300, 300] },
  ])(
    "takes so many details of $runs runs (told by the list: $told): $reads a tick",
    async ({ runs, told, reads }) => {
      const young = burning(0, { ...dear, startsAfterMs: -5 * MINUTE, ...(told && { costMissing: [] }) });
      const document = fiveUsd({ mode: "observe", rules: [costRule(500)] });
      const watched = await watchFrom(START, worldOf(...Array.from({ length: runs }, () => young)), document);
      const taken: number[] = [];
      for (let minute = 0; minute < reads.length; minute++) {
        const before = readsOf(watched);
        const [report] = await watched.ticks(1);
        taken.push(readsOf(watched) - before);
        const left = told ? 0 : Math.max(0, runs - 300);
        expect(report?.skipped["cost left for a later tick"] ?? 0).toBe(left);
      }
      expect(taken).toEqual(reads);
      const { runs: known } = await watched.ports.state.readLive();
      // Each has had its turn.
      expect([...known.values()].filter(({ spent }) => spent === undefined)).toEqual([]);
    },
  );

  it("keeps an exemption with a ceiling from protecting for ever", async () => {
    const document = fiveUsd({ ...ANY_SHARE, rules: [costRule(0, { limit: { runTime: "30m" } })] });
    const run = burning(6, { startsAfterMs: -HOUR, costMissing: LEFT_OUT });
    const watched = await watchFrom(START, worldOf(run), document);
    const [id = ""] = watched.runIds();
    const until = new Date(START.getTime() + DAY);
    const subject = { kind: "run", id } as const;
    const wish = { subject, until, ceilingMicroUsd: 7_000_000, owner: "ann", reason: "a sale" };
    await watched.run(grantExemption(watched.ports, wish, "ann"));
    await watched.ticks(30);
    expect(watched.aborts()).toHaveLength(1);
  });
});

describe("the history that a ledger is filled from", () => {
  it("is read by its details where the list leaves out what runs cost", async () => {
    const hidden = past.map((run) => ({ ...run, costMissing: LEFT_OUT }));
    const watched = await watchFrom(START, worldOf(...hidden, begun), dailyBudget(2));
    for (let minute = 0; minute < 6; minute++) {
      await watched.tick();
      watched.advance(MINUTE);
    }
    const { runs } = await recordedIn(watched.ports);
    const { truth, clock } = watched.emulator;
    const ended = truth.runs().filter(({ id }) => runs.has(id));
    expect(ended.length).toBeGreaterThan(60);
    for (const { id } of ended)
      expect((runs.get(id) ?? 0) / 1e6).toBeCloseTo(truth.costUsdAt(id, clock.now()), 5);
    expect(watched.aborts()).toHaveLength(1);
  });
});

describe("a run of origin STANDBY", () => {
  it("counts in every budget that its Actor falls under, and is stopped by none that does not name it", async () => {
    const standby = burning(0, {
      startsAfterMs: -HOUR,
      origin: "STANDBY",
      cost: { startUsd: 60, thenUsdPerHour: 0 },
    });
    const other = burning(0, { startsAfterMs: -HOUR, cost: { startUsd: 2.05, thenUsdPerHour: 0 } });
    const watched = await watchFrom(START, worldOf(standby, other), dailyBudget(50));
    await watched.ticks(3);
    const [first, second] = watched.runIds();
    expect(watched.aborts(first)).toEqual([]);
    expect(watched.aborts(second)).toHaveLength(1);
  });
});
