import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, emulatorOf, HOUR, idOf, MINUTE, SECOND } from "./support.ts";

const evenly = { cost: 6, startsAfterMs: -2 * HOUR } as const;

describe("truth.usdBetween()", () => {
  test("tells what a run and what a group cost within a span", () => {
    const emulator = emulatorOf(evenly, { ...evenly, actor: "acme/news", cost: 3, startsAfterMs: -HOUR });
    const now = emulator.clock.now();
    const { usdBetween } = emulator.truth;
    expect(usdBetween(idOf(emulator), now - 90 * MINUTE, now - 30 * MINUTE)).toBe(6);
    expect(usdBetween(({ actorName }) => actorName === "acme/news", now - 90 * MINUTE, now)).toBe(3);
    expect(usdBetween(() => true, now - 90 * MINUTE, now - 30 * MINUTE)).toBe(7.5);
    expect(() => usdBetween("nosuchrun", 0, now)).toThrow("nosuchrun");
  });

  test("has a lump in the span that begins with it, not in the one that ends there", () => {
    const ends = { afterMs: HOUR, status: "SUCCEEDED" } as const;
    const emulator = emulatorOf({ cost: { bursts: { everyMs: HOUR, usd: 5 } }, ends });
    const [id, start] = [idOf(emulator), emulator.clock.now()];
    expect(emulator.truth.usdBetween(id, start, start + HOUR)).toBe(0);
    expect(emulator.truth.usdBetween(id, start + HOUR, start + HOUR + 1)).toBe(5);
    expect(emulator.truth.spendByRun(start + HOUR, start + 2 * HOUR)).toMatchObject([{ id, usd: 5 }]);
  });

  test("has an event that was charged by a call in the span that begins with the call", () => {
    const emulator = emulatorOf({ actor: "mapworks/places", cost: 0 });
    const [id, now] = [idOf(emulator), emulator.clock.now()];
    ask(emulator, "POST", `/v2/actor-runs/${id}/charge`, { body: { eventName: "place", count: 7 } });
    expect(emulator.truth.usdBetween(id, now - HOUR, now)).toBe(0);
    expect(emulator.truth.usdBetween(id, now, now + HOUR)).toBe(0.07);
  });

  test("adds up over spans that follow one another, and never falls below nothing", () => {
    const ms = fc.integer({ min: 0, max: 5 * HOUR });
    const bursts = fc.record({ everyMs: fc.constantFrom(MINUTE, HOUR), usd: fc.constantFrom(0.5, 1) });
    fc.assert(
      fc.property(fc.array(ms, { minLength: 2, maxLength: 6 }), bursts, (cuts, lumps) => {
        const ends = { afterMs: 3 * HOUR, status: "SUCCEEDED" } as const;
        const emulator = emulatorOf({ cost: { startUsd: 0.1, thenUsdPerHour: 2, bursts: lumps }, ends });
        const [id, start] = [idOf(emulator), emulator.clock.now()];
        // On whole minutes, so that some cuts meet a lump.
        const at = cuts
          .map((cut) => start + Math.floor(cut / MINUTE) * MINUTE)
          .sort((one, other) => one - other);
        const parts = at.slice(1).map((to, index) => emulator.truth.usdBetween(id, at[index] ?? to, to));
        const whole = emulator.truth.usdBetween(id, at[0] ?? start, at.at(-1) ?? start);
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
        expect(parts.reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(whole, 7);
      }),
    );
  });
});

describe("truth.spendByRun() and spendByGroup()", () => {
  test("tell who cost what within a span, and leave out who cost nothing", () => {
    const ends = { afterMs: MINUTE, status: "SUCCEEDED" } as const;
    const emulator = emulatorOf(
      { ...evenly, task: "shop-eu" },
      { ...evenly, task: "shop-eu", cost: 12 },
      { ...evenly, origin: "WEB" },
      { ...evenly, origin: "CLI" },
      { ...evenly, ends },
      { startsAfterMs: HOUR },
    );
    const now = emulator.clock.now();
    expect(emulator.truth.spendByRun(now - HOUR, now).map(({ usd }) => usd)).toEqual([6, 12, 6, 6]);
    expect(emulator.truth.spendByGroup(now - HOUR, now)).toEqual([
      expect.objectContaining({
        actorName: "acme/shop",
        taskName: "shop-eu",
        origin: "API",
        usd: 18,
        runs: 2,
      }),
      expect.objectContaining({ actorName: "acme/shop", origin: "WEB", usd: 6, runs: 1 }),
      expect.objectContaining({ actorName: "acme/shop", origin: "CLI", usd: 6, runs: 1 }),
    ]);
  });
});

describe("truth.crossedAt()", () => {
  test("tells the millisecond at which a run's cost came to an amount", () => {
    const emulator = emulatorOf({ cost: 24 });
    const [id, start] = [idOf(emulator), emulator.clock.now()];
    expect(emulator.truth.crossedAt(id, 5)).toBeUndefined();
    emulator.clock.advance(HOUR);
    expect(emulator.truth.crossedAt(id, 5)).toBe(start + 12.5 * MINUTE);
    expect(emulator.truth.crossedAt(id, 25)).toBeUndefined();
    expect(emulator.truth.crossedAt(id, 25, { untilMs: start + 2 * HOUR })).toBe(start + 62.5 * MINUTE);
  });

  test("tells the same of a group since an instant, with runs that come and go meanwhile", () => {
    const ends = { afterMs: HOUR, status: "SUCCEEDED" } as const;
    const emulator = emulatorOf({ cost: 6, startsAfterMs: -HOUR }, { cost: 6, startsAfterMs: HOUR, ends });
    const fromMs = emulator.clock.now();
    emulator.clock.advance(5 * HOUR);
    const crossed = (usd: number) => emulator.truth.crossedAt(() => true, usd, { fromMs });
    // 6 USD in the first hour, 12 in the second, 6 in each from then on.
    expect([3, 12, 21].map(crossed)).toEqual([0.5, 1.5, 2.5].map((hours) => fromMs + hours * HOUR));
  });

  test("tells the very instant of a lump", () => {
    const emulator = emulatorOf({ cost: { bursts: { everyMs: 7 * MINUTE, usd: 2 } } });
    const start = emulator.clock.now();
    emulator.clock.advance(HOUR);
    expect(emulator.truth.crossedAt(idOf(emulator), 5)).toBe(start + 21 * MINUTE);
  });

  test("is the first millisecond of all that will do", () => {
    const microUsd = fc.integer({ min: 10_000, max: 50_000_000 });
    fc.assert(
      fc.property(microUsd, microUsd, (perHour, wanted) => {
        const emulator = emulatorOf({ cost: perHour / 1e6 });
        const [id, start] = [idOf(emulator), emulator.clock.now()];
        emulator.clock.advance(HOUR);
        const atMs = emulator.truth.crossedAt(id, wanted / 1e6);
        const reached = (ms: number) => emulator.truth.costUsdAt(id, ms) >= wanted / 1e6 - 5e-10;
        expect(atMs !== undefined).toBe(reached(start + HOUR));
        if (atMs === undefined) return;
        expect([reached(atMs - 1), reached(atMs)]).toEqual([false, true]);
      }),
    );
  });
});

test("truth.askedToAbort() tells the requests that reached the platform, whatever the caller heard", () => {
  const emulator = emulatorOf({ onAbort: { kind: "drains", forMs: 20 * SECOND } });
  const [id, start] = [idOf(emulator), emulator.clock.now()];
  const abort = (gracefully: number, token = "good") => {
    emulator.clock.advance(SECOND);
    const url = `/v2/actor-runs/${id}/abort?gracefully=${gracefully}`;
    emulator.handle({ method: "POST", url, headers: { Authorization: `Bearer ${token}` } });
  };
  emulator.faults.add({ fault: { kind: "reset", afterEffect: false }, times: 1 });
  abort(1);
  emulator.faults.add({ fault: { kind: "reset", afterEffect: true }, times: 1 });
  abort(1);
  abort(1, "other-user");
  abort(1, "bad-token");
  abort(1);
  abort(0);
  expect(emulator.truth.askedToAbort(id)).toEqual([
    { atMs: start + 2 * SECOND, gracefully: true, effect: "aborting" },
    { atMs: start + 5 * SECOND, gracefully: true, effect: "none" },
    { atMs: start + 6 * SECOND, gracefully: false, effect: "aborted" },
  ]);
  expect(emulator.truth.askedToAbort("other")).toEqual([]);
});
