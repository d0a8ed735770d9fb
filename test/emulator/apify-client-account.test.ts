import { describe, expect, test } from "vitest";
import { createEmulator, runningClock } from "../../emulator/index.ts";
import { emulatorOf, HOUR, MINUTE, SECOND, serve, worldOf } from "./support.ts";

describe("the official client's Actor and task", () => {
  test("are read by id and by name", async () => {
    const { client } = await serve(emulatorOf());
    const actor = await client.actor("acme/shop").get();
    expect(actor).toMatchObject({ name: "shop", username: "acme" });
    expect(await client.actor(actor?.id ?? "").get()).toEqual(actor);
    expect(await client.actor("acme/nothing").get()).toBeUndefined();
    expect(await client.task("acme/shop-eu").get()).toMatchObject({ name: "shop-eu", actId: actor?.id });
  });

  test("start runs with the given options", async () => {
    const emulator = emulatorOf();
    const { client } = await serve(emulator);
    const run = await client
      .actor("acme/shop")
      .start({ some: "input" }, { memory: 512, timeout: 60, build: "beta" });
    expect(run).toMatchObject({
      status: "READY",
      meta: { origin: "API" },
      options: { memoryMbytes: 512, timeoutSecs: 60, build: "beta" },
    });
    const ofTask = await client.task("acme/shop-eu").start({ long: "x".repeat(5_000) });
    expect(ofTask.actorTaskId).toBe((await client.task("acme/shop-eu").get())?.id);
    expect(emulator.truth.calls.slice(0, 2).map((call) => call.effect)).toEqual(["started", "started"]);
  });

  test("call a run and wait for its end", async () => {
    const emulator = createEmulator({ world: worldOf(), clock: runningClock({ speed: 1_000 }) });
    const { client } = await serve(emulator);
    expect((await client.actor("acme/shop").call({}, { log: null })).status).toBe("SUCCEEDED");
    expect((await client.task("acme/shop-eu").call()).status).toBe("SUCCEEDED");
  });

  test("read and abort their last run", async () => {
    const emulator = emulatorOf(
      { startsAfterMs: -3 * MINUTE, task: "shop-eu" },
      { startsAfterMs: -2 * MINUTE, origin: "WEB" },
      { startsAfterMs: -1 * MINUTE, ends: { afterMs: SECOND, status: "SUCCEEDED" } },
    );
    const { client } = await serve(emulator);
    const ids = emulator.truth.runs().map((run) => run.id);
    const shop = client.actor("acme/shop");
    expect((await shop.lastRun().get())?.id).toBe(ids[2]);
    expect((await shop.lastRun({ status: "RUNNING" }).get())?.id).toBe(ids[1]);
    expect((await shop.lastRun({ origin: "WEB" }).abort({ gracefully: true })).status).toBe("ABORTING");
    expect((await client.task("acme/shop-eu").lastRun().get())?.id).toBe(ids[0]);
    expect((await client.task("acme/shop-eu").lastRun().abort()).status).toBe("ABORTED");
  });
});

describe("the official client's user", () => {
  test("reads the user, with the proxy password that must not be logged", async () => {
    const { client } = await serve(emulatorOf());
    expect(await client.user().get()).toMatchObject({
      username: "acme",
      proxy: { password: expect.stringContaining("FAKE") },
    });
  });

  test("reads and changes the limits", async () => {
    const emulator = emulatorOf({ startsAfterMs: -HOUR, cost: 3, usageLagMs: 0, memoryMbytes: 4_096 });
    const { client } = await serve(emulator);
    await client.user().updateLimits({ maxMonthlyUsageUsd: 77 });
    expect(await client.user().limits()).toMatchObject({
      limits: { maxMonthlyUsageUsd: 77 },
      current: { monthlyUsageUsd: 3, activeActorJobCount: 1, actorMemoryGbytes: 4 },
    });
  });

  test("reads the month's usage", async () => {
    const { client } = await serve(emulatorOf({ startsAfterMs: -HOUR, cost: 3, usageLagMs: 0 }));
    const usage = await client.user().monthlyUsage();
    expect(usage?.totalUsageCreditsUsdAfterVolumeDiscount).toBe(3);
    expect(usage?.dailyServiceUsages).toHaveLength(1);
  });
});
