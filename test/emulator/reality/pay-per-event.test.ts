import { describe, expect, test } from "vitest";
import { createEmulator, type RunScript, type World } from "../../../emulator/index.ts";
import { ask, HOUR, type Json, MINUTE, serve, worldOf } from "../support.ts";
import { detailOf, itemOf } from "./support.ts";

// Facts, section 8: the figure follows the accounted events, which trail the charged ones; section 11: at the cap charging
// stops, and Apify writes a cap of its own where the user sets none; section 20: an Actor's own developer is not charged
// (charged 173, accounted 0, usageTotalUsd 0.0005), free quotas (19 charged, 0 accounted), `chargingStoppedAt`,
// `eventUsage`.

const ACTORS: World["actors"] = [
  { name: "acme/paid", chargesFor: { event: "result", priceUsd: 0.002 } },
  {
    name: "mapworks/places",
    chargesFor: [
      { event: "start", priceUsd: 0.5, atStart: 1 },
      { event: "place", priceUsd: 0.01 },
    ],
    script: { cost: 36, readyForMs: 0 },
  },
  { name: "toolbox/leads", chargesFor: { event: "lead", priceUsd: 0.01, free: 20 } },
];
const opened = (...runs: readonly Partial<RunScript>[]) =>
  createEmulator({
    world: {
      ...worldOf(...runs.map((run) => ({ usageLagMs: 0, label: "run", ...run }))),
      actors: ACTORS,
      tasks: [],
      users: ["customer"],
    },
  });
type Emulator = ReturnType<typeof opened>;
const costNow = (emulator: Emulator, label = "run"): number =>
  emulator.truth.costUsdAt(emulator.truth.idOf(label), emulator.clock.now());

describe("a run of one's own pay-per-event Actor", () => {
  const own = { actor: "acme/paid", cost: 12, memoryMbytes: 2_048 } as const;

  test("has its events counted and none accounted for, and costs the compute units that it takes", () => {
    const emulator = opened(own);
    emulator.clock.advance(HOUR);
    const run = detailOf(emulator, "run");
    expect(run).toMatchObject({
      chargedEventCounts: { result: 6_000 },
      accountedChargedEventCounts: { result: 0 },
      usageTotalUsd: 0.4,
      usageUsd: { ACTOR_COMPUTE_UNITS: 0.4, DATASET_WRITES: 0 },
      pricingInfo: { pricingModel: "PAY_PER_EVENT" },
      platformUsageBillingModel: "USER",
    });
    expect(itemOf(emulator, "run").usageTotalUsd).toBe(0.4);
    expect(costNow(emulator)).toBeCloseTo(0.4, 9);
    expect(ask(emulator, "GET", "/v2/users/me/limits").data.current.monthlyUsageUsd).toBe(0.4);
  });

  test("is one whose Actor has the account's own user id", () => {
    const emulator = opened(own);
    const { data: user } = ask(emulator, "GET", "/v2/users/me");
    expect(ask(emulator, "GET", "/v2/actors/acme~paid").data.userId).toBe(user.id);
    expect(ask(emulator, "GET", "/v2/actors/mapworks~places").data.userId).not.toBe(user.id);
  });

  test("costs a customer of it what its events come to", () => {
    const emulator = opened({ ...own, user: "customer" });
    emulator.clock.advance(HOUR);
    expect(costNow(emulator)).toBeCloseTo(12, 9);
  });
});

describe("a cap", () => {
  const capped = { actor: "mapworks/places", cost: 36, maxTotalChargeUsd: 5 } as const;

  test("that the user set stops charging at its instant, while events are counted on", () => {
    const emulator = opened(capped);
    const start = emulator.clock.now();
    emulator.clock.advance(500_000 - 1);
    expect(detailOf(emulator, "run")).not.toHaveProperty("chargingStoppedAt");
    emulator.clock.advance(500_001);
    expect(detailOf(emulator, "run")).toMatchObject({
      status: "RUNNING",
      usageTotalUsd: 5,
      chargingStoppedAt: new Date(start + 500_000).toISOString(),
      chargedEventCounts: { start: 1, place: 950 },
      accountedChargedEventCounts: { start: 1, place: 450 },
      options: { maxTotalChargeUsd: 5, isMaxTotalChargeUsdSetByUser: true },
    });
    expect(costNow(emulator)).toBe(5);
    expect(emulator.truth.crossedAt(emulator.truth.idOf("run"), 5)).toBe(start + 500_000);
    expect(emulator.truth.usdBetween(emulator.truth.idOf("run"), start + 500_001, start + HOUR)).toBe(0);
  });

  test("that the user did not set is Apify's own, as much as is left of the month", () => {
    const emulator = opened({ actor: capped.actor, cost: capped.cost });
    emulator.clock.advance(HOUR);
    const { options, usageTotalUsd, chargingStoppedAt } = detailOf(emulator, "run");
    expect(options).toMatchObject({ isMaxTotalChargeUsdSetByUser: false, maxTotalChargeUsd: 2_000 });
    expect([usageTotalUsd, chargingStoppedAt]).toEqual([36, undefined]);
  });

  test("that a client sets holds likewise", async () => {
    const emulator = opened();
    const { client } = await serve(emulator);
    const { id } = await client.actor("mapworks/places").start({}, { maxTotalChargeUsd: 0.75 });
    emulator.clock.advance(HOUR);
    expect(emulator.truth.costUsdAt(id, emulator.clock.now())).toBe(0.75);
    expect(await client.run(id).get()).toMatchObject({ chargedEventCounts: { start: 1, place: 3_550 } });
  });
});

test("a free quota is counted and not accounted for; what is beyond it is billed", () => {
  const emulator = opened({ actor: "toolbox/leads", cost: 36 });
  const counts = ({ chargedEventCounts, accountedChargedEventCounts, usageTotalUsd }: Json) => [
    chargedEventCounts.lead,
    accountedChargedEventCounts.lead,
    usageTotalUsd,
  ];
  emulator.clock.advance(19_000);
  expect(counts(detailOf(emulator, "run"))).toEqual([19, 0, 0]);
  emulator.clock.advance(31_000);
  expect(counts(detailOf(emulator, "run"))).toEqual([50, 30, 0.3]);
  expect(costNow(emulator)).toBeCloseTo(0.3, 9);
});

test("accounted events trail the charged ones by as much as the figure does, and each tells what it comes to", () => {
  const emulator = opened({
    actor: "mapworks/places",
    cost: 36,
    usageLagMs: 5 * MINUTE,
    tellsEventUsage: true,
  });
  emulator.clock.advance(10 * MINUTE);
  expect(detailOf(emulator, "run")).toMatchObject({
    chargedEventCounts: { start: 1, place: 550 },
    accountedChargedEventCounts: { start: 1, place: 250 },
    usageTotalUsd: 3,
    eventUsage: {
      start: { eventTitle: "start", eventTotalUsd: 0.5 },
      place: { eventTitle: "place", eventTotalUsd: 2.5 },
    },
  });
});

test("a price in tiers is told with all six of them", () => {
  const emulator = createEmulator({ world: "pay-per-event" });
  const { pricingInfo } = detailOf(emulator, "trailing");
  const { "place-scraped": place } = pricingInfo.pricingPerEvent.actorChargeEvents;
  expect(Object.keys(place.eventTieredPricingUsd)).toEqual([
    "FREE",
    "BRONZE",
    "SILVER",
    "GOLD",
    "PLATINUM",
    "DIAMOND",
  ]);
  expect(place).not.toHaveProperty("eventPriceUsd");
});

test("the world pay-per-event has runs whose events come to far more than they cost", () => {
  const emulator = createEmulator({ world: "pay-per-event" });
  emulator.clock.advance(HOUR);
  const own = detailOf(emulator, "own");
  expect(own.chargedEventCounts.result * 0.002).toBeCloseTo(24, 1);
  expect(own.usageTotalUsd).toBeCloseTo(0.4, 2);
  expect(detailOf(emulator, "capped")).toMatchObject({ usageTotalUsd: 5, status: "RUNNING" });
  expect(detailOf(emulator, "apifys-cap").usageTotalUsd).toBeGreaterThan(19);
  expect(detailOf(emulator, "free-quota").accountedChargedEventCounts["lead-fetched"]).toBeGreaterThan(50);
});
