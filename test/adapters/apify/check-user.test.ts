import { describe, expect, it } from "vitest";
import { ApifyError, ConfigError } from "../../../src/watchdog/model/errors.ts";
import type { Apify } from "../../../src/watchdog/model/ports.ts";
import {
  data,
  failure,
  fixedToken,
  html,
  json,
  never,
  type Respond,
  refusal,
  run,
  type Seen,
  type Step,
  scripted,
  textOf,
  WHO,
} from "./support.ts";

const JANE = {
  id: "user1",
  username: "jane",
  proxy: { password: "pr0xyPassw0rd" },
  email: "jane@example.com",
};
const JOE = { id: "user2", username: "joe" };
const REFUSED = refusal(401, "user-or-token-not-found");
const NOT_PERMITTED = refusal(403, "insufficient-permissions");
const LIST = "/v2/actor-runs";
const runsOf = (...userIds: readonly unknown[]): Step =>
  data({ items: userIds.map((userId, index) => run({ id: `run${index}`, userId })) });

const tokenOf = ({ headers }: Seen): string => (headers.authorization ?? "").replace("Bearer ", "");
const check = (expected?: string) => (apify: Apify) => apify.checkUser(expected, never);
const readOne = (apify: Apify) => apify.readRun("run1", never);
const abortOne = (apify: Apify) =>
  apify.abortRun({ runId: "run1", actorId: "actor1", gracefully: true }, never);

/** An account that knows these tokens, each with its user; `who` is how `users/me` answers, where not as it should. */
const account =
  (users: Readonly<Record<string, object>>, who?: (user: object) => Step): Respond =>
  (request) => {
    const user = users[tokenOf(request)];
    if (user === undefined) return REFUSED;
    if (request.path === WHO) return who?.(user) ?? data(user);
    if (request.path === LIST) return runsOf("id" in user ? user.id : undefined);
    return data(run());
  };

const open = (script: readonly Step[] | Respond, ...tokens: string[]) =>
  scripted(script, { who: "script", ...(tokens.length > 0 && { token: fixedToken(...tokens) }) });

describe("checkUser()", () => {
  it("asks whose the token is, and keeps id and name and nothing else", async () => {
    const { asked, requests } = open([data(JANE)]);
    const jane = { kind: "user", id: "user1", username: "jane", by: "users/me" };
    expect(await asked(check("user1"))).toEqual(jane);
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([`GET ${WHO}`]);
  });

  it("asks once per token, and again when the token is another", async () => {
    const token = fixedToken("old-token", "new-token");
    const { asked, requests } = scripted(account({ "old-token": JANE, "new-token": JANE }), {
      who: "script",
      token,
    });
    const by = async () => {
      const user = await asked(check("user1"));
      return user.kind === "user" && user.by;
    };
    expect([await by(), await by()]).toEqual(["users/me", "known"]);
    await token.refresh();
    expect([await by(), await by()]).toEqual(["users/me", "known"]);
    expect(requests.map(tokenOf)).toEqual(["old-token", "new-token"]);
  });

  it("asks once for all that wait for it", async () => {
    const { asked, requests } = open(account({ t: JANE }), "t");
    await asked((apify) => Promise.all([readOne(apify), readOne(apify), abortOne(apify)]));
    expect(requests.map(({ path }) => path).filter((path) => path === WHO)).toHaveLength(1);
  });

  it("is not undone for others by one who had no time to wait for the answer", async () => {
    const stop = new AbortController();
    const { asked } = open((request, index) => {
      if (index === 0) {
        queueMicrotask(() => stop.abort());
        return "hang";
      }
      return account({ t: JANE })(request, index);
    }, "t");
    const [hasty, patient] = await asked((apify) =>
      Promise.allSettled([apify.readRun("run1", stop.signal), readOne(apify)]),
    );
    expect(hasty).toMatchObject({ status: "rejected", reason: { type: "no-answer", attempt: 0 } });
    expect(patient).toMatchObject({ status: "fulfilled", value: { kind: "found" } });
  });

  it.each([
    JSON.stringify({ data: { ...JANE, id: null } }),
    `{"data":{"proxy":{"password":${JANE.proxy.password}}}}`,
    JSON.stringify({ data: JANE }).slice(0, -20),
    `{"user":${JSON.stringify(JANE)}}`,
  ])("never shows the proxy's password, however broken the answer is: %s", async (body) => {
    const { asked } = open([json(200, body)]);
    const error = await failure(asked(check()));
    expect(error).toBeInstanceOf(ApifyError);
    expect(textOf(error)).not.toContain(JANE.proxy.password);
    expect(textOf(error)).not.toContain(JANE.email);
  });

  it("refuses another user's token in words, and sends nothing more on it", async () => {
    const { asked, requests } = open(account({ t: JOE }), "t");
    const error = await failure(asked(check("user1")));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toBe(
      "the Apify token belongs to user joe (user2), but this watchdog guards user user1, so nothing more was asked " +
        "with it. Put a token of user user1 into the secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:apify, " +
        "or guard joe under another ACCOUNT.",
    );
    for (const call of [readOne, abortOne, check("user1"), check()])
      expect(await failure(asked<unknown>(call))).toBeInstanceOf(ConfigError);
    expect(requests).toHaveLength(1);
  });

  it("holds to the user that is guarded where a remembered one comes to light later", async () => {
    const { asked, requests } = open(account({ t: JOE }), "t");
    expect(await asked(check())).toMatchObject({ id: "user2" });
    expect(await failure(asked(check("user1")))).toBeInstanceOf(ConfigError);
    expect(await failure(asked(abortOne))).toBeInstanceOf(ConfigError);
    expect(requests).toHaveLength(1);
  });

  it("tries a fresh token where the one at hand is refused, and throws where that is refused too", async () => {
    const { asked } = open(account({ "new-token": JANE }), "old-token", "new-token");
    expect(await asked(check("user1"))).toMatchObject({ id: "user1", by: "users/me" });
    const revoked = open(account({}), "old-token", "new-token");
    const error = await failure(revoked.asked(check("user1")));
    expect(error).toMatchObject({ status: 401, isOfToken: true, path: WHO });
    expect(revoked.requests.map(tokenOf)).toEqual(["old-token", "new-token"]);
  });
});

const everyCall: readonly [string, (apify: Apify) => Promise<unknown>][] = [
  ["listRuns", (apify) => apify.listRuns({}, never)],
  ["runsPage", (apify) => apify.runsPage({}, undefined, never)],
  ["readRun", readOne],
  ["actor", (apify) => apify.actor("actor1", never)],
  ["task", (apify) => apify.task("task1", never)],
  ["recentRuns", (apify) => apify.recentRuns({ kind: "actor", id: "actor1" }, ["SUCCEEDED"], never)],
  ["limits", (apify) => apify.limits(never)],
  ["monthlyUsage", (apify) => apify.monthlyUsage(never)],
  ["abortRun", abortOne],
  ["resurrectRun", (apify) => apify.resurrectRun("run1", {}, never)],
];

describe.each(everyCall)("a token that is new to this process: %s", (_name, call) => {
  it("is asked whose it is before the request goes out", async () => {
    const { asked, requests } = open(account({ t: JANE }), "t");
    await asked(call).catch(() => undefined);
    expect(requests[0]?.path).toBe(WHO);
    expect(requests[1]?.path).not.toBe(WHO);
  });

  it("sends nothing when it is another user's, brought by an hourly refresh", async () => {
    const token = fixedToken("old-token", "new-token");
    const users = { "old-token": JANE, "new-token": JOE };
    const { asked, requests } = scripted(account(users), { who: "script", token });
    await asked(check("user1"));
    await token.refresh();
    expect(await failure(asked(call))).toBeInstanceOf(ConfigError);
    expect(requests.map((each) => `${tokenOf(each)} ${each.path}`)).toEqual([
      `old-token ${WHO}`,
      `new-token ${WHO}`,
    ]);
  });

  it("leaves open nothing, for nothing was sent, when it can't be asked whose it is", async () => {
    const { asked, requests } = open([refusal(503, "internal-server-error")]);
    expect(await failure(asked(call))).toMatchObject({ status: 503, attempt: 0, path: LIST });
    expect(requests.every(({ method }) => method === "GET")).toBe(true);
  });
});

describe("a token that is refused while in use", () => {
  const reads = everyCall.filter(([name]) => !["abortRun", "resurrectRun"].includes(name));

  it.each(reads)("gives way to another user's for nothing: %s", async (_name, call) => {
    const token = fixedToken("old-token", "new-token");
    const users: Record<string, object> = { "old-token": JANE, "new-token": JOE };
    const { asked, requests } = scripted((...seen) => account(users)(...seen), { who: "script", token });
    await asked(check("user1"));
    delete users["old-token"];
    const error = await failure(asked(call));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toContain("belongs to user joe (user2)");
    const onNew = requests.filter((each) => tokenOf(each) === "new-token");
    expect(onNew.map(({ path }) => path)).toEqual([WHO]);
  });

  it("gives way to the same user's, which is checked before the request is repeated", async () => {
    const token = fixedToken("old-token", "new-token");
    const users: Record<string, object> = { "old-token": JANE, "new-token": JANE };
    const { asked, requests } = scripted((...seen) => account(users)(...seen), { who: "script", token });
    await asked(check("user1"));
    delete users["old-token"];
    expect(await asked(readOne)).toMatchObject({ kind: "found" });
    expect(requests.map((each) => `${tokenOf(each)} ${each.path}`)).toEqual([
      `old-token ${WHO}`,
      "old-token /v2/actor-runs/run1",
      `new-token ${WHO}`,
      "new-token /v2/actor-runs/run1",
    ]);
  });
});

const down: readonly [string, Step, number][] = [
  ["may not be read", NOT_PERMITTED, 1],
  ["fails", refusal(500, "internal-server-error"), 2],
  ["answers a proxy's page", html(502), 2],
  ["answers garbage", json(200, '{"data":[]}'), 2],
  ["does not answer", "hang", 2],
  ["is not there", refusal(404, "record-not-found"), 1],
];

describe("where users/me", () => {
  it.each(down)("%s, one list tells whose the token is", async (_what, step, tries) => {
    const { asked, requests } = open(
      account({ t: JANE }, () => step),
      "t",
    );
    const user = await asked(check("user1"));
    expect(user).toEqual({ kind: "user", id: "user1", by: "list", because: expect.any(ApifyError) });
    expect(user.kind === "user" && user.because?.path).toBe(WHO);
    expect(requests).toHaveLength(tries + 1);
    const list = requests.at(-1);
    expect(list?.path).toBe(LIST);
    expect(Object.fromEntries(list?.query ?? [])).toEqual({ desc: "1", limit: "10" });
    expect(await asked(abortOne)).toMatchObject({ kind: "taken" });
    expect(await asked(check("user1"))).toEqual({ kind: "user", id: "user1", by: "known" });
    expect(requests).toHaveLength(tries + 2);
  });

  it.each(down)("%s, another user's token is used for nothing more", async (_what, step, tries) => {
    const { asked, requests } = open(
      account({ t: JOE }, () => step),
      "t",
    );
    expect(await failure(asked(check("user1")))).toBeInstanceOf(ConfigError);
    expect(await failure(asked(abortOne))).toBeInstanceOf(ConfigError);
    expect(requests).toHaveLength(tries + 1);
  });

  it("may not be read and no user is expected, the first one found is the one from then on", async () => {
    const token = fixedToken("old-token", "new-token");
    const users = { "old-token": JANE, "new-token": JOE };
    const { asked } = scripted(
      account(users, () => NOT_PERMITTED),
      { who: "script", token },
    );
    expect(await asked(check())).toMatchObject({ kind: "user", id: "user1", by: "list" });
    await token.refresh();
    expect(await failure(asked(check()))).toBeInstanceOf(ConfigError);
  });

  it("is down, a user that is known for this very token goes on counting, and a new token's does not", async () => {
    const token = fixedToken("old-token", "new-token");
    let isUp = true;
    const respond: Respond = (request) => {
      if (request.path === WHO && isUp) return data(JANE);
      if (request.path === WHO || request.path === LIST) return html(502);
      return data(run());
    };
    const { asked } = scripted(respond, { who: "script", token });
    await asked(check("user1"));
    isUp = false;
    expect(await asked(check("user1"))).toMatchObject({ id: "user1", by: "known" });
    expect(await asked(abortOne)).toMatchObject({ kind: "taken" });
    await token.refresh();
    expect(await failure(asked(readOne))).toMatchObject({ type: "malformed-answer", attempt: 0 });
  });

  it("may not be read and there is no run, there is nothing to go by, and that is said", async () => {
    const { asked, requests } = open((request) => (request.path === WHO ? NOT_PERMITTED : runsOf()));
    expect(await asked(check("user1"))).toEqual({ kind: "no-runs", because: expect.any(ApifyError) });
    const error = await failure(asked(abortOne));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(
      /^It can't be determined whose Apify token this is.*GET \/v2\/users\/me.*list of runs is empty\. Give the token the right/,
    );
    expect(requests.every(({ method }) => method === "GET")).toBe(true);
  });

  it.each([
    ["none says its user", runsOf(undefined, null, 7), "names no user"],
    ["they name several", runsOf("user1", "user2"), "names several users"],
  ])("may not be read and of the runs %s, it is refused", async (_what, list, why) => {
    const { asked } = open((request) => (request.path === WHO ? NOT_PERMITTED : list));
    const error = await failure(asked(check("user1")));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toContain(why);
    expect((error as Error).message).toContain("Give the token the right to read GET /v2/users/me");
  });

  it("fails for now and no run says its user, the failure is told as one that may pass", async () => {
    const failing = refusal(503, "internal-server-error");
    const { asked } = open((request) => (request.path === WHO ? failing : runsOf(undefined)));
    const error = await failure(asked(check("user1")));
    expect(error).toMatchObject({ status: 503, retryable: true, path: WHO });
  });

  it("counts by the runs that say their user where some do not", async () => {
    const { asked } = open((request) => (request.path === WHO ? NOT_PERMITTED : runsOf(undefined, "user1")));
    expect(await asked(check("user1"))).toMatchObject({ id: "user1" });
  });

  it("and the list may both not be read, it is the token that is at fault", async () => {
    const { asked } = open([NOT_PERMITTED]);
    expect(await failure(asked(check("user1")))).toMatchObject({ status: 403, isOfToken: true, path: LIST });
  });
});
