import { describe, expect, it } from "vitest";
import type { World } from "../../../../emulator/index.ts";
import { grantExemption } from "../../../../src/watchdog/overrule/exemptions.ts";
import { ABORT, dailyBudget } from "../../../support/policies.ts";
import { entriesOfKind } from "../../../support/recorded.ts";
import { watchFrom } from "../../../support/watch.ts";
import { burning, HOUR, MINUTE, worldOf } from "../../../support/world.ts";

const START = new Date("2026-11-25T10:00:00.000Z");
const on = (world: World, policy: unknown, at = START) => watchFrom(at, world, policy);

describe("a budget", () => {
  it("is told of at 80%, and when it is spent, once each; its live runs are stopped, the dearest first", async () => {
    const watched = await on(worldOf(burning(10), burning(20), burning(5)), dailyBudget(20));
    await watched.ticks(40);
    const notices = await entriesOfKind(watched, "step.notified");
    expect(notices.map(({ step, subject }) => [step, subject])).toEqual([
      [{ at: 80, do: "notify" }, expect.objectContaining({ kind: "budget", group: "account" })],
      [{ at: 100, do: "abort" }, expect.objectContaining({ kind: "budget", group: "account" })],
    ]);
    expect(notices[0]?.evidence).toMatchObject({
      metric: "budget",
      limit: 20,
      unit: "USD",
      source: "ledger",
      budget: {
        per: "day",
        each: "account",
        from: "2026-11-25T00:00:00.000Z",
        to: "2026-11-26T00:00:00.000Z",
      },
    });
    const [a, b, c] = watched.runIds();
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([b, a, c]);
    const [first] = watched.aborts();
    const spent = watched.emulator.truth.crossedAt(() => true, 20) ?? 0;
    expect((first?.atMs ?? 0) - spent).toBeGreaterThanOrEqual(0);
    expect((first?.atMs ?? 0) - spent).toBeLessThan(MINUTE + 5_000);
  });

  it("stops new runs on sight while it is spent, and none once the next window has begun", async () => {
    const late = new Date("2026-11-25T22:00:00.000Z");
    const again = burning(10, { startsAfterMs: 90 * MINUTE });
    const tomorrow = burning(10, { startsAfterMs: 125 * MINUTE });
    const watched = await on(worldOf(burning(20), again, tomorrow), dailyBudget(20), late);
    await watched.ticks(100);
    expect(watched.aborts()).toHaveLength(2);
    await watched.ticks(60);
    expect(watched.aborts()).toHaveLength(2);
    expect(watched.status(watched.runIds()[2] ?? "")).toBe("RUNNING");
  });

  it("ends with a raise", async () => {
    const watched = await on(
      worldOf(burning(20), burning(10, { startsAfterMs: 70 * MINUTE })),
      dailyBudget(20),
    );
    await watched.ticks(65);
    expect(watched.aborts()).toHaveLength(1);
    await watched.push(dailyBudget(200));
    await watched.ticks(20);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("only observed calls nothing, and tells the same", async () => {
    const watched = await on(worldOf(burning(20)), { ...dailyBudget(20), mode: "observe" });
    await watched.ticks(65);
    expect(watched.aborts()).toEqual([]);
    expect((await entriesOfKind(watched, "step.notified")).map(({ step }) => step?.at)).toEqual([80, 100]);
    expect(await entriesOfKind(watched, "abort.observed")).toHaveLength(1);
  });

  it("counts each Actor by itself, and several levels all apply", async () => {
    const policy = {
      ...dailyBudget(1_000),
      rules: [
        { id: "all", budget: { usd: 1_000, per: "day" }, steps: [ABORT] },
        { id: "each", budget: { usd: 10, per: "day", each: "actor" }, steps: [ABORT] },
      ],
    };
    const watched = await on(
      worldOf(burning(12), burning(12), burning(12, { actor: "acme/nightly-archive" })),
      policy,
    );
    await watched.ticks(40);
    const [a, b] = watched.runIds();
    expect(new Set(watched.aborts().map(({ runId }) => runId))).toEqual(new Set([a, b]));
    const [intent] = await entriesOfKind(watched, "abort.intended");
    expect(intent).toMatchObject({ ruleId: "each", evidence: { budget: { each: "actor" } } });
  });

  it("each hour begins anew, and is spent by what arose in it", async () => {
    const hourly = (usd: number) => dailyBudget(usd, { budget: { usd, per: "hour" } });
    const watched = await on(worldOf(burning(6)), hourly(8));
    await watched.ticks(150);
    expect(watched.aborts()).toEqual([]);
    await watched.push(hourly(5));
    await watched.ticks(35);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("that is projected to be overspent is told of at two looks in a row", async () => {
    const steps = [{ at: "100%", do: "notify", basis: "projected" }];
    const watched = await on(
      worldOf(burning(10)),
      dailyBudget(40, { steps }),
      new Date("2026-11-25T12:00:00.000Z"),
    );
    await watched.ticks(10);
    const [notice, ...more] = await entriesOfKind(watched, "step.notified");
    expect(more).toEqual([]);
    expect(notice?.evidence).toMatchObject({ basis: "projected", limit: 40 });
    // Twelve hours at 10 USD each are to come.
    expect(notice?.evidence?.measured).toBeGreaterThan(110);
    expect(notice?.evidence?.measured).toBeLessThan(130);
  });

  it("counts what exempt runs spend, and does not stop these", async () => {
    const watched = await on(worldOf(burning(30), burning(1)), dailyBudget(20));
    await watched.ticks(2);
    const [dear, cheap] = watched.runIds();
    const until = new Date(START.getTime() + 10 * HOUR);
    const wish = { subject: { kind: "run", id: dear ?? "" }, until, owner: "ann", reason: "a sale" } as const;
    await watched.run(grantExemption(watched.ports, wish, "ann"));
    await watched.ticks(45);
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([cheap]);
    expect((await entriesOfKind(watched, "abort.held")).map(({ runId, guard }) => [runId, guard])).toEqual([
      [dear, "exemption"],
    ]);
  });
});
