import { describe, expect, test } from "vitest";
import { createEmulator, type World } from "../../emulator/index.ts";
import { ask, emulatorOf, HOUR, idOf, type Json, MINUTE, SECOND, serve, worldOf } from "./support.ts";

const detail = (emulator: ReturnType<typeof emulatorOf>, index = 0): Json =>
  ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator, index)}`).data;

const PAID: World = {
  ...worldOf({ actor: "mapworks/places", cost: 36, usageLagMs: 100 * SECOND }),
  actors: [
    { name: "acme/shop" },
    {
      name: "mapworks/places",
      chargesFor: [
        { event: "start", priceUsd: 0.5, atStart: 1 },
        { event: "place", priceUsd: { FREE: 0.02, SILVER: 0.01, GOLD: 0.005 }, share: 3 },
        { event: "review", priceUsd: 0.001 },
      ],
    },
    { name: "toolbox/free" },
  ],
};

describe("a run that charges several events", () => {
  test("charges what happens at the start once, and splits the rest by shares at this account's tier", () => {
    const emulator = createEmulator({ world: PAID });
    // 36 USD an hour are a cent a second: 4.5 USD beyond the start, three quarters of them for places.
    emulator.clock.advance(500 * SECOND);
    expect(detail(emulator).chargedEventCounts).toEqual({ start: 1, place: 337, review: 1125 });
  });

  test("has its total follow the events that are accounted for", () => {
    const emulator = createEmulator({ world: PAID });
    emulator.clock.advance(500 * SECOND);
    const { accountedChargedEventCounts: accounted, usageTotalUsd } = detail(emulator);
    expect(usageTotalUsd).toBe(4);
    expect(accounted).toEqual({ start: 1, place: 262, review: 875 });
    const told = accounted.start * 0.5 + accounted.place * 0.01 + accounted.review * 0.001;
    expect(told).toBeLessThanOrEqual(usageTotalUsd);
    expect(told).toBeGreaterThan(usageTotalUsd - 0.011);
  });

  test("tells one price of an event or one for each tier, never both, and no breakdown in dollars", () => {
    const run = detail(createEmulator({ world: PAID }));
    expect(run.pricingInfo.pricingPerEvent.actorChargeEvents).toEqual({
      start: expect.objectContaining({ eventPriceUsd: 0.5, isOneTimeEvent: true, isPrimaryEvent: false }),
      place: {
        eventTitle: "place",
        eventDescription: "Charged for each place",
        eventTieredPricingUsd: {
          FREE: { tieredEventPriceUsd: 0.02 },
          SILVER: { tieredEventPriceUsd: 0.01 },
          GOLD: { tieredEventPriceUsd: 0.005 },
        },
        isPrimaryEvent: true,
      },
      review: expect.objectContaining({ eventPriceUsd: 0.001 }),
    });
    expect(run).not.toHaveProperty("usageUsd");
    expect(run).toHaveProperty("usage");
  });

  test("is charged by the official client for any of its events, at this event's price", async () => {
    const emulator = createEmulator({ world: PAID });
    emulator.clock.advance(100 * SECOND);
    const { client } = await serve(emulator);
    const before = emulator.truth.costUsdAt(idOf(emulator), emulator.clock.now());
    await client.run(idOf(emulator)).charge({ eventName: "review", count: 7 });
    expect(detail(emulator).chargedEventCounts.review).toBe(125 + 7);
    expect(emulator.truth.costUsdAt(idOf(emulator), emulator.clock.now())).toBeCloseTo(before + 0.007, 9);
    await expect(client.run(idOf(emulator)).charge({ eventName: "tree", count: 1 })).rejects.toThrow("tree");
  });
});

describe("pricing", () => {
  test("is attached to other people's Actors, and to none of one's own that charges for nothing", () => {
    const runs = [{ actor: "acme/shop" }, { actor: "toolbox/free" }, { actor: "mapworks/places" }];
    const emulator = createEmulator({ world: { ...PAID, runs } });
    const models = [0, 1, 2].map((index) => detail(emulator, index).pricingInfo?.pricingModel);
    expect(models).toEqual([undefined, "FREE", "PAY_PER_EVENT"]);
  });
});

describe("an idle run", () => {
  const idle = { cost: 2, idleAfterMs: 10 * MINUTE, memoryMbytes: 4_096, usageLagMs: 0 };

  test("is as busy as any until it runs out of work", () => {
    const [one, other] = [emulatorOf(idle), emulatorOf({ ...idle, idleAfterMs: HOUR })];
    for (const emulator of [one, other]) emulator.clock.advance(9 * MINUTE);
    const shown = (run: Json) => [run.stats, run.usage, run.usageTotalUsd];
    expect(shown(detail(one))).toEqual(shown(detail(other)));
  });

  test("brings nothing about from then on, to the last digit, while its container is paid for", () => {
    const emulator = emulatorOf(idle);
    emulator.clock.advance(10 * MINUTE);
    const first = detail(emulator);
    for (let minute = 0; minute < 90; minute++) {
      emulator.clock.advance(MINUTE);
      const { usage, usageUsd, usageTotalUsd, stats } = detail(emulator);
      const { ACTOR_COMPUTE_UNITS: units, ...outputs } = usage;
      const { ACTOR_COMPUTE_UNITS: _first, ...before } = first.usage;
      expect(outputs).toEqual(before);
      expect(stats.cpuCurrentUsage).toBeLessThan(1);
      expect(units).toBeCloseTo(first.usage.ACTOR_COMPUTE_UNITS + (4 * (minute + 1)) / 60, 6);
      const parts = Object.values(usageUsd as Record<string, number>);
      expect(parts.reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(usageTotalUsd, 9);
    }
    const { stats, usageTotalUsd } = detail(emulator);
    expect(usageTotalUsd).toBeCloseTo(2 / 6 + 0.8 * 1.5, 9);
    const bytes = stats.netRxBytes + stats.netTxBytes - first.stats.netRxBytes - first.stats.netTxBytes;
    expect(bytes).toBeGreaterThan(0);
    expect(bytes / (90 * 60)).toBeLessThan(100);
  });

  test("goes on to work when it is resurrected, until it is idle again", () => {
    const emulator = emulatorOf({ ...idle, timeoutSecs: 1_200 });
    emulator.clock.advance(30 * MINUTE);
    const before = detail(emulator).stats.netRxBytes;
    ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/resurrect`);
    emulator.clock.advance(5 * MINUTE);
    expect(detail(emulator).stats.netRxBytes - before).toBe(300 * 50_000);
    expect(detail(emulator).stats.cpuCurrentUsage).toBeGreaterThan(1);
  });

  test("of an Actor that is paid by its events costs nothing more, and charges nothing more", () => {
    const world = { ...PAID, runs: PAID.runs.map((run) => ({ ...run, idleAfterMs: 10 * MINUTE })) };
    const emulator = createEmulator({ world });
    emulator.clock.advance(HOUR);
    const { chargedEventCounts, usageTotalUsd } = detail(emulator);
    emulator.clock.advance(HOUR);
    expect(detail(emulator)).toMatchObject({ chargedEventCounts, usageTotalUsd });
  });
});

describe("settings of a run", () => {
  const world: World = { ...worldOf(), actors: [{ name: "acme/shop", builds: { beta: "0.2.7" } }] };
  const of = (run: object) =>
    detail(createEmulator({ world: { ...world, runs: [{ actor: "acme/shop", ...run }] } }));

  test.each([
    [undefined, "latest", "0.1.23", 1_000_023],
    ["beta", "beta", "0.2.7", 2_000_007],
    ["0.1.9", "0.1.9", "0.1.9", 1_000_009],
  ])("for build %s: the build asked for and its number", (build, asked, buildNumber, buildNumberInt) => {
    const run = of(build === undefined ? {} : { build });
    expect(run).toMatchObject({ buildNumber, buildNumberInt, options: { build: asked } });
  });

  test("without a timeout, which Apify writes as 0", () => {
    expect(of({}).options.timeoutSecs).toBe(0);
    expect(of({ timeoutSecs: 60 }).options.timeoutSecs).toBe(60);
  });
});

describe("a run that was resurrected before the world began", () => {
  const risen = { startsAfterMs: -HOUR, resurrectedAfterMs: [20 * MINUTE, 40 * MINUTE] };

  test("is RUNNING in its third life, as every other client of the API sees it", () => {
    const emulator = emulatorOf(risen);
    expect(detail(emulator)).toMatchObject({
      status: "RUNNING",
      stats: { resurrectCount: 2 },
      finishedAt: null,
    });
    const live = ask(emulator, "GET", "/v2/actor-runs?status=READY,RUNNING").data.items;
    expect(live).toHaveLength(1);
    expect(detail(emulator).stats.runTimeSecs).toBe(19 * 60 + 19 * 60 + 20 * 60);
    const ends = emulator.truth.runs()[0]?.lives.map(({ endStatus }) => endStatus);
    expect(ends).toEqual(["FAILED", "FAILED", undefined]);
  });

  test.each([[[2 * HOUR]], [[30_000]], [[40 * MINUTE, 20 * MINUTE]]])(
    "can't have been so after %j",
    (resurrectedAfterMs) => {
      expect(() => emulatorOf({ startsAfterMs: -HOUR, resurrectedAfterMs })).toThrow(
        "resurrected in the past",
      );
    },
  );
});
