import { describe, expect, it } from "vitest";
import { readOnly } from "../../../src/adapters/apify/index.ts";
import { ConfigError } from "../../../src/watchdog/model/errors.ts";
import type { Apify } from "../../../src/watchdog/model/ports.ts";
import { data, failure, json, never, overHttp, refusal, run, scripted, USER } from "./support.ts";

describe("limits()", () => {
  const monthlyUsageCycle = { startAt: "2026-09-01T00:00:00.000Z", endAt: "2026-09-30T23:59:59.999Z" };

  it("reads the cycle and the money, in micro-dollars", async () => {
    const answer = {
      monthlyUsageCycle,
      limits: { maxMonthlyUsageUsd: 300 },
      current: { monthlyUsageUsd: 43.0000019 },
    };
    const { asked, requests } = scripted([data(answer)]);
    expect(await asked((apify) => apify.limits(never))).toEqual({
      cycle: { startsAt: new Date(monthlyUsageCycle.startAt), endsAt: new Date(monthlyUsageCycle.endAt) },
      maxMonthlyUsageMicroUsd: 300_000_000,
      monthlyUsageMicroUsd: 43_000_002,
    });
    expect(requests[0]?.path).toBe("/v2/users/me/limits");
  });

  it("leaves out what is not reported, and refuses a cycle that can't be read", async () => {
    const { asked } = scripted([data({ monthlyUsageCycle, current: { monthlyUsageUsd: null } })]);
    expect(Object.keys(await asked((apify) => apify.limits(never)))).toEqual(["cycle"]);
    const broken = scripted([data({ limits: {}, current: {} })]);
    expect(await failure(broken.asked((apify) => apify.limits(never)))).toMatchObject({
      type: "malformed-answer",
    });
  });
});

describe("the account of a trial", () => {
  it("can be read, and neither be aborted nor resurrected", async () => {
    const { asked, requests } = scripted([data({ id: "a1", username: "acme", name: "shop" })]);
    const trial = (use: (apify: Apify) => Promise<unknown>) => asked((apify) => use(readOnly(apify)));
    expect(await trial((apify) => apify.actor("a1", never))).toMatchObject({ id: "a1" });
    await expect(trial((apify) => apify.resurrectRun("run1", {}, never))).rejects.toThrow("it only reads");
    const call = { runId: "run1", actorId: "a1", gracefully: true };
    await expect(trial((apify) => apify.abortRun(call, never))).rejects.toThrow("it only reads");
    expect(requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  it("says what it counts at once, as a tick asks it", async () => {
    const { asked } = scripted([data({ id: "a1", username: "acme", name: "shop" })]);
    const counts = await asked(async (apify) => {
      const trial = readOnly(apify);
      await trial.actor("a1", never);
      return [trial.clockChecks(), trial.takeClockChecks(), trial.takeRequestCount(), trial.now()];
    });
    expect(counts).toEqual([expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Date)]);
  });
});

describe("resurrectRun()", () => {
  it("posts what is given and returns the run", async () => {
    const { asked, requests } = scripted([data(run({ stats: { resurrectCount: 1 } }))]);
    const options = { timeoutSecs: 0, maxTotalChargeUsd: 2.5 };
    const alive = await asked((apify) => apify.resurrectRun("run1", options, never));
    expect(alive).toMatchObject({ id: "run1", status: "RUNNING", detail: { resurrectCount: 1 } });
    await asked((apify) => apify.resurrectRun("run1", {}, never));
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST https://apify.test/v2/actor-runs/run1/resurrect?timeout=0&maxTotalChargeUsd=2.5",
      "POST https://apify.test/v2/actor-runs/run1/resurrect",
    ]);
  });

  it.each([
    [refusal(503, "internal-server-error"), { status: 503, retryable: true }],
    [refusal(400, "invalid-request"), { status: 400, retryable: false }],
    [refusal(401, "invalid-token"), { status: 401, retryable: false }],
    ["reset" as const, { status: 0, type: "no-answer" }],
    [json(200, {}), { type: "malformed-answer" }],
  ])("sends one request whatever the answer", async (step, expected) => {
    const { asked, requests } = scripted([step]);
    const error = await failure(asked((apify) => apify.resurrectRun("run1", {}, never)));
    expect(error).toMatchObject({ ...expected, attempt: 1 });
    expect(requests).toHaveLength(1);
  });

  it("sends nothing when the signal has aborted", async () => {
    const { asked, requests } = scripted([data(run())]);
    const error = await failure(asked((apify) => apify.resurrectRun("run1", {}, AbortSignal.abort())));
    expect(error).toMatchObject({ attempt: 0 });
    expect(requests).toHaveLength(0);
  });
});

describe("the base URL", () => {
  it.each([
    ["https://api.apify.com", "https://api.apify.com/v2/users/me"],
    ["https://api.apify.com/", "https://api.apify.com/v2/users/me"],
    ["https://api.apify.com/v2", "https://api.apify.com/v2/users/me"],
    ["https://api.apify.com/v2/", "https://api.apify.com/v2/users/me"],
    ["http://localhost:8080/apify/", "http://localhost:8080/apify/v2/users/me"],
  ])("%s leads to %s", async (baseUrl, url) => {
    const { asked, requests } = scripted([data(USER)], { baseUrl, who: "script" });
    await asked((apify) => apify.checkUser(undefined, never));
    expect(requests[0]?.url).toBe(url);
  });

  it.each([
    "",
    "api.apify.com",
    "ftp://api.apify.com",
    "http://api.apify.com",
    "https://me:pr0xyPassw0rd@apify.test",
    "https://apify.test?token=pr0xyPassw0rd",
  ])("%j is refused, and no secret in it shown", (baseUrl) => {
    const create = () => overHttp(baseUrl);
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(/^APIFY_API_URL must be an https URL(?!.*pr0xy)/);
  });
});
