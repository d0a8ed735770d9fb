import { describe, expect, test } from "vitest";
import { createEmulator, type RunScript, type WorldChange } from "../../../emulator/index.ts";
import { ask, emulatorOf, HOUR, type Json, MINUTE, serve, worldOf } from "../support.ts";
import { detailOf, itemOf, refusalOf } from "./support.ts";

// Facts, section 7: `metamorphs[]`; section 20: "a renamed Actor or user, a deleted Actor (its name then answers 404) and
// a metamorph (`actId` changes) all change what was told before"; section 4: the words of a 404.

const worldWith = (changes: readonly WorldChange[], ...runs: readonly Partial<RunScript>[]) =>
  createEmulator({ world: { ...worldOf(...runs), changes } });
type Emulator = ReturnType<typeof worldWith>;
const read = (emulator: Emulator, path: string): Json => ask(emulator, "GET", `/v2/${path}`).data;
const refusal = (emulator: Emulator, path: string) => refusalOf(ask(emulator, "GET", `/v2/${path}`));
const total = (emulator: Emulator, path: string): number => read(emulator, `${path}/runs`).total;

describe("a run that turns into another Actor", () => {
  const run = {
    label: "run",
    actor: "acme/shop",
    cost: 6,
    usageLagMs: 0,
    metamorphs: [{ atMs: HOUR, into: "acme/news" }],
  } as const;

  test("is that Actor's from then on, in every answer, and says that it has been another's", () => {
    const emulator = emulatorOf(run);
    const [shop, news] = ["acme~shop", "acme~news"].map((name) => read(emulator, `actors/${name}`));
    expect(detailOf(emulator, "run")).toMatchObject({ actId: shop.id, stats: { metamorph: 0 } });
    expect(detailOf(emulator, "run")).not.toHaveProperty("metamorphs");
    emulator.clock.advance(HOUR);
    const shown = detailOf(emulator, "run");
    expect(shown).toMatchObject({ actId: news.id, stats: { metamorph: 1 }, usageTotalUsd: 6 });
    expect(shown.metamorphs).toEqual([
      {
        createdAt: new Date(emulator.clock.now()).toISOString(),
        actorId: news.id,
        buildId: shown.buildId,
        inputKey: "INPUT-METAMORPH-1",
      },
    ]);
    expect(itemOf(emulator, "run").actId).toBe(news.id);
    expect([total(emulator, "actors/acme~shop"), total(emulator, "actors/acme~news")]).toEqual([0, 1]);
    const abort = `actors/acme~shop/runs/${shown.id}/abort?method=POST`;
    expect(refusal(emulator, abort)).toEqual([404, "record-not-found"]);
  });

  test("is so too when the official client asks for it", async () => {
    const emulator = emulatorOf({ label: "run" });
    const { client } = await serve(emulator);
    const after = await client.run(emulator.truth.idOf("run")).metamorph("acme/news", {});
    expect(after.actId).toBe(read(emulator, "actors/acme~news").id);
    expect(itemOf(emulator, "run").actId).toBe(after.actId);
  });

  test("has spent its money, in truth, as the Actor that it was at the time", () => {
    const emulator = emulatorOf(run);
    const start = emulator.clock.now();
    emulator.clock.advance(3 * HOUR);
    const groups = emulator.truth.spendByGroup(start, start + 3 * HOUR);
    expect(groups.map(({ actorName, usd, runs }) => [actorName, usd, runs])).toEqual([
      ["acme/shop", 6, 1],
      ["acme/news", 12, 1],
    ]);
    const asNews = ({ actorName }: { actorName: string }) => actorName === "acme/news";
    expect(emulator.truth.usdBetween(asNews, start, start + 2 * HOUR)).toBe(6);
    expect(emulator.truth.crossedAt(asNews, 3)).toBe(start + 90 * MINUTE);
    expect(emulator.truth.usdBetween(emulator.truth.idOf("run"), start, start + 2 * HOUR)).toBe(12);
    expect(emulator.truth.runs()[0]).toMatchObject({
      actorName: "acme/shop",
      metamorphs: [{ atMs: start + HOUR, actorName: "acme/news" }],
    });
  });
});

describe("a new name", () => {
  test("of an Actor is the only one that it has from then on; its id stays, and its runs", () => {
    const emulator = worldWith(
      [{ kind: "rename-actor", atMs: MINUTE, actor: "acme/shop", to: "store" }],
      { label: "run" },
      { label: "later", startsAfterMs: HOUR },
    );
    const { id } = read(emulator, "actors/acme~shop");
    emulator.clock.advance(MINUTE);
    expect(refusal(emulator, "actors/acme~shop")).toEqual([404, "record-or-token-not-found"]);
    expect(read(emulator, "actors/acme~store")).toMatchObject({ id, name: "store", username: "acme" });
    expect(read(emulator, `actors/${id}`).name).toBe("store");
    emulator.clock.advance(HOUR);
    expect(total(emulator, "actors/~store")).toBe(2);
    expect(detailOf(emulator, "later").actId).toBe(id);
    expect(emulator.truth.runs().map(({ actorName }) => actorName)).toEqual(["acme/shop", "acme/shop"]);
  });

  test("of a task is told by the task, whose id stays", () => {
    const emulator = worldWith([{ kind: "rename-task", atMs: MINUTE, task: "shop-eu", to: "shop-europe" }], {
      task: "shop-eu",
    });
    const { id } = read(emulator, "actor-tasks/acme~shop-eu");
    emulator.clock.advance(MINUTE);
    expect(refusal(emulator, "actor-tasks/acme~shop-eu")).toEqual([404, "record-not-found"]);
    expect(read(emulator, `actor-tasks/${id}`).name).toBe("shop-europe");
    expect(total(emulator, "actor-tasks/acme~shop-europe")).toBe(1);
  });

  test("of a user is that of all his Actors and tasks; ids stay", () => {
    const emulator = worldWith([{ kind: "rename-user", atMs: MINUTE, to: "acme-inc" }], { label: "run" });
    const [user, actor] = [read(emulator, "users/me"), read(emulator, "actors/acme~shop")];
    const task = read(emulator, "actor-tasks/acme~shop-eu");
    emulator.clock.advance(MINUTE);
    expect(read(emulator, "users/me")).toMatchObject({ id: user.id, username: "acme-inc" });
    expect(refusal(emulator, "actors/acme~shop")).toEqual([404, "record-or-token-not-found"]);
    expect(read(emulator, "actors/acme-inc~shop")).toMatchObject({ id: actor.id, username: "acme-inc" });
    expect(read(emulator, "actors/~shop").id).toBe(actor.id);
    expect(read(emulator, "actor-tasks/acme-inc~shop-eu")).toMatchObject({
      id: task.id,
      username: "acme-inc",
    });
    expect(detailOf(emulator, "run").userId).toBe(user.id);
  });

  test("can be that of somebody else's", () => {
    const emulator = worldWith([{ kind: "rename-user", atMs: MINUTE, user: "mapworks", to: "worldmaps" }]);
    emulator.clock.advance(MINUTE);
    expect(read(emulator, "actors/worldmaps~places").username).toBe("worldmaps");
  });
});

describe("what is deleted", () => {
  test("is found neither by its name nor by its id, while its runs go on", () => {
    const emulator = worldWith(
      [
        { kind: "delete-actor", atMs: MINUTE, actor: "acme/shop" },
        { kind: "delete-task", atMs: MINUTE, task: "shop-eu" },
      ],
      { label: "run", task: "shop-eu" },
    );
    const ids = [read(emulator, "actors/acme~shop").id, read(emulator, "actor-tasks/acme~shop-eu").id];
    emulator.clock.advance(MINUTE);
    for (const path of ["actors/acme~shop", `actors/${ids[0]}`, "actors/acme~shop/runs"])
      expect(refusal(emulator, path)).toEqual([404, "record-or-token-not-found"]);
    for (const path of ["actor-tasks/acme~shop-eu", `actor-tasks/${ids[1]}`])
      expect(refusal(emulator, path)).toEqual([404, "record-not-found"]);
    expect(itemOf(emulator, "run")).toMatchObject({ status: "RUNNING", actId: ids[0], actorTaskId: ids[1] });
    expect(detailOf(emulator, "run").status).toBe("RUNNING");
  });

  test("can be made again under the same name, with another id", () => {
    const emulator = worldWith(
      [
        { kind: "delete-actor", atMs: MINUTE, actor: "acme/shop" },
        { kind: "create-actor", atMs: 2 * MINUTE, actor: { name: "acme/shop" } },
      ],
      { label: "old" },
      { label: "new", startsAfterMs: HOUR },
    );
    const { id } = read(emulator, "actors/acme~shop");
    emulator.clock.advance(HOUR);
    const again = read(emulator, "actors/acme~shop");
    expect(again.id).not.toBe(id);
    expect([itemOf(emulator, "old").actId, itemOf(emulator, "new").actId]).toEqual([id, again.id]);
  });

  test("must be there to be deleted", () => {
    expect(() => worldWith([{ kind: "delete-actor", atMs: 0, actor: "acme/nothing" }])).toThrow(
      'names the Actor "acme/nothing"',
    );
    expect(() => worldWith([{ kind: "rename-user", atMs: 0, user: "nobody", to: "x" }])).toThrow(
      'names the user "nobody"',
    );
  });
});

test("the world renamed goes through all of it, and its runs are the same ones all the time", () => {
  const emulator = createEmulator({ world: "renamed" });
  const found = (path: string) => ask(emulator, "GET", `/v2/${path}`).status === 200;
  const { actId } = detailOf(emulator, "metamorph");
  emulator.clock.advance(10 * MINUTE);
  expect(detailOf(emulator, "metamorph").actId).not.toBe(actId);
  emulator.clock.advance(20 * MINUTE);
  expect([found("actors/acme~shop-products"), found("actors/acme~shop-catalogue")]).toEqual([false, true]);
  expect(found("actor-tasks/acme~shop-europe")).toBe(true);
  emulator.clock.advance(10 * MINUTE);
  expect(read(emulator, "users/me").username).toBe("acme-inc");
  emulator.clock.advance(20 * MINUTE);
  expect([found("actors/~nightly-archive"), found("actor-tasks/~news-hourly")]).toEqual([false, false]);
  emulator.clock.advance(20 * MINUTE);
  expect(detailOf(emulator, "archive-again").actId).not.toBe(detailOf(emulator, "archive").actId);
  const users = read(emulator, "actors/~serp-tracker/runs").items.map(({ userId }: Json) => userId);
  expect(new Set(users).size).toBe(2);
});
