import { describe, expect, it } from "vitest";
import { createEmulator, steppedClock } from "../../emulator/index.ts";
import type { Entry } from "../../src/watchdog/entry.ts";
import { grantExemption } from "../../src/watchdog/exemptions.ts";
import { ANY_SHARE, HOUR, MINUTE, OVER_5_USD, type Watched, watch, worldOf } from "../support/world.ts";

const START = new Date("2026-11-25T10:00:00.000Z");
const ENTRIES = { from: new Date("2026-11-01"), to: new Date("2026-12-31") };

/** Runs that cost so much an hour, from the world's start. */
const burning = (usdPerHour: number, overrides = {}) => ({
  ...OVER_5_USD,
  startsAfterMs: 0,
  cost: usdPerHour,
  ...overrides,
});

const daily = (usd: number, overrides = {}) => ({
  version: 1,
  mode: "enforce",
  ...ANY_SHARE,
  rules: [
    {
      id: "a-day",
      budget: { usd, per: "day" },
      steps: [
        { at: "80%", do: "notify" },
        { at: "100%", do: "abort" },
      ],
      ...overrides,
    },
  ],
});

const on = (world: ReturnType<typeof worldOf>, policy: unknown, at = START) =>
  watch(createEmulator({ world, clock: steppedClock(at) }), { policy });

async function told({ ports }: Watched, kind: Entry["kind"]): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for await (const { text } of ports.audit.list(ENTRIES)) found.push(JSON.parse(text));
  return found.filter((entry) => entry.kind === kind);
}

describe("a budget", () => {
  it("is told of at 80%, and when it is spent, once each; its live runs are stopped, the dearest first", async () => {
    const watched = await on(worldOf(burning(10), burning(20), burning(5)), daily(20));
    await watched.ticks(40);
    const notices = await told(watched, "step.notified");
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
    const watched = await on(worldOf(burning(20), again, tomorrow), daily(20), late);
    await watched.ticks(100);
    expect(watched.aborts()).toHaveLength(2);
    await watched.ticks(60);
    expect(watched.aborts()).toHaveLength(2);
    expect(watched.status(watched.runIds()[2] ?? "")).toBe("RUNNING");
  });

  it("ends with a raise", async () => {
    const watched = await on(worldOf(burning(20), burning(10, { startsAfterMs: 70 * MINUTE })), daily(20));
    await watched.ticks(65);
    expect(watched.aborts()).toHaveLength(1);
    await watched.push(daily(200));
    await watched.ticks(20);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("only observed calls nothing, and tells the same", async () => {
    const watched = await on(worldOf(burning(20)), { ...daily(20), mode: "observe" });
    await watched.ticks(65);
    expect(watched.aborts()).toEqual([]);
    expect((await told(watched, "step.notified")).map(({ step }) => step?.at)).toEqual([80, 100]);
    expect(await told(watched, "abort.observed")).toHaveLength(1);
  });

  it("counts each Actor by itself, and several levels all apply", async () => {
    const policy = {
      ...daily(1_000),
      rules: [
        { id: "all", budget: { usd: 1_000, per: "day" }, steps: [{ at: "100%", do: "abort" }] },
        { id: "each", budget: { usd: 10, per: "day", each: "actor" }, steps: [{ at: "100%", do: "abort" }] },
      ],
    };
    const watched = await on(
      worldOf(burning(12), burning(12), burning(12, { actor: "acme/nightly-archive" })),
      policy,
    );
    await watched.ticks(40);
    const [a, b] = watched.runIds();
    expect(new Set(watched.aborts().map(({ runId }) => runId))).toEqual(new Set([a, b]));
    const [intent] = await told(watched, "abort.intended");
    expect(intent).toMatchObject({ ruleId: "each", evidence: { budget: { each: "actor" } } });
  });

  it("each hour begins anew, and is spent by what arose in it", async () => {
    const policy = { ...daily(8), rules: [{ ...daily(8).rules[0], budget: { usd: 8, per: "hour" } }] };
    const watched = await on(worldOf(burning(6)), policy);
    await watched.ticks(150);
    expect(watched.aborts()).toEqual([]);
    await watched.push({ ...policy, rules: [{ ...policy.rules[0], budget: { usd: 5, per: "hour" } }] });
    await watched.ticks(35);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("that is projected to be overspent is told of at two looks in a row", async () => {
    const steps = [{ at: "100%", do: "notify", basis: "projected" }];
    const watched = await on(
      worldOf(burning(10)),
      daily(40, { steps }),
      new Date("2026-11-25T12:00:00.000Z"),
    );
    await watched.ticks(10);
    const [notice, ...more] = await told(watched, "step.notified");
    expect(more).toEqual([]);
    expect(notice?.evidence).toMatchObject({ basis: "projected", limit: 40 });
    // Twelve hours at 10 USD each are to come.
    expect(notice?.evidence?.measured).toBeGreaterThan(110);
    expect(notice?.evidence?.measured).toBeLessThan(130);
  });

  it("counts what exempt runs spend, and does not stop these", async () => {
    const watched = await on(worldOf(burning(30), burning(1)), daily(20));
    await watched.ticks(2);
    const [dear, cheap] = watched.runIds();
    const until = new Date(START.getTime() + 10 * HOUR);
    const wish = { subject: { kind: "run", id: dear ?? "" }, until, owner: "ann", reason: "a sale" } as const;
    await watched.run(grantExemption(watched.ports, wish, "ann"));
    await watched.ticks(45);
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([cheap]);
    expect((await told(watched, "abort.held")).map(({ runId, guard }) => [runId, guard])).toEqual([
      [dear, "exemption"],
    ]);
  });
});
