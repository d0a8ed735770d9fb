import { ApifyApiError } from "apify-client";
import { describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Fault, type RequestMatch } from "../../../emulator/index.ts";
import { ask, emulatorOf, MINUTE, serve, worldOf } from "../support.ts";
import { refusalOf } from "./support.ts";

// Facts, section 4: what Apify's refusals look like; section 14: scoped tokens; section 20: `users/me`, single runs,
// Actors or tasks may be refused.

const paths = (emulator: Emulator) => {
  const run = emulator.truth.idOf("one");
  return {
    list: "/v2/actor-runs",
    one: `/v2/actor-runs/${run}`,
    two: `/v2/actor-runs/${emulator.truth.idOf("two")}`,
    actor: "/v2/actors/acme~shop",
    actorRuns: "/v2/actors/acme~shop/runs",
    task: "/v2/actor-tasks/acme~shop-eu",
    taskRuns: "/v2/actor-tasks/acme~shop-eu/runs",
    user: "/v2/users/me",
    limits: "/v2/users/me/limits",
    usage: "/v2/users/me/usage/monthly",
  };
};
const twoRuns = () => emulatorOf({ label: "one" }, { label: "two", actor: "acme/news" });

/** Which of them do not answer 200. */
function struck(emulator: Emulator, token = "good"): string[] {
  return Object.entries(paths(emulator))
    .filter(([, path]) => ask(emulator, "GET", path, { token }).status !== 200)
    .map(([name]) => name);
}

describe("a fault of one resource", () => {
  const cases: readonly [RequestMatch, readonly string[]][] = [
    [{ run: "one" }, ["one"]],
    [{ kind: "get" }, ["one", "two"]],
    [{ kind: "actor", actor: "acme/shop" }, ["actor"]],
    [{ kind: "list", actor: "acme/shop" }, ["actorRuns"]],
    [{ actor: "acme/shop" }, ["one", "actor", "actorRuns"]],
    [{ task: "shop-eu" }, ["task", "taskRuns"]],
    [{ kind: "list", of: "account" }, ["list"]],
    [{ kind: ["user", "usage"] }, ["user", "usage"]],
    [{ kind: "limits" }, ["limits"]],
  ];
  test.each(cases)("of %j strikes %j and nothing else", (match, names) => {
    const emulator = twoRuns();
    const fault: Fault = { kind: "refused", because: "permissions" };
    emulator.faults.add({ match, fault, times: Number.POSITIVE_INFINITY });
    expect(struck(emulator)).toEqual(names);
  });

  test("means a run by its id as well as by its label, and an Actor by its id", () => {
    const emulator = twoRuns();
    const fault: Fault = { kind: "refused", because: "permissions" };
    const { id: actor } = ask(emulator, "GET", "/v2/actors/acme~news").data;
    emulator.faults.add({ match: { run: emulator.truth.idOf("one") }, fault, times: 1 });
    emulator.faults.add({ match: { actor }, fault, times: 1 });
    expect(struck(emulator)).toEqual(["one", "two"]);
  });

  test("lasts from one instant to another", () => {
    const world = {
      ...worldOf({ label: "one" }, { label: "two" }),
      faults: [
        {
          match: { kind: "user" },
          fault: { kind: "html", status: 502 },
          fromMs: MINUTE,
          untilMs: 2 * MINUTE,
        },
      ],
    } as const;
    const emulator = createEmulator({ world });
    const seen = [0, 1, 2].map(() => {
      const names = struck(emulator);
      emulator.clock.advance(MINUTE);
      return names;
    });
    expect(seen).toEqual([[], ["user"], []]);
  });
});

describe("a refusal", () => {
  const because = (fault: Fault, path: (all: ReturnType<typeof paths>) => string) => {
    const emulator = twoRuns();
    emulator.faults.add({ fault });
    const told = ask(emulator, "GET", path(paths(emulator)));
    return [...refusalOf(told), told.error?.message];
  };
  const cases: readonly [Fault, (all: ReturnType<typeof paths>) => string, readonly unknown[]][] = [
    [
      { kind: "refused", because: "token" },
      ({ list }) => list,
      [401, "user-or-token-not-found", "User was not found or authentication token is not valid"],
    ],
    [
      { kind: "refused", because: "permissions" },
      ({ user }) => user,
      [403, "insufficient-permissions", "You do not have permission to perform this action."],
    ],
    [
      { kind: "refused", because: "permissions" },
      ({ actor }) => actor,
      [
        403,
        "insufficient-permissions",
        "Insufficient permissions for the Actor. Make sure you're passing a correct API token and that it has the required permissions.",
      ],
    ],
    [
      { kind: "refused", because: "not-found" },
      ({ one }) => one,
      [404, "record-not-found", "Actor run was not found"],
    ],
    [
      { kind: "refused", because: "not-found" },
      ({ actor }) => actor,
      [404, "record-or-token-not-found", "Actor was not found"],
    ],
    [
      { kind: "refused", because: "not-found" },
      ({ limits }) => limits,
      [404, "record-not-found", "The requested resource was not found."],
    ],
    [
      { kind: "refused", because: "monthly-limit" },
      ({ list }) => list,
      [403, "platform-feature-disabled", "Monthly usage hard limit exceeded"],
    ],
  ];
  test.each(cases)("%j is worded as Apify words it", (fault, path, wanted) => {
    expect(because(fault, path)).toEqual(wanted);
  });

  test("comes before the effect, and is an error of the official client's with its type", async () => {
    const emulator = twoRuns();
    const { client } = await serve(emulator);
    emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "refused", because: "permissions" } });
    const error = await client
      .run(emulator.truth.idOf("one"))
      .abort()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApifyApiError);
    expect(error).toMatchObject({ statusCode: 403, type: "insufficient-permissions" });
    expect(emulator.truth.calls[0]).toMatchObject({ kind: "abort", effect: "none", neverArrived: true });
  });
});

test("a request that hangs is answered by nothing, and its connection dies after five minutes", () => {
  const emulator = twoRuns();
  emulator.faults.add({ match: { kind: "get", run: "one" }, fault: { kind: "hang" } });
  const get = () => emulator.handle({ method: "GET", url: `${paths(emulator).one}?token=x`, headers: {} });
  expect(get()).toEqual({ kind: "reset", delayMs: 5 * MINUTE });
  expect(get()).toMatchObject({ kind: "answer", status: 200 });
});

describe("a named token", () => {
  const world = {
    ...worldOf({ label: "one" }, { label: "two", actor: "acme/news" }),
    tokens: {
      scoped: { except: [{ kind: "user" }, { run: "one" }] },
      reader: { only: [{ kind: ["list", "get"] }] },
      brief: { untilMs: MINUTE },
    },
  } as const;

  test("may do all but what is excepted", () => {
    const emulator = createEmulator({ world });
    expect(struck(emulator, "scoped")).toEqual(["one", "user"]);
    expect(refusalOf(ask(emulator, "GET", "/v2/users/me", { token: "scoped" }))).toEqual([
      403,
      "insufficient-permissions",
    ]);
  });

  test("may do nothing but what is named", () => {
    const emulator = createEmulator({ world });
    expect(struck(emulator, "reader")).toEqual(["actor", "task", "user", "limits", "usage"]);
    const abort = ask(emulator, "POST", `${paths(emulator).one}/abort`, { token: "reader" });
    expect(refusalOf(abort)).toEqual([403, "insufficient-permissions"]);
    expect(ask(emulator, "GET", paths(emulator).one).data.status).toBe("RUNNING");
  });

  test("works in its time, and is a 401 after it", () => {
    const emulator = createEmulator({ world });
    expect(struck(emulator, "brief")).toEqual([]);
    emulator.clock.advance(MINUTE);
    expect(refusalOf(ask(emulator, "GET", "/v2/actor-runs", { token: "brief" }))).toEqual([
      401,
      "user-or-token-not-found",
    ]);
    expect(emulator.truth.calls.at(-1)).toMatchObject({ authorised: false });
  });

  test("must belong to a user of the world", () => {
    expect(() => createEmulator({ world: { ...worldOf(), tokens: { x: { user: "nobody" } } } })).toThrow(
      'the token x names the user "nobody"',
    );
  });
});

test("the world forbidden refuses what it says, each in its time", () => {
  const emulator = createEmulator({ world: "forbidden" });
  const status = (path: string, token = "good") => ask(emulator, "GET", `/v2/${path}`, { token }).status;
  const of = (label: string) => `actor-runs/${emulator.truth.idOf(label)}`;
  expect([of("dear"), of("forbidden"), "users/me", "users/me/limits"].map((path) => status(path))).toEqual([
    200, 403, 200, 404,
  ]);
  expect(["actors/acme~video-index", "actor-tasks/acme~news-hourly"].map((path) => status(path))).toEqual([
    403, 404,
  ]);
  expect([
    status("users/me", "scoped"),
    status(of("archive"), "scoped"),
    status(of("dear"), "scoped"),
  ]).toEqual([403, 403, 200]);
  expect(status(of("rivals"))).toBe(404);
  expect(status(of("rivals"), "rival")).toBe(200);
  emulator.clock.advance(10 * MINUTE);
  expect([status("users/me"), status("actor-runs")]).toEqual([502, 200]);
  emulator.clock.advance(50 * MINUTE);
  expect([status("users/me"), status("actor-runs")]).toEqual([401, 401]);
  emulator.clock.advance(10 * MINUTE);
  expect([status("actor-runs"), status("actor-runs", "revoked-after-an-hour")]).toEqual([200, 401]);
});
