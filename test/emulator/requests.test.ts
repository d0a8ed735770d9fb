import { describe, expect, test } from "vitest";
import { ask, emulatorOf, idOf, MINUTE, serve } from "./support.ts";

const told = ({ status, error }: ReturnType<typeof ask>) => [status, error?.type];

describe("a token", () => {
  test("is taken from the header or the query", async () => {
    const emulator = emulatorOf({});
    const { url } = await serve(emulator);
    expect((await fetch(`${url}/v2/actor-runs?token=anything`)).status).toBe(200);
    expect((await fetch(`${url}/v2/actor-runs`, { headers: { Authorization: "Bearer x" } })).status).toBe(
      200,
    );
    expect((await fetch(`${url}/v2/actor-runs`)).status).toBe(401);
    expect(emulator.truth.calls.map((call) => call.authorised)).toEqual([true, true, false]);
  });

  test("is needed for all but reads by the run's id", () => {
    const emulator = emulatorOf({});
    const id = idOf(emulator);
    const none = { token: null };
    expect(told(ask(emulator, "GET", "/v2/actor-runs", none))).toEqual([401, "token-not-provided"]);
    expect(told(ask(emulator, "POST", `/v2/actor-runs/${id}/abort`, none))).toEqual([
      401,
      "token-not-provided",
    ]);
    expect(told(ask(emulator, "GET", "/v2/users/me", none))).toEqual([401, "token-not-provided"]);
    expect(ask(emulator, "GET", `/v2/acts/acme~shop/runs/${id}`, none).status).toBe(200);
  });

  test("that is bad is refused everywhere", () => {
    const emulator = emulatorOf({});
    for (const path of ["/v2/actor-runs", `/v2/actor-runs/${idOf(emulator)}`, "/v2/users/me"]) {
      expect(told(ask(emulator, "GET", path, { token: "bad-token" }))).toEqual([
        401,
        "user-or-token-not-found",
      ]);
    }
  });

  test("of another user shows another user and none of the first one's runs", () => {
    const emulator = emulatorOf({});
    const other = { token: "other-user" };
    const [mine, theirs] = [
      ask(emulator, "GET", "/v2/users/me"),
      ask(emulator, "GET", "/v2/users/me", other),
    ];
    expect(theirs.data.id).not.toBe(mine.data.id);
    expect(ask(emulator, "GET", "/v2/actor-runs", other).data.items).toEqual([]);
    expect(ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`, other).status).toBe(404);
    expect(ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/abort`, other).status).toBe(404);
    expect(ask(emulator, "GET", "/v2/actors/acme~shop", other).status).toBe(404);
    expect(ask(emulator, "GET", "/v2/users/me/limits", other).data.current.activeActorJobCount).toBe(0);
  });
});

describe("a request that can't be served", () => {
  const emulator = emulatorOf({});
  const cases: readonly [string, string, number, string, string][] = [
    ["GET", "/v2/nothing", 404, "page-not-found", "We have bad news: there is no API endpoint at this URL."],
    ["GET", "/actor-runs", 404, "page-not-found", "We have bad news"],
    ["PATCH", "/v2/users/me", 405, "method-not-allowed", "following HTTP methods: OPTIONS,GET"],
    ["GET", "/v2/actor-runs/nosuchrun", 404, "record-not-found", "Actor run was not found"],
    ["POST", "/v2/actor-runs/nosuchrun/abort", 404, "record-not-found", "Actor run was not found"],
    ["GET", "/v2/actors/acme~nothing", 404, "record-or-token-not-found", "Actor was not found"],
    ["GET", "/v2/acts/acme~nothing/runs", 404, "record-or-token-not-found", "Actor was not found"],
    ["GET", "/v2/actor-tasks/nothing", 404, "record-not-found", "Actor task was not found"],
    ["GET", "/v2/actors/acme~news/runs/last", 404, "record-not-found", "Actor run was not found"],
    [
      "GET",
      "/v2/actor-runs?status=FINISHED",
      400,
      "invalid-request",
      "Status parameter has an invalid value",
    ],
    ["GET", "/v2/actor-runs?limit=many", 400, "invalid-request", "limit"],
    ["GET", "/v2/actor-runs?startedAfter=yesterday", 400, "invalid-request", "startedAfter"],
    ["POST", `/v2/actor-runs/${idOf(emulator)}/abort?gracefully=maybe`, 400, "invalid-request", "gracefully"],
    [
      "PUT",
      `/v2/actor-runs/${idOf(emulator)}`,
      400,
      "invalid-input",
      "The request body contains invalid data",
    ],
  ];
  test.each(cases)("%s %s is a %i %s", (method, path, status, type, message) => {
    const answer = ask(emulator, method, path);
    expect(told(answer)).toEqual([status, type]);
    expect(answer.error.message).toContain(message);
    expect(answer.data).toBeUndefined();
  });
});

test("every answer tells the rate limit's ceiling", () => {
  expect(ask(emulatorOf(), "GET", "/v2/actor-runs").headers["x-ratelimit-limit"]).toBe("60");
});

test("the method parameter overrides the method", () => {
  const emulator = emulatorOf({});
  const { data } = ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}/abort?method=POST&gracefully=0`);
  expect(data.status).toBe("ABORTED");
});

test("booleans are 1, 0, true or false", () => {
  for (const [text, status] of [
    ["1", "ABORTING"],
    ["true", "ABORTING"],
    ["0", "ABORTED"],
    ["false", "ABORTED"],
  ]) {
    const emulator = emulatorOf({});
    const path = `/v2/actor-runs/${idOf(emulator)}/abort?gracefully=${text}`;
    expect(ask(emulator, "POST", path).data.status).toBe(status);
  }
});

test("lists give at most a thousand items, whatever is asked", () => {
  const emulator = emulatorOf(...Array.from({ length: 1_200 }, (_, index) => ({ startsAfterMs: -index })));
  const first = ask(emulator, "GET", "/v2/actor-runs?limit=5000&status=READY,RUNNING").data;
  expect(first).toMatchObject({ total: 1_200, limit: 1_000, count: 1_000 });
  const last = first.items.at(-1);
  const next = ask(emulator, "GET", `/v2/actor-runs?startedAfter=${last.startedAt}`).data;
  expect(next.items[0].id).toBe(last.id);
  expect(next.count).toBe(201);
});

test("all three families list and start runs", () => {
  const emulator = emulatorOf({ startsAfterMs: -MINUTE, task: "shop-eu" });
  for (const path of ["actors/acme~shop", "acts/acme~shop", "actor-tasks/acme~shop-eu"]) {
    expect(ask(emulator, "POST", `/v2/${path}/runs`).status).toBe(201);
    expect(ask(emulator, "GET", `/v2/${path}/runs?desc=1&limit=1`).data.count).toBe(1);
  }
  expect(ask(emulator, "GET", "/v2/actor-runs").data.total).toBe(4);
});
