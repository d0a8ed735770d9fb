import { describe, expect, it } from "vitest";
import { resultPrice } from "../../../src/adapters/apify/event-prices.ts";
import { data, failure, json, NOON, never, refusal, run, scripted } from "./support.ts";

const read = async (overrides: object) => {
  const { asked } = scripted([data(run(overrides))]);
  const reading = await asked((apify) => apify.readRun("run1", never));
  return reading.kind === "found" ? reading.run : undefined;
};

describe("readRun()", () => {
  it("reads what is used of a run, and when it was asked for", async () => {
    const { asked, requests } = scripted([
      data(
        run({
          actorTaskId: "task1",
          status: "SUCCEEDED",
          finishedAt: "2026-09-01T11:30:00.000Z",
          userId: "user1",
          meta: { origin: "SCHEDULER", scheduleId: "s", scheduledAt: "2026-09-01T11:00:00.000Z" },
          stats: {
            runTimeSecs: 26.239,
            resurrectCount: 2,
            durationMillis: null,
            inputBodyLen: "240",
            migrationCount: 0,
          },
          consoleUrl: "unknown keys are fine",
        }),
      ),
    ]);
    expect(await asked((apify) => apify.readRun("run1", never))).toEqual({
      kind: "found",
      observedAt: NOON,
      sentMs: NOON.getTime(),
      run: {
        id: "run1",
        actorId: "actor1",
        actorTaskId: "task1",
        status: "SUCCEEDED",
        startedAt: new Date("2026-09-01T11:00:00.000Z"),
        finishedAt: new Date("2026-09-01T11:30:00.000Z"),
        origin: "SCHEDULER",
        scheduleId: "s",
        userId: "user1",
        usageTotalMicroUsd: 1_500_000,
        settings: { pricingModel: "NONE" },
        detail: { stats: { runTimeSecs: 26.239, resurrectCount: 2, migrationCount: 0 }, resurrectCount: 2 },
      },
    });
    expect(requests[0]).toMatchObject({ method: "GET", url: "https://apify.test/v2/actor-runs/run1" });
  });

  it.each([undefined, null, "1.5", -0.01, true, {}, [1], 10_000_001, 1e15])(
    "takes a cost of %j for unknown, never for 0",
    async (usd) => {
      expect(await read({ usageTotalUsd: usd })).not.toHaveProperty("usageTotalMicroUsd");
    },
  );

  it.each(["NaN", "1e999", "-1e999", "1e300"])(
    "takes a cost written as %s for unknown, or refuses the JSON",
    async (text) => {
      const body = JSON.stringify({ data: run() }).replace("1.5", text);
      const { asked } = scripted([json(200, body), data(run({ usageTotalUsd: null }))]);
      const reading = await asked((apify) => apify.readRun("run1", never));
      expect(reading.kind === "found" && reading.run).not.toHaveProperty("usageTotalMicroUsd");
    },
  );

  it("knows a cost of 0 from no cost", async () => {
    expect(await read({ usageTotalUsd: 0 })).toMatchObject({ usageTotalMicroUsd: 0 });
  });

  it("takes what Apify adds one day as it comes", async () => {
    const added = await read({ status: "HIBERNATING", meta: { origin: "APIFY_AI" } });
    expect(added).toMatchObject({ status: "HIBERNATING", origin: "APIFY_AI" });
  });

  it.each([undefined, null, {}, { origin: null }, "WEB"])(
    "leaves an origin out that can't be read in %j",
    async (meta) => {
      expect(await read({ meta })).not.toHaveProperty("origin");
    },
  );

  it.each(["READY", "RUNNING", "TIMING-OUT", "ABORTING", "HIBERNATING"])(
    "takes no end of a run that is %s: it is one of a life before",
    async (status) => {
      const finishedAt = "2026-08-31T11:30:00.000Z";
      expect(await read({ status, finishedAt })).not.toHaveProperty("finishedAt");
      expect(await read({ status: "TIMED-OUT", finishedAt })).toMatchObject({
        finishedAt: new Date(finishedAt),
      });
    },
  );

  it.each(["1970-01-01T00:00:00.000Z", "2026-09-03T12:00:00.000Z", "soon", null])(
    "takes an end of %s for none",
    async (finishedAt) => {
      expect(await read({ status: "SUCCEEDED", finishedAt })).not.toHaveProperty("finishedAt");
    },
  );

  it("takes a start that can't have been for a malformed answer", async () => {
    const { asked } = scripted([data(run({ startedAt: "1970-01-01T00:00:00.000Z" }))]);
    const error = await failure(asked((apify) => apify.readRun("run1", never)));
    expect(error).toMatchObject({ type: "malformed-answer", status: 200 });
  });

  it.each([
    ["2026-05-01T08:00:00.123456+00:00", "2026-05-01T08:00:00.123Z"],
    ["2026-05-01T08:00:00Z", "2026-05-01T08:00:00.000Z"],
    ["2026-05-01T08:00:00.5+02:00", "2026-05-01T06:00:00.500Z"],
    ["2026-05-01T08:00:00+0200", "2026-05-01T06:00:00.000Z"],
    ["2024-02-29T08:00:00.000Z", "2024-02-29T08:00:00.000Z"],
  ])("reads the instant %s", async (text, expected) => {
    expect((await read({ startedAt: text }))?.startedAt).toEqual(new Date(expected));
  });

  it.each([
    "2026-05-01T08:00:00",
    "2026-05-01",
    "2026-02-30T08:00:00.000Z",
    "2026-13-01T08:00:00.000Z",
    "2026-05-01T25:00:00.000Z",
    "2026-05-01T08:00:00.000Z and then some Z",
    "1777622400",
  ])("takes %s for no instant", async (finishedAt) => {
    expect(await read({ status: "SUCCEEDED", finishedAt })).not.toHaveProperty("finishedAt");
  });

  it("leaves out what is null or can't be read", async () => {
    const sparse = await read({ actorTaskId: null, finishedAt: "soon", stats: null });
    expect(sparse).not.toHaveProperty("actorTaskId");
    expect(sparse).not.toHaveProperty("finishedAt");
    expect(sparse?.detail).toEqual({ stats: {} });
  });

  it.each([-1, 1.5, "2"])("does not count a resurrectCount of %j", async (resurrectCount) => {
    expect((await read({ stats: { resurrectCount } }))?.detail).not.toHaveProperty("resurrectCount");
  });

  it.each(["record-not-found", "record-or-token-not-found", "something-new"])(
    "tells a missing run by a 404 %s",
    async (type) => {
      const { asked, requests } = scripted([refusal(404, type, "Actor run was not found")]);
      expect(await asked((apify) => apify.readRun("run1", never))).toEqual({
        kind: "missing",
        observedAt: NOON,
      });
      expect(requests).toHaveLength(1);
    },
  );

  it("does not take an unknown URL for a missing run", async () => {
    const { asked } = scripted([refusal(404, "page-not-found", "There is no API endpoint at this URL.")]);
    const error = await failure(asked((apify) => apify.readRun("run1", never)));
    expect(error).toMatchObject({ status: 404, type: "page-not-found", retryable: false });
    expect(String(error)).toContain("Check APIFY_API_URL.");
  });

  it.each([
    ["a/b?token=x#y", "/v2/actor-runs/a%2Fb%3Ftoken%3Dx%23y"],
    ["běh 1", "/v2/actor-runs/b%C4%9Bh%201"],
    ["../users/me", "/v2/actor-runs/..%2Fusers%2Fme"],
  ])("encodes the id %s", async (id, path) => {
    const { asked, requests } = scripted([data(run({ id }))]);
    await asked((apify) => apify.readRun(id, never));
    expect(requests[0]?.url).toBe(`https://apify.test${path}`);
  });

  it.each(["", ".", "..", "\ud800"])("sends nothing for the id %j, which no URL can carry", async (id) => {
    const { asked, requests } = scripted([data(run())]);
    expect(await failure(asked((apify) => apify.readRun(id, never)))).toBeInstanceOf(RangeError);
    expect(requests).toHaveLength(0);
  });
});

describe("what a result costs at most", () => {
  it.each<[number | undefined, object | null]>([
    [4_000, { pricingModel: "PRICE_PER_DATASET_ITEM", unitName: "result", pricePerUnitUsd: 0.004 }],
    [
      5_000,
      {
        pricingModel: "PRICE_PER_DATASET_ITEM",
        tieredPricing: { FREE: { tieredPricePerUnitUsd: 0.005 }, GOLD: { tieredPricePerUnitUsd: 0.003 } },
      },
    ],
    [
      undefined,
      {
        pricingModel: "PRICE_PER_DATASET_ITEM",
        tieredPricing: { FREE: { tieredPricePerUnitUsd: "0.005" }, GOLD: { tieredPricePerUnitUsd: 0.003 } },
      },
    ],
    [undefined, { pricingModel: "PRICE_PER_DATASET_ITEM", pricePerUnitUsd: -1 }],
    [undefined, { pricingModel: "FREE", pricePerUnitUsd: 0.004 }],
    [undefined, null],
  ])("is %s micro-dollars by %j", (microUsd, pricingInfo) => {
    expect(resultPrice(pricingInfo)).toBe(microUsd);
  });
});
