import { describe, expect, test } from "vitest";
import { createEmulator } from "../../../emulator/index.ts";
import { ask, HOUR, worldOf } from "../support.ts";

// The API reference: `GET /v2/actors` is "the list of all Actors that the user created or used", with `my=1` those that he
// created; items hold only id, dates, name and username. `GET /v2/actor-tasks` lists the user's tasks, each with its `actId`.

const ACTORS = [{ name: "acme/own" }, { name: "mapworks/used" }, { name: "mapworks/unused" }];
const opened = () =>
  createEmulator({
    world: {
      ...worldOf(
        { actor: "mapworks/used", startsAfterMs: -HOUR },
        { actor: "acme/own", startsAfterMs: HOUR },
      ),
      actors: ACTORS,
      tasks: [{ name: "own-eu", actor: "acme/own" }],
      changes: [{ kind: "rename-actor", atMs: 2 * HOUR, actor: "acme/own", to: "renamed" }],
    },
  });
const named = (emulator: ReturnType<typeof opened>, path: string) =>
  ask(emulator, "GET", path).data.items.map((item: { username: string; name: string }) => [
    item.username,
    item.name,
  ]);

describe("the lists of Actors and tasks", () => {
  test("hold what the account has made or used, page by page", () => {
    const emulator = opened();
    expect(named(emulator, "/v2/actors")).toEqual([
      ["acme", "own"],
      ["mapworks", "used"],
    ]);
    expect(named(emulator, "/v2/acts?my=1")).toEqual([["acme", "own"]]);
    expect(ask(emulator, "GET", "/v2/actors?limit=1&offset=1").data).toMatchObject({
      total: 2,
      offset: 1,
      limit: 1,
      count: 1,
      items: [{ name: "used" }],
    });
  });

  test("go by the names of now", () => {
    const emulator = opened();
    emulator.clock.advance(3 * HOUR);
    expect(named(emulator, "/v2/actors")[0]).toEqual(["acme", "renamed"]);
    const { data } = ask(emulator, "GET", "/v2/actor-tasks");
    expect(data.items).toMatchObject([{ name: "own-eu", username: "acme", actName: "renamed" }]);
    expect(data.items[0].actId).toBe(ask(emulator, "GET", "/v2/actors/acme~renamed").data.id);
  });

  test("are the owner's alone", () => {
    const { data } = ask(opened(), "GET", "/v2/actor-tasks", { token: "other-user" });
    expect(data.items).toEqual([]);
  });
});
