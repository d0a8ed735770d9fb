import { describe, expect, it } from "vitest";
import { data, never, run, scripted } from "./support.ts";

const PRICING = {
  pricingModel: "PAY_PER_EVENT",
  pricingPerEvent: {
    actorChargeEvents: {
      "apify-actor-start": { eventTitle: "Start", eventPriceUsd: 0.00005 },
      place: {
        eventTieredPricingUsd: {
          FREE: { tieredEventPriceUsd: 0.004 },
          GOLD: { tieredEventPriceUsd: 0.0025 },
          SILVER: { tieredEventPriceUsd: 0.003 },
        },
      },
      free: { eventPriceUsd: 0 },
    },
  },
};
const WHOLE = {
  stats: { netRxBytes: 7, resurrectCount: 1 },
  usage: { ACTOR_COMPUTE_UNITS: 0.25, DATASET_WRITES: 12, PROXY_SERPS: 0 },
  usageUsd: { ACTOR_COMPUTE_UNITS: 0.05, DATASET_WRITES: 0.00006 },
  chargedEventCounts: { "apify-actor-start": 1, place: 40 },
  accountedChargedEventCounts: { "apify-actor-start": 1, place: 30 },
  eventUsage: { place: { eventTotalUsd: 0.075 } },
  chargingStoppedAt: "2026-09-01T11:20:00.000Z",
  options: {
    build: "latest",
    timeoutSecs: 300,
    memoryMbytes: 1_024,
    diskMbytes: 2_048,
    maxTotalChargeUsd: 12.5,
    isMaxTotalChargeUsdSetByUser: true,
    maxItems: 100,
  },
  buildNumber: "0.1.23",
  pricingInfo: PRICING,
};

const read = async (overrides: object) => {
  const { asked } = scripted([data(run(overrides))]);
  const reading = await asked((apify) => apify.readRun("run1", never));
  if (reading.kind === "missing") throw new Error("the run is there");
  return reading.run;
};

describe("the detail of a run", () => {
  it("tells its usage, its cost by service, its events and their prices", async () => {
    expect((await read(WHOLE)).detail).toEqual({
      stats: { netRxBytes: 7, resurrectCount: 1 },
      resurrectCount: 1,
      usage: { ACTOR_COMPUTE_UNITS: 0.25, DATASET_WRITES: 12, PROXY_SERPS: 0 },
      usageMicroUsd: { ACTOR_COMPUTE_UNITS: 50_000, DATASET_WRITES: 60 },
      events: { "apify-actor-start": 1, place: 40 },
      eventMicroUsd: { "apify-actor-start": expect.closeTo(50, 9), place: 2_500, free: 0 },
      accountedEvents: { "apify-actor-start": 1, place: 30 },
      eventUsageMicroUsd: { place: 75_000 },
      chargingStoppedAt: new Date("2026-09-01T11:20:00.000Z"),
    });
  });

  it("tells what the life was started with", async () => {
    expect((await read(WHOLE)).settings).toEqual({
      build: "latest",
      buildNumber: "0.1.23",
      memoryMbytes: 1_024,
      timeoutSecs: 300,
      pricingModel: "PAY_PER_EVENT",
      maxTotalChargeMicroUsd: 12_500_000,
      capSetByUser: true,
      maxItems: 100,
    });
    expect((await read({ ...WHOLE, options: { timeoutSecs: 0 } })).settings?.timeoutSecs).toBe(0);
  });

  it.each<[object, boolean | undefined]>([
    [{ timeoutSecs: 0, maxTotalChargeUsd: 5, isMaxTotalChargeUsdSetByUser: true }, true],
    [{ timeoutSecs: 0, maxTotalChargeUsd: 5, isMaxTotalChargeUsdSetByUser: false }, false],
    [{ timeoutSecs: 0, maxTotalChargeUsd: 5 }, undefined],
    [{ timeoutSecs: 0, maxTotalChargeUsd: "5" }, undefined],
    [{ timeoutSecs: 0, maxTotalChargeUsd: null }, false],
    [{ timeoutSecs: 0 }, false],
    [{}, undefined],
  ])("knows of %j whether its user set a cap: %s", async (options, capSetByUser) => {
    expect((await read({ ...WHOLE, options })).settings?.capSetByUser).toBe(capSetByUser);
  });

  it.each([undefined, null])("knows of no pricing where Apify attaches %s", async (pricingInfo) => {
    const { settings, detail } = await read({ ...WHOLE, pricingInfo });
    expect(settings?.pricingModel).toBe("NONE");
    expect(detail).not.toHaveProperty("eventMicroUsd");
  });

  it.each(["PAY_PER_EVENT", 7, [], {}, { pricingModel: null }])(
    "takes the pricing %j, which can't be read, for unknown and not for none",
    async (pricingInfo) => {
      expect((await read({ ...WHOLE, pricingInfo })).settings).not.toHaveProperty("pricingModel");
    },
  );

  it("takes a pricing model that Apify adds one day as it comes", async () => {
    const { settings } = await read({ pricingInfo: { pricingModel: "PAY_WHAT_YOU_WANT" } });
    expect(settings?.pricingModel).toBe("PAY_WHAT_YOU_WANT");
  });

  const PARTS = [
    "stats",
    "usage",
    "usageUsd",
    "chargedEventCounts",
    "accountedChargedEventCounts",
    "eventUsage",
    "chargingStoppedAt",
    "options",
    "buildNumber",
    "pricingInfo",
  ];
  const SPOILT = [undefined, null, "text", 7, -1, true, [], [1], {}];
  it.each(PARTS.flatMap((part) => SPOILT.map((value) => [part, value] as const)))(
    "loses nothing but %s when it is %j",
    async (part, value) => {
      const whole = await read(WHOLE);
      const spoilt = await read({ ...WHOLE, [part]: value });
      const own: Record<string, readonly string[]> = {
        stats: ["stats", "resurrectCount"],
        usage: ["usage"],
        usageUsd: ["usageMicroUsd"],
        chargedEventCounts: ["events"],
        accountedChargedEventCounts: ["accountedEvents"],
        eventUsage: ["eventUsageMicroUsd"],
        chargingStoppedAt: ["chargingStoppedAt"],
        options: [
          "build",
          "timeoutSecs",
          "memoryMbytes",
          "maxTotalChargeMicroUsd",
          "capSetByUser",
          "maxItems",
        ],
        buildNumber: ["buildNumber"],
        pricingInfo: ["pricingModel", "eventMicroUsd"],
      };
      const without = (from: object | undefined): object =>
        Object.fromEntries(Object.entries(from ?? {}).filter(([key]) => !own[part]?.includes(key)));
      expect(without(spoilt.detail)).toEqual(without(whole.detail));
      expect(without(spoilt.settings)).toEqual(without(whole.settings));
      expect(spoilt.status).toBe("RUNNING");
    },
  );

  it.each([null, "3", -1, true, {}, [2]])("leaves a figure of %j out, never takes it for 0", async (bad) => {
    const { detail, settings } = await read({
      usage: { PROXY_SERPS: bad, DATASET_WRITES: 1 },
      usageUsd: { PROXY_SERPS: bad, DATASET_WRITES: 1 },
      chargedEventCounts: { place: bad, start: 1 },
      options: { timeoutSecs: bad, memoryMbytes: bad, build: "latest" },
    });
    expect(detail).toMatchObject({
      usage: { DATASET_WRITES: 1 },
      usageMicroUsd: { DATASET_WRITES: 1_000_000 },
      events: { start: 1 },
    });
    expect(
      [detail?.usage, detail?.usageMicroUsd, detail?.events].map((each) => Object.keys(each ?? {})),
    ).toEqual([["DATASET_WRITES"], ["DATASET_WRITES"], ["start"]]);
    expect(settings).toEqual({ build: "latest", pricingModel: "NONE" });
  });

  it.each(["NaN", "1e999", "-1e999"])(
    "reads the rest where a figure is written as %s, or refuses the JSON",
    async (text) => {
      const body = JSON.stringify({ data: run(WHOLE) }).replace(
        '"DATASET_WRITES":12',
        `"DATASET_WRITES":${text}`,
      );
      const { asked } = scripted([{ status: 200, body }, data(run({ ...WHOLE, usage: { PROXY_SERPS: 0 } }))]);
      const reading = await asked((apify) => apify.readRun("run1", never));
      expect(reading.kind === "found" && reading.run.detail?.usage).not.toHaveProperty("DATASET_WRITES");
      expect(reading.kind === "found" && reading.run.detail?.usage).toMatchObject({ PROXY_SERPS: 0 });
    },
  );

  const priceOf = async (event: unknown) => {
    const actorChargeEvents = { event, other: { eventPriceUsd: 1 } };
    const { detail } = await read({ pricingInfo: { pricingPerEvent: { actorChargeEvents } } });
    expect(detail?.eventMicroUsd?.other).toBe(1_000_000);
    return detail?.eventMicroUsd?.event;
  };

  it("does not round the price of an event, which may be a fraction of a micro-dollar", async () => {
    expect(await priceOf({ eventPriceUsd: 0.0000004 })).toBeCloseTo(0.4, 12);
  });

  it("takes the cheapest price of an event for which several are told", async () => {
    const eventTieredPricingUsd = { FREE: { tieredEventPriceUsd: 3 }, GOLD: { tieredEventPriceUsd: 2 } };
    expect(await priceOf({ eventPriceUsd: null, eventTieredPricingUsd })).toBe(2_000_000);
    expect(await priceOf({ eventPriceUsd: 1, eventTieredPricingUsd })).toBe(1_000_000);
  });

  it.each([
    undefined,
    "free",
    {},
    { eventPriceUsd: "1" },
    { eventPriceUsd: -1 },
    { eventPriceUsd: 1e306 },
    { eventTieredPricingUsd: {} },
    { eventTieredPricingUsd: [] },
    { eventPriceUsd: 1, eventTieredPricingUsd: "?" },
    { eventTieredPricingUsd: { FREE: { tieredEventPriceUsd: 3 }, GOLD: { tieredEventPriceUsd: null } } },
    { eventTieredPricingUsd: { FREE: { tieredEventPriceUsd: 3 }, GOLD: 2 } },
  ])("knows no price of %j, of which the cheapest may be what can't be read", async (event) => {
    expect(await priceOf(event)).toBeUndefined();
  });
});

describe("a run in a list", () => {
  it("has neither settings nor detail, whatever else its item shows", async () => {
    const page = { items: [run(WHOLE)], limit: 1_000 };
    const { asked } = scripted([data(page)]);
    const { runs } = await asked((apify) => apify.listRuns({}, never));
    expect(runs).toHaveLength(1);
    expect(runs[0]).not.toHaveProperty("settings");
    expect(runs[0]).not.toHaveProperty("detail");
  });
});

describe("what a run may be charged, and was", () => {
  const PAID = {
    options: {
      maxTotalChargeUsd: 18.78,
      isMaxTotalChargeUsdSetByUser: false,
      maxItems: 500,
      restartOnError: true,
    },
    chargedEventCounts: { start: 1, page: 173 },
    accountedChargedEventCounts: { start: 1, page: 0 },
    eventUsage: {
      start: { eventTitle: "Start", eventTotalUsd: 0.0005 },
      page: { eventTitle: "Page", eventTotalUsd: 0 },
    },
    chargingStoppedAt: "2026-09-01T11:30:00.000Z",
    metamorphs: [{ actorId: "actor2", createdAt: "2026-09-01T11:10:00.000Z" }],
    platformUsageBillingModel: "DEVELOPER",
  };

  it("is told beside what was counted", async () => {
    const { settings, detail } = await read(PAID);
    expect(settings).toEqual({
      pricingModel: "NONE",
      maxTotalChargeMicroUsd: 18_780_000,
      capSetByUser: false,
      maxItems: 500,
      restartOnError: true,
    });
    expect(detail).toEqual({
      stats: {},
      events: { start: 1, page: 173 },
      accountedEvents: { start: 1, page: 0 },
      eventUsageMicroUsd: { start: 500, page: 0 },
      chargingStoppedAt: new Date("2026-09-01T11:30:00.000Z"),
      metamorphs: 1,
      billing: "DEVELOPER",
    });
  });

  it.each([
    ["null", null],
    ["a text", "18"],
    ["negative", -1],
    ["a list", [{}]],
    ["an object", { a: null, b: "3", c: -3, d: { eventTotalUsd: null }, e: { eventTotalUsd: "1" } }],
  ])("is absent where it is %s, and never 0", async (_what, odd) => {
    const { settings, detail } = await read({
      options: {
        maxTotalChargeUsd: odd,
        isMaxTotalChargeUsdSetByUser: odd,
        maxItems: odd,
        restartOnError: odd,
      },
      accountedChargedEventCounts: odd,
      eventUsage: odd,
      chargingStoppedAt: odd,
      metamorphs: null,
      platformUsageBillingModel: [odd],
    });
    expect(settings).toEqual({ pricingModel: "NONE" });
    const { accountedEvents = {}, eventUsageMicroUsd = {}, ...rest } = detail ?? {};
    expect([accountedEvents, eventUsageMicroUsd, rest]).toEqual([{}, {}, { stats: {} }]);
  });

  it("leaves a figure of the stats out that is negative or beyond all bounds", async () => {
    const stats = { netRxBytes: -1, cpuAvgUsage: 1e300, netTxBytes: 0, memMaxBytes: null, runTimeSecs: "9" };
    expect((await read({ stats })).detail?.stats).toEqual({ netTxBytes: 0 });
  });
});
