import { describe, expect, it } from "vitest";
import { decided, FIVE_USD, policyOf, type Written } from "./playing.ts";

const acts = (limit: Written, run: Written, around: Written = {}): boolean =>
  decided(policyOf({ limit }), run, around)?.do !== "nothing";

describe("a run as people write it", () => {
  it.each<[string, Written, Written, Written]>([
    ["what it cost", { usageTotalUsd: 5 }, { usageTotalUsd: 5 }, { usageTotalUsd: 4.99 }],
    ["how long it has been running", { runTime: "1h" }, { runningFor: "1h" }, { runningFor: "59m" }],
    [
      "when it started",
      { runTime: "1h" },
      { startedAt: "2026-11-25T11:00:00Z" },
      { startedAt: "2026-11-25T12:01:00+01:00" },
    ],
    ["how long it waits", { queueTime: "1h" }, { queuedFor: "1h" }, { queuedFor: "59m" }],
    [
      "that its wait is over",
      { runTime: "1h" },
      { queuedFor: "1h", runningFor: "1h" },
      { queuedFor: "9h", runningFor: "59m" },
    ],
    [
      "a stat, of bytes as a size",
      { "stats.netRxBytes": "1GB" },
      { stats: { netRxBytes: "1GB" } },
      { stats: { netRxBytes: 9e8 } },
    ],
    [
      "a gauge at two looks",
      { "stats.memCurrentBytes": "1GB" },
      { stats: { memCurrentBytes: "1GB" } },
      { stats: { memCurrentBytes: "1GB" }, looks: "first" },
    ],
    [
      "its burn rate at two looks",
      { usdPerHour: 2 },
      { usageTotalUsd: 1, usdPerHour: 2 },
      { usageTotalUsd: 1, usdPerHour: 2, looks: "first" },
    ],
    [
      "a service's use",
      { "usage.PROXY_SERPS": 10 },
      { usage: { PROXY_SERPS: 10 } },
      { usage: { PROXY_SERPS: 9 } },
    ],
    [
      "a service's cost",
      { "usageUsd.DATASET_WRITES": 2 },
      { usageUsd: { DATASET_WRITES: 2 } },
      { usageUsd: { DATASET_WRITES: 1.99 } },
    ],
    ["its events", { "events.page": 100 }, { events: { page: 100 } }, { events: { page: 99 } }],
    ["that it idles", { idleTime: "30m" }, { idleFor: "30m" }, { idleFor: "29m" }],
    ["that it works", { idleTime: "1s" }, { idleFor: "1s" }, { idleFor: "0s" }],
    ["that it has no timeout", { noTimeout: true }, { timeout: "none" }, { timeout: "6h" }],
    [
      "what is usual of its cost",
      { timesTypical: { usd: 3 } },
      { usageTotalUsd: 6, typical: { usd: 2 } },
      { usageTotalUsd: 6, typical: { usd: 2, runs: 9 } },
    ],
    [
      "what is usual of its time",
      { timesTypical: { runTime: 2 } },
      { runningFor: "2h", typical: { runTime: "1h" } },
      { runningFor: "1h", typical: { runTime: "1h" } },
    ],
  ])("tells %s", (_what, limit, over, within) => {
    expect(acts(limit, over)).toBe(true);
    expect(acts(limit, within)).toBe(false);
  });

  it("tells how long it is ABORTING, which is its status then", () => {
    const rule = { limit: { abortingTime: "5m" }, steps: [{ at: "100%", do: "abort-now" }] };
    expect(decided(policyOf(rule), { abortingFor: "5m" })?.do).toBe("abort-now");
    expect(decided(policyOf(rule), { status: "TIMING-OUT", abortingFor: "4m" })?.do).toBe("nothing");
  });

  it("tells its prices, of which a cost is estimated", () => {
    const estimated = policyOf({
      limit: { usageTotalUsd: 5 },
      steps: [{ at: "100%", do: "abort", basis: "estimate" }],
    });
    const run = { usageTotalUsd: 1, events: { page: 10_000 }, ownActor: false };
    const price = { eventPrices: { page: 0.0005 } };
    const does = (of: object) => decided(estimated, { ...run, ...of })?.do;
    expect(does(price)).toBe("abort");
    expect(does({ eventPrices: { page: 0.0004 } })).toBe("nothing");
    for (const less of [
      { ownActor: true },
      { accountedEvents: { page: 9_999 } },
      { maxTotalChargeUsd: 4.99 },
      { maxTotalChargeUsd: 4.99, capSetBy: "apify" },
    ])
      expect(does({ ...price, ...less })).toBe("nothing");
    expect(does({ ...price, maxTotalChargeUsd: "none" })).toBe("abort");
    const { ownActor: _untold, ...whosever } = run;
    expect(decided(estimated, { ...whosever, ...price })?.do).toBe("nothing");
  });

  it("has a later life's time from where that began", () => {
    expect(acts({ runTime: "1h" }, { resurrects: 2, runningFor: "59m" })).toBe(false);
    expect(acts({ "stats.resurrectCount": 2 }, { resurrects: 2 })).toBe(true);
  });

  it.each<[Written, Written, Written]>([
    [{ actors: ["acme/shop-*"] }, { actor: "acme~shop-products" }, { actor: "acme/other" }],
    [{ actors: ["moJRLRc85AitArpNN"] }, { actor: "moJRLRc85AitArpNN" }, { actor: "acme/shop-products" }],
    [{ tasks: ["acme/eu"] }, { task: "acme/eu" }, {}],
    [{ schedules: ["night-*"] }, { schedule: "night-eu" }, { origin: "API" }],
    [{ schedules: ["asdLZtadYvn4mBZmm"] }, { schedule: "asdLZtadYvn4mBZmm" }, { schedule: "night-eu" }],
    [{ origins: ["SCHEDULER"] }, { schedule: "nightly" }, {}],
    [{ origins: ["SCHEDULER"] }, { origin: "SCHEDULER" }, {}],
    [{ builds: ["beta"] }, { build: "beta" }, { build: "latest", buildNumber: "0.1.7" }],
    [{ memory: [">=4GB"] }, { memory: "4GB" }, { memory: "2048MB" }],
    [{ pricingModels: ["FREE"] }, { pricingModel: "FREE" }, { pricingModel: "NONE" }],
  ])("is selected by what is said of it: %j", (selector, chosen, other) => {
    const policy = policyOf({ for: selector, limit: { usageTotalUsd: 5 } });
    expect(decided(policy, { ...chosen, usageTotalUsd: 7 })?.do).toBe("abort");
    expect(decided(policy, { ...other, usageTotalUsd: 7 })?.do).toBe("nothing");
  });

  it("is unknown in what is not said of it, which stops nothing and excepts", () => {
    expect(decided(FIVE_USD, {})?.do).toBe("nothing");
    const excepted = policyOf({ for: { except: { actors: ["acme/*"] } }, limit: { usageTotalUsd: 5 } });
    expect(decided(excepted, { usageTotalUsd: 7 })?.do).toBe("nothing");
    expect(decided(excepted, { usageTotalUsd: 7, actor: "other/shop" })?.do).toBe("abort");
    // Written by its id it has no name that is known.
    expect(decided(excepted, { usageTotalUsd: 7, actor: "moJRLRc85AitArpNN" })?.do).toBe("nothing");
  });
});
