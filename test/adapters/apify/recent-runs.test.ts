import { describe, expect, it } from "vitest";
import { ApifyError } from "../../../src/watchdog/model/errors.ts";
import { data, failure, html, NOON, never, refusal, run, scripted } from "./support.ts";

const ended = (overrides: object = {}): object =>
  run({ status: "SUCCEEDED", finishedAt: "2026-09-01T11:30:00.000Z", ...overrides });
const page = (...items: readonly object[]) => data({ items, limit: 100, total: 5_000 });
const ACTOR = { kind: "actor", id: "actor1" } as const;

describe("recentRuns()", () => {
  it.each([
    [ACTOR, "/v2/actors/actor1/runs"],
    [{ kind: "task", id: "a/b" } as const, "/v2/actor-tasks/a%2Fb/runs"],
  ])("asks for one page of the last hundred of %j", async (of, path) => {
    const { asked, requests } = scripted([page(ended(), ended({ id: "run2" }))]);
    await asked((apify) => apify.recentRuns(of, ["SUCCEEDED"], never));
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: "GET", path });
    expect(Object.fromEntries(requests[0]?.query ?? [])).toEqual({
      status: "SUCCEEDED",
      desc: "1",
      limit: "100",
    });
  });

  it("asks for no second page, though the first is full", async () => {
    const full = Array.from({ length: 100 }, (_, index) => ended({ id: `run${index}` }));
    const { asked, requests } = scripted([page(...full)]);
    expect((await asked((apify) => apify.recentRuns(ACTOR, ["SUCCEEDED"], never))).runs).toHaveLength(100);
    expect(requests).toHaveLength(1);
  });

  it("says when it asked, leaves out what it did not ask for, and counts what it can't read", async () => {
    const { asked } = scripted([
      page(ended(), run(), ended({ actId: "actor2" }), ended({ status: "FAILED" }), {}, ended({ id: 7 })),
    ]);
    const recent = await asked((apify) => apify.recentRuns(ACTOR, ["SUCCEEDED"], never));
    expect(recent).toMatchObject({
      runs: [{ id: "run1", status: "SUCCEEDED", usageTotalMicroUsd: 1_500_000 }],
      observedAt: NOON,
      malformed: 2,
    });
    expect(recent).not.toHaveProperty("unreadable");
  });

  it("takes in every status that is asked for, in one request", async () => {
    const stopped = ended({ id: "run2", status: "ABORTED" });
    const { asked, requests } = scripted([page(ended(), stopped, ended({ id: "run3", status: "FAILED" }))]);
    const { runs } = await asked((apify) => apify.recentRuns(ACTOR, ["SUCCEEDED", "ABORTED"], never));
    expect(runs.map(({ id }) => id)).toEqual(["run1", "run2"]);
    expect(requests.map(({ query }) => query.get("status"))).toEqual(["SUCCEEDED,ABORTED"]);
  });

  it("takes of a task the runs of that task", async () => {
    const { asked } = scripted([page(ended({ actorTaskId: "task1" }), ended({ id: "run2" }))]);
    const { runs } = await asked((apify) =>
      apify.recentRuns({ kind: "task", id: "task1" }, ["SUCCEEDED"], never),
    );
    expect(runs.map(({ id }) => id)).toEqual(["run1"]);
  });

  it.each([
    ["there is no such Actor", refusal(404, "record-or-token-not-found"), "gone"],
    ["its runs may not be read", refusal(403, "insufficient-permissions"), "forbidden"],
  ])("knows of none where %s, and says so", async (_why, answer, unreadable) => {
    const { asked } = scripted([answer]);
    expect(await asked((apify) => apify.recentRuns(ACTOR, ["SUCCEEDED"], never))).toEqual({
      runs: [],
      observedAt: NOON,
      malformed: 0,
      unreadable,
    });
  });

  it.each([
    ["a refused token", refusal(401, "user-or-token-not-found"), 401],
    ["an unknown URL", refusal(404, "page-not-found"), 404],
    ["a list without items", data({}), 200],
    ["a proxy's page", html(403), 403],
  ])("does not take %s for none", async (_what, answer, status) => {
    const { asked } = scripted([answer]);
    const error = await failure(asked((apify) => apify.recentRuns(ACTOR, ["SUCCEEDED"], never)));
    expect(error).toBeInstanceOf(ApifyError);
    expect(error).toMatchObject({ status });
  });
});
