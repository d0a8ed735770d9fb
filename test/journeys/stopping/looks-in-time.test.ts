import { describe, expect, it } from "vitest";
import type { RunScript } from "../../../emulator/index.ts";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { runTick } from "../../../src/watchdog/tick/tick.ts";
import { instead } from "../../support/instead.ts";
import { ABORT, ANY_SHARE } from "../../support/policies.ts";
import { watchFrom, within } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, SECOND, worldOf } from "../../support/world.ts";

const START = new Date("2026-11-25T10:00:00.000Z");

const policy = (rule: Record<string, unknown>) => ({
  version: 1,
  mode: "enforce",
  ...ANY_SHARE,
  rules: [{ id: "only", steps: [ABORT], ...rule }],
});

const on = (rule: Record<string, unknown>, ...runs: readonly RunScript[]) =>
  watchFrom(START, worldOf(...runs), policy(rule));

const steady = (usdPerHour: number, startsAfterMs = -HOUR): RunScript =>
  burning(usdPerHour, { startsAfterMs });

describe("a look in time", () => {
  it("that fails is not taken again at once, and none is taken after the wait", async () => {
    const watched = await on({ limit: { usageTotalUsd: 1.5 } }, steady(12, -5 * MINUTE));
    await watched.ticks(2);
    const { apify } = watched.ports;
    const startMs = watched.emulator.clock.now();
    const untilMs = startMs + MINUTE;
    const readsAtMs: number[] = [];
    const stop = new AbortController();
    const readRun = () => {
      readsAtMs.push(watched.ports.clock.now().getTime());
      watched.advance(5);
      // Else a loop without a pause would never let this test fail.
      if (readsAtMs.length > 500) stop.abort();
      return Promise.reject(new Error("a failure"));
    };
    const ports = { ...watched.process(), apify: instead(apify, { readRun }) };
    const options = { signal: stop.signal, endsBy: new Date(startMs + 90 * SECOND) };
    await watched.run(runTick(ports, { ...options, watchUntil: new Date(untilMs) }));
    expect(readsAtMs.length).toBeGreaterThan(1);
    expect(readsAtMs.length).toBeLessThan(20);
    expect(Math.max(...readsAtMs)).toBeLessThan(untilMs);
  });

  it("that can't be foreseen, for the store does not answer, ends the wait and not the tick", async () => {
    const watched = await on({ limit: { runTime: "70m" } }, steady(1));
    await watched.ticks(2);
    const { state } = watched.ports;
    let isWritten = false;
    const failing = instead(state, {
      writeLive: async (next) => {
        await state.writeLive(next);
        isWritten = true;
      },
      readControl: () => (isWritten ? Promise.reject(new Error("throttled")) : state.readControl()),
    });
    const now = watched.emulator.clock.now();
    const report = await watched.run(
      runTick(
        { ...watched.process(), state: failing },
        {
          ...within(watched, 90 * SECOND),
          watchUntil: new Date(now + MINUTE),
        },
      ),
    );
    expect(report).toMatchObject({ watched: 0, skipped: { "looks in time given up": 1 } });
  });

  it("whose call Apify does not take leaves the tick incomplete, as its heartbeat says", async () => {
    const watched = await on({ limit: { runTime: "3751s" } }, steady(1));
    await watched.ticks(2);
    const refusal = { kind: "status", status: 400, type: "invalid-request" } as const;
    watched.emulator.faults.add({ match: { kind: "abort" }, fault: refusal, times: 99 });
    const report = await watched.watchfulTick();
    expect(report.outcomes).toMatchObject([{ kind: "abort.intended" }, { kind: "abort.failed" }]);
    expect(report).toMatchObject({ watched: 1, skipped: {}, complete: false });
    expect((await watched.ports.state.readLive()).heartbeat).toMatchObject({ complete: false });
  });

  it("stops a run within a second of its time limit, between two ticks", async () => {
    const watched = await on({ limit: { runTime: "3751s" } }, steady(1));
    for (let minute = 0; minute < 3; minute++) await watched.watchfulTick();
    const [call] = watched.aborts();
    const limitMs = START.getTime() + 2 * MINUTE + 31 * SECOND;
    expect(call?.atMs).toBeGreaterThanOrEqual(limitMs);
    expect(call?.atMs).toBeLessThan(limitMs + SECOND);
  });

  it("stops a run of steady burn within two seconds of its money limit, and tells of 80% as soon", async () => {
    const steps = [{ at: "99.5%", do: "notify" }, ABORT];
    // 12 USD an hour: 5 minutes a dollar.
    const watched = await on({ limit: { usageTotalUsd: 12.55 }, steps }, steady(12));
    for (let minute = 0; minute < 4; minute++) await watched.watchfulTick();
    const [runId = ""] = watched.runIds();
    const crossed = watched.emulator.truth.crossedAt(runId, 12.55) ?? 0;
    const [call] = watched.aborts();
    expect(call?.atMs).toBeGreaterThanOrEqual(crossed);
    expect(call?.atMs).toBeLessThan(crossed + 2 * SECOND);
    const [notice] = await watched.entries(runId);
    const told = watched.emulator.truth.crossedAt(runId, 12.55 * 0.995) ?? 0;
    expect(Date.parse(notice?.at ?? "") - told).toBeLessThan(2 * SECOND);
  });

  it("finds a budget spent between two ticks, by listing once what is live", async () => {
    const runs = [steady(6, 0), steady(6, 0), steady(12, 0)];
    const watched = await on({ budget: { usd: 4, per: "day" } }, ...runs);
    for (let minute = 0; minute < 12; minute++) await watched.watchfulTick();
    const crossed = watched.emulator.truth.crossedAt(() => true, 4) ?? 0;
    const calls = watched.aborts();
    expect(calls).toHaveLength(3);
    for (const { atMs } of calls) {
      expect(atMs).toBeGreaterThanOrEqual(crossed);
      expect(atMs).toBeLessThan(crossed + 5 * SECOND);
    }
  });

  it("does not wait, nor ask for more, where nothing is due before the next tick", async () => {
    const watched = await on({ limit: { runTime: "5h" } }, steady(1));
    const plain = await watched.tick();
    const report = await watched.watchfulTick();
    expect(report.watched).toBe(0);
    expect(report.apiRequests).toBeLessThanOrEqual(plain.apiRequests + 1);
    const tookMs = Date.parse(report.finishedAt) - Date.parse(report.startedAt);
    expect(tookMs).toBeLessThan(SECOND);
  });

  it("obeys a pause that comes while it waits", async () => {
    const watched = await on({ limit: { runTime: "3630s" } }, steady(1));
    const { clock: real } = watched.ports;
    const clock = instead(real, {
      sleep: async (ms, signal) => {
        if (ms > 5 * SECOND && ms < 40 * SECOND) {
          await pause(watched.ports, { by: "ann", reason: "wait" });
        }
        return real.sleep(ms, signal);
      },
    });
    await watched.watchfulTick(watched.process({ clock }));
    expect(watched.aborts()).toEqual([]);
    expect(await watched.kinds(watched.runIds()[0] ?? "")).toEqual(["abort.held"]);
  });

  it("stops no run that stops spending before the instant that was foreseen", async () => {
    const stalling: RunScript = {
      ...steady(12),
      cost: { stretches: [{ forMs: HOUR + 20 * SECOND, usdPerHour: 12 }], thenUsdPerHour: 0 },
    };
    const watched = await on({ limit: { usageTotalUsd: 12.12 } }, stalling);
    for (let minute = 0; minute < 5; minute++) await watched.watchfulTick();
    expect(watched.aborts()).toEqual([]);
  });

  it("makes no second call when the next tick runs over it", async () => {
    const watched = await on({ limit: { runTime: "3659s" } }, steady(1));
    await watched.run(
      Promise.all([
        watched.watchfulTick(),
        (async () => {
          await watched.ports.clock.sleep(59 * SECOND);
          await watched.tick(watched.process());
        })(),
      ]),
    );
    expect(watched.aborts()).toHaveLength(1);
  });

  it("misses no limit that is reached while another run is being stopped", async () => {
    // Three limits within half a second; a stop takes more than one.
    const runs = [0, 200, 450].map((ms) => steady(1, -HOUR + ms));
    const watched = await on({ limit: { runTime: "3630s" } }, ...runs);
    const { apify: real, clock } = watched.ports;
    const slow = instead(real, {
      readRun: async (id, signal) => {
        await clock.sleep(300);
        return real.readRun(id, signal);
      },
    });
    await watched.watchfulTick(watched.process({ apify: slow }));
    expect(watched.aborts()).toHaveLength(3);
    for (const { atMs } of watched.aborts()) expect(atMs).toBeLessThan(START.getTime() + 35 * SECOND);
  });
});
