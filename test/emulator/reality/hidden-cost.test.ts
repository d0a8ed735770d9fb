import { describe, expect, test } from "vitest";
import { createEmulator } from "../../../emulator/index.ts";
import { ask, emulatorOf, HOUR, MINUTE, serve, worldOf } from "../support.ts";
import { detailOf, itemOf } from "./support.ts";

// Facts, section 6: "usageTotalUsd is required in the spec but absent in practice for some runs".
// Facts, section 20: the list may lack it where the detail has it; section 8: figures that stay 0 beside a real cost.

const run = { label: "dear", cost: 60, usageLagMs: 0 } as const;

describe("a figure of cost", () => {
  test.each(["absent", "null"] as const)("that is %s in the list alone is told by the detail", (as) => {
    const emulator = emulatorOf({ ...run, costMissing: { as, in: "list" } });
    emulator.clock.advance(30 * MINUTE);
    expect("usageTotalUsd" in itemOf(emulator, "dear")).toBe(as === "null");
    expect(itemOf(emulator, "dear").usageTotalUsd ?? undefined).toBeUndefined();
    expect(detailOf(emulator, "dear")).toMatchObject({ usageTotalUsd: 30, usageUsd: expect.any(Object) });
  });

  test("that is missing for a time comes back, in both kinds of answers", () => {
    const emulator = emulatorOf({ ...run, costMissing: { as: "null", fromMs: HOUR, untilMs: 2 * HOUR } });
    const told = () => [itemOf(emulator, "dear").usageTotalUsd, detailOf(emulator, "dear").usageTotalUsd];
    expect(told()).toEqual([0, 0]);
    emulator.clock.advance(HOUR);
    expect(told()).toEqual([null, null]);
    emulator.clock.advance(HOUR);
    expect(told()).toEqual([120, 120]);
  });

  test("that is missing in the detail alone is told by the list", () => {
    const emulator = emulatorOf({ ...run, costMissing: { as: "absent", in: "detail" } });
    emulator.clock.advance(HOUR);
    expect(itemOf(emulator, "dear").usageTotalUsd).toBe(60);
    expect(detailOf(emulator, "dear")).not.toHaveProperty("usageTotalUsd");
  });

  test("that is 0 has its breakdown and its accounted events be 0, and nothing else", () => {
    const emulator = emulatorOf(
      { label: "usage", cost: 6, memoryMbytes: 4_096, costMissing: { as: "zero" } },
      { label: "events", actor: "mapworks/places", cost: 6, costMissing: { as: "zero" } },
    );
    emulator.clock.advance(5 * HOUR);
    const usage = detailOf(emulator, "usage");
    expect(usage).toMatchObject({ usageTotalUsd: 0, stats: { computeUnits: 20 } });
    expect(Object.values(usage.usageUsd).every((usd) => usd === 0)).toBe(true);
    expect(usage.usage.DATASET_WRITES).toBeGreaterThan(0);
    expect(detailOf(emulator, "events")).toMatchObject({
      usageTotalUsd: 0,
      chargedEventCounts: { place: 3_000 },
      accountedChargedEventCounts: { place: 0 },
    });
  });

  test("is what it is in truth, and truth tells what each kind of answer shows", () => {
    const emulator = emulatorOf({ ...run, costMissing: { as: "absent", in: "list" } });
    emulator.clock.advance(HOUR);
    const [id, now] = [emulator.truth.idOf("dear"), emulator.clock.now()];
    expect(emulator.truth.costUsdAt(id, now)).toBeCloseTo(60, 9);
    expect(emulator.truth.reportedUsdAt(id, now)).toBe(60);
    expect(emulator.truth.reportedUsdAt(id, now, "list")).toBeUndefined();
  });
});

test("what every run of a world is to be like holds for those too that are started later, unless they say otherwise", () => {
  const world = { ...worldOf(), everyRun: { costMissing: { as: "absent", in: "list" } } } as const;
  const emulator = createEmulator({ world });
  ask(emulator, "POST", "/v2/actors/acme~shop/runs");
  emulator.startRun({ actor: "acme/shop", label: "loud", costMissing: [] });
  const { items } = ask(emulator, "GET", "/v2/actor-runs").data;
  expect(items.map((item: object) => "usageTotalUsd" in item)).toEqual([false, true]);
  expect(detailOf(emulator, "loud").usageTotalUsd).toBe(0);
});

test("the world hidden-cost has 36 USD shown as 0 beside 20 compute units and 9,000 events", () => {
  const emulator = createEmulator({ world: "hidden-cost" });
  emulator.clock.advance(5 * HOUR);
  const shown = detailOf(emulator, "shown-as-zero");
  expect(shown).toMatchObject({ usageTotalUsd: 0, stats: { computeUnits: 20 } });
  expect(shown.chargedEventCounts["place-scraped"]).toBeGreaterThan(8_990);
  expect(emulator.truth.costUsdAt(shown.id, emulator.clock.now())).toBeCloseTo(36, 6);
  expect(itemOf(emulator, "absent-in-list")).not.toHaveProperty("usageTotalUsd");
  expect(itemOf(emulator, "null-in-list").usageTotalUsd).toBeNull();
  expect(detailOf(emulator, "absent-in-list").usageTotalUsd).toBeGreaterThan(300);
});

test("the official client reads a run whose figure the list lacks", async () => {
  const emulator = emulatorOf({ ...run, costMissing: { as: "absent", in: "list" } });
  emulator.clock.advance(HOUR);
  const { client } = await serve(emulator);
  const [item] = (await client.runs().list()).items;
  expect(item?.usageTotalUsd).toBeUndefined();
  expect((await client.run(item?.id ?? "").get())?.usageTotalUsd).toBe(60);
});
