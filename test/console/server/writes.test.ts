import { describe, expect, it } from "vitest";
import { API, SESSION_HEADER } from "../../../console/api.ts";
import { fiveUsd } from "../../support/policies.ts";
import type { Watched } from "../../support/watch.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";
import { accountConsole, askingOf, opened, send } from "../support.ts";

const PAUSE = { act: "pause", reason: "an incident", until: "2h" };

const order = (value: unknown) => ({ method: "POST", body: JSON.stringify(value) });

const pauseOf = async ({ ports }: Watched) => (await ports.state.readControl()).pause;
const versionOf = async ({ ports }: Watched) => (await ports.state.readControl()).version;

describe("what is done from the page", () => {
  it("is planned without effect, and then done under the operator's name as the command that is shown", async () => {
    const { watched, port, writing } = await accountConsole();
    const version = await versionOf(watched);
    const planned = await send(port, API.plan, { ...order(PAUSE), headers: writing });
    expect(JSON.parse(planned.body)).toMatchObject({
      done: false,
      lines: [expect.stringMatching(/^Nothing is stopped until/)],
    });
    expect(await versionOf(watched)).toBe(version);
    const done = JSON.parse((await send(port, API.act, { ...order(PAUSE), headers: writing })).body);
    expect(done).toMatchObject({ done: true });
    expect(done.command).toMatch(/ pause --until 2h --reason 'an incident' --local$/);
    expect(await pauseOf(watched)).toMatchObject({ by: "ann@laptop", reason: "an incident" });
  });

  it("says why it was refused", async () => {
    const { port, writing } = await accountConsole();
    const unknown = { act: "release", schedule: "there-is-none", reason: "x" };
    const told = JSON.parse((await send(port, API.act, { ...order(unknown), headers: writing })).body);
    expect(told).toMatchObject({ done: false, refused: expect.stringContaining("there-is-none") });
  });

  it("needs --act: a console that only shows refuses each write", async () => {
    const { watched, port, writing, page } = await accountConsole({ canAct: false });
    expect(page).toContain('data-can-act="false"');
    for (const path of [API.plan, API.act]) {
      const answer = await send(port, path, { ...order(PAUSE), headers: writing });
      expect([answer.status, answer.body]).toEqual([403, expect.stringContaining("--act")]);
    }
    expect(await pauseOf(watched)).toBeUndefined();
  });

  it.each([
    ["the session's header", { [SESSION_HEADER]: "" }],
    ["the right one", { [SESSION_HEADER]: "x".repeat(32) }],
    ["one alone", { [SESSION_HEADER]: ["x", "y"] }],
    ["Origin", { origin: "" }],
    ["the cookie", { cookie: "" }],
  ])("needs %s", async (_what, changed) => {
    const { watched, port, writing } = await accountConsole();
    const changes = Object.entries({ ...writing, ...changed }).filter(([, value]) => value !== "");
    const headers = Object.fromEntries(changes) as Record<string, string>;
    for (const path of [API.plan, API.act]) {
      const { status } = await send(port, path, { ...order(PAUSE), headers });
      expect([401, 403]).toContain(status);
    }
    expect(await pauseOf(watched)).toBeUndefined();
  });

  it("takes nothing for the session's header that a page can read elsewhere: the token, the cookie", async () => {
    const { port, writing, token, cookie } = await accountConsole();
    for (const other of [token, cookie, cookie.split("=")[1] ?? ""]) {
      const headers = { ...writing, [SESSION_HEADER]: other };
      expect((await send(port, API.act, { ...order(PAUSE), headers })).status).toBe(403);
    }
  });

  it.each([
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "text/plain; application/json",
    "",
  ])("takes no body that a form can send: %s", async (type) => {
    const { watched, port, writing } = await accountConsole();
    const headers = { ...writing, "content-type": type };
    expect((await send(port, API.act, { ...order(PAUSE), headers })).status).toBe(415);
    expect(await pauseOf(watched)).toBeUndefined();
  });

  it("takes no long body, whether or not its length is said, none that is packed, and none that is no JSON", async () => {
    const { port, writing } = await accountConsole();
    const long = JSON.stringify({ ...PAUSE, reason: "x".repeat(20_000) });
    const post = (body: string | Buffer, more = {}) =>
      send(port, API.act, { method: "POST", body, headers: { ...writing, ...more } });
    expect((await post(long)).status).toBe(413);
    expect((await post(long, { "transfer-encoding": "chunked" })).status).toBe(413);
    expect((await post("{}", { "content-encoding": "gzip" })).status).toBe(415);
    expect((await post("{")).status).toBe(400);
    expect((await post(Buffer.from([0x22, 0xff, 0x22]))).status).toBe(400);
    for (const value of [null, 1, [], "pause", {}, { act: "__proto__", reason: "x" }, { act: "pause" }])
      expect((await post(JSON.stringify(value))).status, JSON.stringify(value)).toBe(400);
  });

  it("changes nothing by GET, whatever is asked", async () => {
    const { watched, port, cookie } = await accountConsole();
    const before = await versionOf(watched);
    const [stopped = ""] = watched.runIds();
    const kinds = await watched.kinds(stopped);
    const queries = ["", `?run=${stopped}&rule=no-run-over-5-usd&entry=${stopped}`, "?act=pause&reason=x"];
    for (const path of Object.values(API).filter((each) => each !== API.news))
      for (const query of queries) await send(port, path + query, { headers: { cookie } });
    expect(await versionOf(watched)).toBe(before);
    expect(await watched.kinds(stopped)).toEqual(kinds);
  });

  it.each(["--yes", "-x", "a b", "$(id)", "", "../x", "x\ny"])(
    "asks about nothing that is no name: %j",
    async (name) => {
      const { port, cookie } = await accountConsole();
      const answer = await send(port, `${API.run}?run=${encodeURIComponent(name)}`, { headers: { cookie } });
      expect(answer.status).toBe(400);
    },
  );
});

describe("an Actor whose name is markup", () => {
  it("is data in every answer, and nowhere in the page", async () => {
    const name = "<img src=x onerror=alert(1)>";
    const world = worldOf({ ...HEALTHY, actor: `acme/${name}` });
    const watched = await watch(
      { ...world, actors: [...world.actors, { name: `acme/${name}` }] },
      { policy: fiveUsd() },
    );
    await watched.ticks(1);
    const { port, cookie, page } = await opened(askingOf(watched));
    expect(page).not.toContain("onerror");
    const answer = await send(port, `${API.run}?run=${watched.runIds()[0]}`, { headers: { cookie } });
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(JSON.stringify(JSON.parse(answer.body))).toContain("onerror");
  });
});
