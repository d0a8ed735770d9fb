import { describe, expect, it } from "vitest";
import { ApifyError, ConfigError } from "../../../src/watchdog/model/errors.ts";
import type { Apify } from "../../../src/watchdog/model/ports.ts";
import { actingIn, HOSTILE } from "../../support/hostile.ts";
import {
  data,
  failure,
  fixedToken,
  html,
  json,
  never,
  refusal,
  run,
  type Step,
  scripted,
  TOKEN,
  textOf,
} from "./support.ts";

const REFUSED = refusal(
  401,
  "user-or-token-not-found",
  "User was not found or authentication token is not valid",
);
const bearer = (request: { readonly headers: Readonly<Record<string, string>> } | undefined) =>
  request?.headers.authorization;

describe("a refused token", () => {
  it("is replaced once by a fresh one, and the request sent again with that", async () => {
    const token = fixedToken("old-token", "new-token");
    const { asked, requests, clock } = scripted([REFUSED, data(run())], { token });
    const startedAt = clock.now();
    expect(await asked((apify) => apify.readRun("run1", never))).toMatchObject({ kind: "found" });
    expect(requests.map(bearer)).toEqual(["Bearer old-token", "Bearer new-token"]);
    expect(token.refreshes).toBe(1);
    expect(clock.now()).toBe(startedAt);
  });

  it("ends it at once when the fresh one is the same", async () => {
    const token = fixedToken("same-token", "same-token");
    const { asked, requests } = scripted([REFUSED], { token });
    const error = await failure(asked((apify) => apify.readRun("run1", never)));
    expect(error).toMatchObject({
      status: 401,
      type: "user-or-token-not-found",
      retryable: false,
      attempt: 1,
    });
    expect((error as ApifyError).isOfToken).toBe(true);
    expect(requests).toHaveLength(1);
    expect(token.refreshes).toBe(1);
  });

  it("ends it when the fresh one is refused as well", async () => {
    const token = fixedToken("old-token", "new-token", "newest-token");
    const { asked, requests } = scripted([REFUSED], { token });
    expect(await failure(asked((apify) => apify.readRun("run1", never)))).toMatchObject({
      status: 401,
      attempt: 2,
    });
    expect(requests).toHaveLength(2);
    expect(token.refreshes).toBe(1);
  });

  it("is not renewed when another request has had it renewed meanwhile", async () => {
    const tokens = ["old-token", "new-token"];
    const token = {
      ...fixedToken(),
      get: async () => tokens.shift() ?? "new-token",
      refresh: () => Promise.reject(new Error("renewed twice")),
    };
    const { asked, requests } = scripted([REFUSED, data(run())], { token });
    expect(await asked((apify) => apify.readRun("run1", never))).toMatchObject({ kind: "found" });
    expect(requests.map(bearer)).toEqual(["Bearer old-token", "Bearer new-token"]);
  });

  it("leaves the full number of tries to a request that then fails for another reason", async () => {
    const token = fixedToken("old-token", "new-token");
    const { asked, requests } = scripted([REFUSED, refusal(503, "x"), "reset", html(502), data(run())], {
      token,
    });
    expect(await asked((apify) => apify.readRun("run1", never))).toMatchObject({ kind: "found" });
    expect(requests).toHaveLength(5);
  });

  it("without a body is a refused token too", async () => {
    const { asked } = scripted([json(401, "")], { who: "script" });
    expect(await failure(asked((apify) => apify.checkUser(undefined, never)))).toMatchObject({
      status: 401,
      type: "http-401",
    });
  });

  it("says which secret to look at and where tokens are made", async () => {
    const { asked } = scripted([REFUSED], { who: "script" });
    const error = await failure(asked((apify) => apify.checkUser(undefined, never)));
    expect((error as Error).message).toBe(
      "Apify refused the token (401 user-or-token-not-found: " +
        '"User was not found or authentication token is not valid") at GET /v2/users/me: look at ' +
        "the secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:apify. " +
        "A token is made at Apify Console → Settings → API & Integrations.",
    );
  });

  it("passes on what the token source says when there is no token", async () => {
    const token = { ...fixedToken(), get: () => Promise.reject(new ConfigError("There is no such secret.")) };
    const { asked, requests } = scripted([data(run())], { token });
    expect(await failure(asked((apify) => apify.checkUser(undefined, never)))).toBeInstanceOf(ConfigError);
    expect(requests).toHaveLength(0);
  });
});

const LIMIT_REACHED = refusal(403, "platform-feature-disabled", "Monthly usage hard limit exceeded");
const NOT_PERMITTED = refusal(
  403,
  "insufficient-permissions",
  "You do not have permission to perform this action.",
);

describe("a 403", () => {
  it.each(HOSTILE)("quotes nothing that would %s, of what Apify says", async (_what, text) => {
    const { asked } = scripted([refusal(403, "insufficient-permissions", text)]);
    const { message } = (await failure(asked((apify) => apify.listRuns({}, never)))) as Error;
    expect(actingIn(message)).toEqual([]);
    expect(message).toContain("<<");
    expect(message.split("\n")).toHaveLength(1);
  });

  it("ends it at once, without a fresh token, and says where permissions are granted", async () => {
    const token = fixedToken();
    const { asked, requests } = scripted([NOT_PERMITTED], { token });
    const error = await failure(asked((apify) => apify.readRun("run1", never)));
    expect(error).toMatchObject({ status: 403, retryable: false, attempt: 1 });
    expect((error as Error).message).toBe(
      "Apify does not let this token do GET /v2/actor-runs/run1 (403 insufficient-permissions: " +
        '"You do not have permission to perform this action."). Look at the permissions of the token from ' +
        "the secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:apify " +
        "(Apify Console → Settings → API & Integrations).",
    );
    expect(requests).toHaveLength(1);
    expect(token.refreshes).toBe(0);
  });

  it("for a limit of the account names that limit, and blames no permission", async () => {
    const { asked } = scripted([LIMIT_REACHED]);
    const error = await failure(asked((apify) => apify.listRuns({}, never)));
    expect(error).toMatchObject({ isLimitReached: true, isNotPermitted: false, isOfToken: false });
    const { message } = error as Error;
    expect(message).toContain("Monthly usage hard limit exceeded");
    expect(message).toContain("The token is not the reason");
    expect(message).not.toContain("permission");
  });
});

describe("what an error is of", () => {
  const list = (apify: Apify) => apify.listRuns({}, never);
  const page = (apify: Apify) => apify.runsPage({}, undefined, never);
  const one = (apify: Apify) => apify.readRun("run1", never);
  const limits = (apify: Apify) => apify.limits(never);
  const usage = (apify: Apify) => apify.monthlyUsage(never);
  const another = (apify: Apify) => apify.resurrectRun("run1", {}, never);
  const cases: readonly [string, Step, (apify: Apify) => Promise<unknown>, "token" | "resource"][] = [
    ["a 401 of the list", REFUSED, list, "token"],
    ["a 401 of one run", REFUSED, one, "token"],
    ["a 401 of the limits", REFUSED, limits, "token"],
    ["a 403 of the list", NOT_PERMITTED, list, "token"],
    ["a 403 of a page of it", NOT_PERMITTED, page, "token"],
    ["a 403 of one run", NOT_PERMITTED, one, "resource"],
    ["a 403 of the limits", NOT_PERMITTED, limits, "resource"],
    ["a 403 of the usage", NOT_PERMITTED, usage, "resource"],
    ["a 403 of a resurrect", NOT_PERMITTED, another, "resource"],
    ["a limit that is reached, at the list", LIMIT_REACHED, list, "resource"],
    ["a limit that is reached, at a resurrect", LIMIT_REACHED, another, "resource"],
    ["a proxy's 401 for the list", html(401), list, "resource"],
    ["a proxy's 403 for the list", html(403), list, "resource"],
    ["a 404 of the usage", refusal(404, "record-not-found"), usage, "resource"],
    ["a 500 of the list", refusal(500, "internal-server-error"), list, "resource"],
    ["no answer about one run", "reset", one, "resource"],
  ];

  it.each(cases)("%s", async (_what, step, call, whose) => {
    const error = await failure(scripted([step]).asked(call));
    expect(error).toBeInstanceOf(ApifyError);
    expect((error as ApifyError).isOfToken).toBe(whose === "token");
  });
});

const checks = (apify: Apify) => apify.checkUser(undefined, never);
const everyCall: [string, (apify: Apify) => Promise<unknown>][] = [
  ["checkUser", checks],
  ["limits", (apify) => apify.limits(never)],
  ["listRuns", (apify) => apify.listRuns({ statuses: ["RUNNING"] }, never)],
  ["readRun", (apify) => apify.readRun("run1", never)],
  ["abortRun", (apify) => apify.abortRun({ runId: "run1", actorId: "actor1", gracefully: true }, never)],
  ["resurrectRun", (apify) => apify.resurrectRun("run1", {}, never)],
  ["monthlyUsage", (apify) => apify.monthlyUsage(never)],
  ["runsPage", (apify) => apify.runsPage({}, undefined, never)],
  ["actor", (apify) => apify.actor("actor1", never)],
  ["task", (apify) => apify.task("task1", never)],
  ["recentRuns", (apify) => apify.recentRuns({ kind: "task", id: "task1" }, ["SUCCEEDED"], never)],
];

describe("the token", () => {
  const steps: readonly Step[] = [
    refusal(401, "user-or-token-not-found", `token ${TOKEN} is not valid`),
    refusal(403, "insufficient-permissions", `Bearer ${TOKEN} may not`),
    refusal(400, `${TOKEN}`, `${TOKEN}`),
    refusal(404, "page-not-found", `no ${TOKEN}`),
    refusal(500, "internal-server-error", TOKEN),
    html(500),
    json(200, `${TOKEN} is no JSON`),
    json(200, `{"data":{"token":${TOKEN}}}`),
    json(302, ""),
    data({ items: TOKEN }),
    "reset",
    "hang",
  ];

  it.each(everyCall)(
    "stands in the header of %s and nowhere else, whatever comes back",
    async (_name, call) => {
      for (const step of steps) {
        const { asked, requests } = scripted([step], { who: call === checks ? "script" : "user1" });
        const text = await asked(call).then((value) => JSON.stringify(value) ?? "", textOf);
        expect(text).not.toContain(TOKEN);
        for (const request of requests) {
          expect(request.url).not.toContain(TOKEN);
          expect(bearer(request)).toBe(`Bearer ${TOKEN}`);
        }
      }
    },
  );

  it("is kept out of the chain of causes when the transport quotes it", async () => {
    const cause = new Error(`"Bearer ${TOKEN}" is an invalid header value`);
    const transport = () => Promise.reject(new TypeError("fetch failed", { cause }));
    const { asked } = scripted([], { transport });
    const error = await failure(asked((apify) => apify.checkUser(undefined, never)));
    expect(textOf(error)).toContain("the connection failed (TypeError)");
    expect(textOf(error)).not.toContain(TOKEN);
    expect((error as Error).cause).toBeUndefined();
  });

  it("is no reason to hide an innocent cause", async () => {
    const { asked } = scripted(["reset"]);
    expect(((await failure(asked((apify) => apify.limits(never)))) as Error).cause).toMatchObject({
      code: "ECONNRESET",
    });
  });
});
