import { describe, expect, it } from "vitest";
import type { Apify } from "../../../src/watchdog/model/ports.ts";
import { data, failure, html, never, refusal, type Step, scripted, USER } from "./support.ts";

const SHOP = { id: "a1", name: "shop", username: "acme", userId: "user9" };
const ways: readonly [string, (apify: Apify, idOrName: string) => Promise<unknown>][] = [
  ["Actor", (apify, idOrName) => apify.actor(idOrName, never)],
  ["task", (apify, idOrName) => apify.task(idOrName, never)],
];

describe.each(ways)("an %s", (_kind, read) => {
  it("is told with its id, its user's name before its own, and its owner", async () => {
    const { asked } = scripted([data(SHOP)]);
    const found = { kind: "found", id: "a1", name: "acme/shop", userId: "user9" };
    expect(await asked((apify) => read(apify, "a1"))).toEqual(found);
    expect(await asked((apify) => read(apify, "acme/shop"))).toEqual(found);
    expect(await asked((apify) => read(apify, "acme~shop"))).toEqual(found);
  });

  it("is gone, or forbidden, as Apify says it: neither is the other", async () => {
    const read1 = (step: Step) => scripted([step]).asked((apify) => read(apify, "a1"));
    expect(await read1(refusal(404, "record-or-token-not-found"))).toEqual({ kind: "gone" });
    expect(await read1(refusal(403, "insufficient-permissions"))).toEqual({ kind: "forbidden" });
  });

  it.each([
    ["a refused token", refusal(401, "user-or-token-not-found"), { status: 401, isOfToken: true }],
    ["an unknown URL", refusal(404, "page-not-found"), { status: 404 }],
    ["a proxy's 404", html(404), { type: "malformed-answer" }],
    ["a proxy's 403", html(403), { type: "malformed-answer" }],
    ["a limit that is reached", refusal(403, "platform-feature-disabled"), { isLimitReached: true }],
    ["a failure", refusal(500, "internal-server-error"), { status: 500 }],
    ["silence", "hang" as const, { type: "no-answer" }],
    ["another one of its kind", data({ ...SHOP, id: "a2" }), { type: "malformed-answer" }],
    ["one without an id", data({ ...SHOP, id: null }), { type: "malformed-answer" }],
    ["one without a name", data({ ...SHOP, name: null }), { type: "malformed-answer" }],
  ])("could not be read now after %s, which is neither", async (_what, step, expected) => {
    const { asked } = scripted([step]);
    expect(await failure(asked((apify) => read(apify, "a1")))).toMatchObject(expected);
  });
});

describe("a schedule", () => {
  const NIGHTLY = { id: "s1", name: "nightly", userId: USER.id, isEnabled: true };

  it("is told with its id, and its name without an owner", async () => {
    const { asked, requests } = scripted([data(NIGHTLY)]);
    const found = { kind: "found", id: "s1", name: "nightly", userId: USER.id };
    expect(await asked((apify) => apify.schedule("s1", never))).toEqual(found);
    expect(requests.map(({ method, path }) => [method, path])).toEqual([["GET", "/v2/schedules/s1"]]);
  });

  it("is gone, forbidden, or could not be read now", async () => {
    const read = (step: Step) => scripted([step]).asked((apify) => apify.schedule("s1", never));
    expect(await read(refusal(404, "record-not-found"))).toEqual({ kind: "gone" });
    expect(await read(refusal(403, "insufficient-permissions"))).toEqual({ kind: "forbidden" });
    expect(await failure(read(refusal(500, "internal-server-error")))).toMatchObject({ status: 500 });
    expect(await failure(read(data({ ...NIGHTLY, id: "s2" })))).toMatchObject({ type: "malformed-answer" });
  });

  it("is listed with others by its name alone", async () => {
    const { asked, requests } = scripted([
      data({ items: [NIGHTLY, { id: "s2", name: null }], limit: 1_000 }),
    ]);
    expect(await asked((apify) => apify.listNamed("schedule", never))).toEqual([
      { id: "s1", name: "nightly" },
      { id: "s2" },
    ]);
    expect(requests[0]?.path).toMatch(/^\/v2\/schedules/);
  });
});

describe("the name of an Actor or a task", () => {
  it("is asked for where each kind is, with the id in the path", async () => {
    const { asked, requests } = scripted([data(SHOP)]);
    await asked((apify) => apify.actor("a1", never));
    await asked((apify) => apify.actor("acme/shop", never));
    await asked((apify) => apify.task("acme~shop", never));
    expect(requests.map(({ path }) => path)).toEqual([
      "/v2/actors/a1",
      "/v2/actors/acme~shop",
      "/v2/actor-tasks/acme~shop",
    ]);
  });

  it.each([
    ["the token's user", USER.id, "jane/shop"],
    ["somebody else", "user9", undefined],
    ["nobody that is told", undefined, undefined],
  ])("is resolved by the user id where no user name is told: %s", async (_whose, userId, name) => {
    const { asked, requests } = scripted([data({ ...SHOP, username: null, userId })]);
    const found = await asked((apify) => apify.task("a1", never));
    expect(found).toEqual({ kind: "found", id: "a1", ...(name && { name }), ...(userId && { userId }) });
    expect(requests).toHaveLength(1);
  });
});
