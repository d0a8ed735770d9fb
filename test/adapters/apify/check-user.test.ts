import { describe, expect, it } from "vitest";
import { ApifyError, ConfigError } from "../../../src/watchdog/model/errors.ts";
import { data, failure, fixedToken, json, refusal, scripted, textOf, WHO } from "./support.ts";
import { abortOne, account, check, everyCall, JANE, JOE, LIST, open, readOne, tokenOf } from "./users.ts";

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
