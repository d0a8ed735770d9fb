import { describe, expect, it } from "vitest";
import type { RunScript, World } from "../../../emulator/index.ts";
import { ABORT, ANY_SHARE, costRule, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const places = { actor: "mapworks/places" } as const;
const TIERS = { FREE: 0.006, BRONZE: 0.005, SILVER: 0.004, GOLD: 0.0035, PLATINUM: 0.003, DIAMOND: 0.002 };

/** What was seen of real runs, each healthy by all that Apify tells of it. */
const SHAPES: readonly RunScript[] = [
  { ...HEALTHY, label: "not known to be terminal", fields: { set: { isStatusMessageTerminal: null } } },
  // As READY runs have them: no durations.
  { ...HEALTHY, label: "waiting", startsAfterMs: -HOUR / 2, readyForMs: 2 * HOUR },
  {
    ...HEALTHY,
    label: "three stats",
    origin: "STANDBY",
    fields: { in: "detail", keep: { stats: ["inputBodyLen", "resurrectCount", "computeUnits"] } },
  },
  { ...HEALTHY, label: "total without usage", fields: { in: "detail", omit: ["usage", "usageUsd"] } },
  { ...HEALTHY, label: "usage without total", fields: { omit: ["usageTotalUsd", "usageUsd"] } },
  { ...HEALTHY, label: "nulls", fields: { in: "detail", set: { usage: null, pricingInfo: null } } },
  { ...HEALTHY, label: "no pricing", fields: { in: "detail", omit: ["pricingInfo"] } },
  { ...HEALTHY, label: "six tiers", ...places },
  { ...HEALTHY, label: "restarts", fields: { in: "detail", set: { "options.restartOnError": true } } },
  { ...HEALTHY, label: "microseconds", timestamps: "microseconds" },
  // 1,500 are counted, which would be 3 USD at the least price; 500 are accounted for.
  {
    ...HEALTHY,
    ...places,
    label: "accounted behind charged",
    cost: { startUsd: 6, thenUsdPerHour: 0 },
    fields: { set: { usageTotalUsd: 2, "accountedChargedEventCounts.place": 500 } },
  },
  {
    ...HEALTHY,
    label: "all at once",
    origin: "STANDBY",
    timestamps: "microseconds",
    fields: [
      { in: "detail", omit: ["usage", "pricingInfo"], keep: { stats: ["computeUnits"] } },
      { set: { isStatusMessageTerminal: null, "options.restartOnError": true, finishedAt: null } },
    ],
  },
];

/** Ended runs of the same Actor. Most are others', and took a minute; ours alone are what is typical. */
const ended = (afterMs: number, user?: string): RunScript => ({
  ...HEALTHY,
  startsAfterMs: -3 * HOUR,
  ends: { afterMs, status: "SUCCEEDED" },
  ...(user && { user }),
});
const past = Array.from({ length: 24 }, (_none, i) => (i % 4 === 0 ? ended(HOUR) : ended(MINUTE, "rival")));

const shapes: World = {
  ...worldOf(...SHAPES, ...past, { ...OVER_5_USD, label: "over", timestamps: "microseconds" }),
  users: ["rival"],
  actors: [
    { name: "acme/shop" },
    { name: "mapworks/places", chargesFor: { event: "place", priceUsd: TIERS } },
  ],
};

/** Rests on everything that a run tells: cost, times, usage, events, stats, settings, names, and what is typical. */
const policy = fiveUsd({
  ...ANY_SHARE,
  rules: [
    costRule(5),
    costRule(2.5, { id: "estimated", steps: [{ ...ABORT, basis: "estimate" }] }),
    costRule(0, { id: "fast", limit: { usdPerHour: 50 } }),
    costRule(0, { id: "usual", limit: { timesTypical: { runTime: 3 } }, for: { actors: ["acme/*"] } }),
    costRule(0, { id: "long", limit: { runTime: "9h" } }),
    costRule(0, { id: "waits", limit: { queueTime: "3h" } }),
    costRule(0, { id: "idle", limit: { idleTime: "3h" } }),
    costRule(0, { id: "memory", limit: { "stats.memMaxBytes": "64GB" } }),
    costRule(0, { id: "compute", limit: { "usage.ACTOR_COMPUTE_UNITS": 500 } }),
    costRule(0, { id: "events", limit: { "events.place": 2_000 } }),
    costRule(0, { id: "models", limit: { runTime: "8h" }, for: { pricingModels: ["PAY_PER_EVENT"] } }),
    { id: "a-day", budget: { usd: 500, per: "day", each: "actor" }, steps: [ABORT] },
  ],
});

describe("runs of every shape that was seen of real ones, all at once", () => {
  it("are read, none as malformed, what they don't tell is said, and the one over its limit is stopped", async () => {
    const watched = await watch(shapes, { policy });
    const { truth } = watched.emulator;
    const reports = await watched.ticks(12);
    for (const { skipped, listed, evaluated } of reports) {
      expect(Object.keys(skipped).filter((why) => !why.endsWith(" unknown"))).toEqual([]);
      expect([listed, evaluated].every((count) => count >= SHAPES.length)).toBe(true);
    }
    const seen = new Set(reports.flatMap(({ decisions }) => decisions.map(({ runId }) => runId)));
    expect([...seen]).toEqual([truth.idOf("over")]);
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([truth.idOf("over")]);
    expect(watched.status(truth.idOf("over"))).toBe("ABORTED");
    const { blind = [], unknownCost } = reports.at(-1) ?? {};
    expect(unknownCost).toBe(1);
    expect(blind.map(({ ruleId, why, runs }) => `${ruleId}: ${why}, ${runs}`)).toEqual([
      "compute: usage.ACTOR_COMPUTE_UNITS is not reported, 2",
      ...["cost", "estimated", "fast", "a-day"].map((ruleId) => `${ruleId}: no cost is reported, 1`),
    ]);
  });
});
