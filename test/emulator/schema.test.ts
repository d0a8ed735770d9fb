import { expect, test } from "vitest";
import { createEmulator, worldNames } from "../../emulator/index.ts";
import { ask, HOUR } from "./support.ts";

/** Keys that Apify's API reference requires of its answers. */
const RUN_SHORT =
  "id actId status startedAt buildId meta defaultKeyValueStoreId defaultDatasetId defaultRequestQueueId".split(
    " ",
  );
const RUN = [...RUN_SHORT, "userId", "stats", "options", "generalAccess"];
/** All that the reference knows of a list's item. `usageTotalUsd` is required there, yet missing in practice for some. */
const RUN_SHORT_ALL = [
  ...RUN_SHORT,
  "userId",
  "actorTaskId",
  "finishedAt",
  "buildNumber",
  "buildNumberInt",
  "usageTotalUsd",
];
const ACTOR = "id userId name username isPublic createdAt modifiedAt stats versions defaultRunOptions".split(
  " ",
);
const USER = "username plan effectivePlatformFeatures isPaying".split(" ");
const LIMITS = [
  "maxMonthlyUsageUsd maxMonthlyActorComputeUnits maxMonthlyExternalDataTransferGbytes maxMonthlyProxySerps",
  "maxMonthlyResidentialProxyGbytes maxActorMemoryGbytes maxActorCount maxActorTaskCount maxConcurrentActorJobs",
  "maxTeamAccountSeatCount dataRetentionDays",
].flatMap((line) => line.split(" "));
const CURRENT = [
  "monthlyUsageUsd monthlyActorComputeUnits monthlyExternalDataTransferGbytes monthlyProxySerps actorTaskCount",
  "monthlyResidentialProxyGbytes actorMemoryGbytes actorCount activeActorJobCount teamAccountSeatCount",
].flatMap((line) => line.split(" "));

const keys = (value: object) => Object.keys(value);

/** Worlds whose answers are failures, refusals or malformed on purpose; and 3,000 runs of the kinds that busy-day has. */
const OTHERWISE = ["api-down", "forbidden", "odd-shapes", "past-month", "past-quarter"];

test.each(worldNames.filter((name) => !OTHERWISE.includes(name)))(
  "all runs of %s have the required keys, all day",
  (name) => {
    const emulator = createEmulator({ world: name });
    for (const hours of [0, 1, 9, 14]) {
      emulator.clock.advance(hours * HOUR);
      const list = ask(emulator, "GET", "/v2/actor-runs?desc=1&limit=250").data;
      expect(keys(list)).toEqual(["total", "offset", "limit", "desc", "count", "items"]);
      for (const item of list.items) {
        expect(keys(item)).toEqual(expect.arrayContaining(RUN_SHORT));
        expect(RUN_SHORT_ALL).toEqual(expect.arrayContaining(keys(item)));
        const { data } = ask(emulator, "GET", `/v2/actor-runs/${item.id}`);
        expect(keys(data)).toEqual(expect.arrayContaining(RUN));
        expect(keys(data.options)).toEqual(
          expect.arrayContaining(["build", "timeoutSecs", "memoryMbytes", "diskMbytes"]),
        );
        expect(data.meta.origin).toEqual(expect.any(String));
      }
    }
  },
);

test("Actors, tasks and the account have the required keys", () => {
  const emulator = createEmulator({ world: "quiet" });
  const read = (path: string) => ask(emulator, "GET", `/v2/${path}`).data;
  expect(keys(read("actors/acme~shop-products"))).toEqual(expect.arrayContaining(ACTOR));
  expect(keys(read("actor-tasks/acme~shop-eu"))).toEqual(
    expect.arrayContaining(["id", "userId", "actId", "name", "createdAt", "modifiedAt"]),
  );
  expect(keys(read("users/me"))).toEqual(expect.arrayContaining(USER));
  expect(keys(read("users/me").plan)).toContain("availableProxyGroups");
  const limits = read("users/me/limits");
  expect(keys(limits)).toEqual(["monthlyUsageCycle", "limits", "current"]);
  expect(keys(limits.limits)).toEqual(expect.arrayContaining(LIMITS));
  expect(keys(limits.current)).toEqual(expect.arrayContaining(CURRENT));
  expect(keys(read("users/me/usage/monthly?date=2026-09-01"))).toEqual([
    "usageCycle",
    "monthlyServiceUsage",
    "dailyServiceUsages",
    "totalUsageCreditsUsdBeforeVolumeDiscount",
    "totalUsageCreditsUsdAfterVolumeDiscount",
  ]);
});

test("the month's usage has the required keys, each day and each service of it", () => {
  const emulator = createEmulator({ world: "busy-day" });
  const usage = ask(emulator, "GET", "/v2/users/me/usage/monthly").data;
  expect(usage.dailyServiceUsages.length).toBeGreaterThan(0);
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  for (const { date, serviceUsage, totalUsageCreditsUsd } of usage.dailyServiceUsages) {
    expect([date, totalUsageCreditsUsd]).toEqual([expect.stringMatching(instant), expect.any(Number)]);
    for (const item of [serviceUsage, usage.monthlyServiceUsage].flatMap(Object.values)) {
      expect(keys(item)).toEqual(expect.arrayContaining(["quantity", "baseAmountUsd", "priceTiers"]));
    }
  }
  expect(usage.usageCycle.endAt).toMatch(instant);
});

test("runs carry keys that the reference lacks, so that strict clients fail here and not in production", () => {
  const emulator = createEmulator({ world: "quiet" });
  const [item] = ask(emulator, "GET", "/v2/actor-runs").data.items;
  const { data } = ask(emulator, "GET", `/v2/actor-runs/${item.id}`);
  expect(data).toHaveProperty("consoleUrl");
  expect(data.options).toMatchObject({ isMaxTotalChargeUsdSetByUser: false, restartOnError: false });
  expect(data.options.maxTotalChargeUsd).toBeGreaterThan(0);
});
