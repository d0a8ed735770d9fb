import { describe, expect, it } from "vitest";
import { readOnly } from "../../../src/adapters/apify/index.ts";
import { ApifyError, ConfigError } from "../../../src/watchdog/model/errors.ts";
import type { Apify } from "../../../src/watchdog/model/ports.ts";
import {
  data,
  failure,
  fixedToken,
  json,
  never,
  overHttp,
  refusal,
  run,
  scripted,
  textOf,
} from "./support.ts";

const USER = {
  id: "user1",
  username: "jane",
  proxy: { password: "pr0xyPassw0rd" },
  email: "jane@example.com",
};

describe("whoAmI()", () => {
  it("keeps id and name and nothing else", async () => {
    const { asked } = scripted([data(USER)]);
    expect(await asked((apify) => apify.whoAmI(never))).toEqual({ id: "user1", username: "jane" });
  });

  it("asks once per token, and again when the token is another", async () => {
    const token = fixedToken("old-token", "new-token");
    const { asked, requests } = scripted([data(USER), data({ ...USER, id: "user2" })], { token });
    const me = () => asked((apify) => apify.whoAmI(never)).then(({ id }) => id);
    expect([await me(), await me()]).toEqual(["user1", "user1"]);
    await token.refresh();
    expect([await me(), await me()]).toEqual(["user2", "user2"]);
    expect(requests).toHaveLength(2);
  });

  it.each([
    JSON.stringify({ data: { ...USER, id: null } }),
    `{"data":{"proxy":{"password":${USER.proxy.password}}}}`,
    JSON.stringify({ data: USER }).slice(0, -20),
    `{"user":${JSON.stringify(USER)}}`,
  ])("never shows the proxy's password, however broken the answer is: %s", async (body) => {
    const { asked } = scripted([json(200, body)]);
    const error = await failure(asked((apify) => apify.whoAmI(never)));
    expect(error).toBeInstanceOf(ApifyError);
    expect(textOf(error)).not.toContain(USER.proxy.password);
    expect(textOf(error)).not.toContain(USER.email);
  });
});

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

  it("leaves out what is not told, and refuses a cycle that can't be read", async () => {
    const { asked } = scripted([data({ monthlyUsageCycle, current: { monthlyUsageUsd: null } })]);
    expect(Object.keys(await asked((apify) => apify.limits(never)))).toEqual(["cycle"]);
    const broken = scripted([data({ limits: {}, current: {} })]);
    expect(await failure(broken.asked((apify) => apify.limits(never)))).toMatchObject({
      type: "malformed-answer",
    });
  });
});

describe("the name of an Actor or a task", () => {
  it("is its user's name and its own", async () => {
    const { asked, requests } = scripted([data({ username: "acme", name: "shop" })]);
    expect(await asked((apify) => apify.actorName("a/1", never))).toBe("acme/shop");
    expect(await asked((apify) => apify.taskName("t/1", never))).toBe("acme/shop");
    expect(requests.map(({ url }) => url)).toEqual([
      "https://apify.test/v2/actors/a%2F1",
      "https://apify.test/v2/actor-tasks/t%2F1",
    ]);
  });

  it.each([
    ["the token's user", "user1", "jane/nightly"],
    ["somebody else", "user2", undefined],
  ])("is resolved by the user id when there is no user name: %s", async (_whose, userId, name) => {
    const task = { name: "nightly", username: null, userId };
    const { asked } = scripted(({ path }) => data(path === "/v2/users/me" ? USER : task));
    expect(await asked((apify) => apify.taskName("task1", never))).toBe(name);
  });

  it.each([refusal(404, "record-or-token-not-found"), refusal(403, "insufficient-permissions")])(
    "is unknown when there is none, or it may not be read",
    async (step) => {
      const { asked, requests } = scripted([step]);
      expect(await asked((apify) => apify.actorName("actor1", never))).toBeUndefined();
      expect(await asked((apify) => apify.taskName("task1", never))).toBeUndefined();
      expect(requests).toHaveLength(2);
    },
  );

  it("is an error when the token is refused", async () => {
    const { asked } = scripted([refusal(401, "user-or-token-not-found")]);
    expect(await failure(asked((apify) => apify.actorName("actor1", never)))).toMatchObject({ status: 401 });
  });
});

describe("an Actor or a task that is looked for", () => {
  it("is found by its id or by its name with its owner, and told with both", async () => {
    const { asked, requests } = scripted([data({ id: "a1", username: "acme", name: "shop" })]);
    const found = { id: "a1", name: "acme/shop" };
    expect(await asked((apify) => apify.findActor("acme/shop", never))).toEqual(found);
    expect(await asked((apify) => apify.findActor("acme~shop", never))).toEqual(found);
    expect(await asked((apify) => apify.findTask("a1", never))).toEqual(found);
    expect(requests.map(({ path }) => path)).toEqual([
      "/v2/actors/acme~shop",
      "/v2/actors/acme~shop",
      "/v2/actor-tasks/a1",
    ]);
  });

  it("is none when Apify knows none, and an error when it may not be read or has no id", async () => {
    const none = scripted([refusal(404, "record-or-token-not-found")]);
    expect(await none.asked((apify) => apify.findActor("acme/shop", never))).toBeUndefined();
    const hidden = scripted([refusal(403, "insufficient-permissions")]);
    expect(await failure(hidden.asked((apify) => apify.findTask("t1", never)))).toMatchObject({
      status: 403,
    });
    const nameless = scripted([data({ name: "shop", username: "acme" })]);
    expect(await failure(nameless.asked((apify) => apify.findActor("a1", never)))).toMatchObject({
      type: "malformed-answer",
    });
  });
});

describe("the account of a trial", () => {
  it("can be read, and neither be aborted nor resurrected", async () => {
    const { asked, requests } = scripted([data({ id: "a1", username: "acme", name: "shop" })]);
    const trial = (use: (apify: Apify) => Promise<unknown>) => asked((apify) => use(readOnly(apify)));
    expect(await trial((apify) => apify.findActor("a1", never))).toMatchObject({ id: "a1" });
    await expect(trial((apify) => apify.resurrectRun("run1", {}, never))).rejects.toThrow("it only reads");
    const call = { runId: "run1", actorId: "a1", gracefully: true };
    await expect(trial((apify) => apify.abortRun(call, never))).rejects.toThrow("it only reads");
    expect(requests.map(({ method }) => method)).toEqual(["GET"]);
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
    const { asked, requests } = scripted([data(USER)], { baseUrl });
    await asked((apify) => apify.whoAmI(never));
    expect(requests[0]?.url).toBe(url);
  });

  it.each([
    "",
    "api.apify.com",
    "ftp://api.apify.com",
    "https://me:pr0xyPassw0rd@apify.test",
    "https://apify.test?token=pr0xyPassw0rd",
  ])("%j is refused, and no secret in it shown", (baseUrl) => {
    const create = () => overHttp(baseUrl);
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(/^APIFY_API_URL must be an http or https URL(?!.*pr0xy)/);
  });
});
