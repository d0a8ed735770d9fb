import { describe, expect, it } from "vitest";
import { ApifyError, ConfigError } from "../../../src/watchdog/model/errors.ts";
import {
  data,
  failure,
  fixedToken,
  html,
  json,
  type Respond,
  refusal,
  run,
  type Step,
  scripted,
  WHO,
} from "./support.ts";
import {
  abortOne,
  account,
  check,
  everyCall,
  JANE,
  JOE,
  LIST,
  NOT_PERMITTED,
  open,
  readOne,
  runsOf,
  tokenOf,
} from "./users.ts";

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
