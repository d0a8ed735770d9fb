import { describe, expect, it } from "vitest";
import { ApifyError } from "../../../src/watchdog/model/errors.ts";
import type { Apify } from "../../../src/watchdog/model/ports.ts";
import { data, failure, never, refusal, scripted } from "./support.ts";

const usageCycle = { startAt: "2026-09-01T00:00:00.000Z", endAt: "2026-09-30T23:59:59.999Z" };
const cycle = { startsAt: new Date(usageCycle.startAt), endsAt: new Date(usageCycle.endAt) };
const usageOf = (answer: object) => scripted([data(answer)]).asked((apify) => apify.monthlyUsage(never));

describe("monthlyUsage()", () => {
  it("reads the cycle, and what is owed for it after discounts", async () => {
    const { asked, requests } = scripted([
      data({
        usageCycle,
        totalUsageCreditsUsdBeforeVolumeDiscount: 1.5,
        totalUsageCreditsUsdAfterVolumeDiscount: 1.25,
      }),
    ]);
    expect(await asked((apify) => apify.monthlyUsage(never))).toEqual({
      cycle,
      totalMicroUsd: 1_250_000,
    });
    expect(requests.map(({ url }) => url)).toEqual(["https://apify.test/v2/users/me/usage/monthly"]);
  });

  it.each([
    ["missing", {}],
    ["null", { totalUsageCreditsUsdAfterVolumeDiscount: null }],
    ["of another form", { totalUsageCreditsUsdAfterVolumeDiscount: "1.25" }],
    ["negative", { totalUsageCreditsUsdAfterVolumeDiscount: -1 }],
  ])(
    "knows no total rather than 0 where it is %s, and never takes the one before discounts",
    async (_what, told) => {
      const answer = { usageCycle, totalUsageCreditsUsdBeforeVolumeDiscount: 1.5, ...told };
      expect(await usageOf(answer)).toEqual({ cycle });
    },
  );

  it.each([
    ["missing", undefined],
    ["null", null],
    ["without its start", { endAt: usageCycle.endAt }],
    ["without its end", { startAt: usageCycle.startAt, endAt: "soon" }],
  ])("refuses a cycle that is %s", async (_what, broken) => {
    const error = await failure(usageOf({ usageCycle: broken, totalUsageCreditsUsdAfterVolumeDiscount: 1 }));
    expect(error).toMatchObject({ type: "malformed-answer", path: "/v2/users/me/usage/monthly" });
  });
});

describe("an account whose figures the token may not read", () => {
  it.each([
    ["/v2/users/me/limits", (apify: Apify) => apify.limits(never)],
    ["/v2/users/me/usage/monthly", (apify: Apify) => apify.monthlyUsage(never)],
  ] as const)("is an error that says what was asked for: %s", async (path, ask) => {
    const { asked, requests } = scripted([refusal(403, "insufficient-permissions")]);
    const error = await failure(asked<unknown>(ask));
    expect(error).toBeInstanceOf(ApifyError);
    expect(error).toMatchObject({ status: 403, isNotPermitted: true, isOfToken: false, path });
    expect(String(error)).toContain(`GET ${path}`);
    expect(requests).toHaveLength(1);
  });
});
