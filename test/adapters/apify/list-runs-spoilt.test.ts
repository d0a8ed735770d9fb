import { describe, expect, it } from "vitest";
import { api, ids, item } from "./list-api.ts";
import { data, failure, html, json, NOON, never, refusal, scripted } from "./support.ts";

describe("a listing that goes wrong", () => {
  it("counts items that can't be read, and lists the others", async () => {
    const { id: _id, ...withoutId } = item("x", 1);
    const bad = [
      null,
      7,
      [],
      withoutId,
      ...["actId", "status", "startedAt"].map((key) => ({ ...item("x", 1), [key]: null })),
    ];
    const worse = [
      { ...item("x", 1), startedAt: "yesterday" },
      { ...item("..", 1) },
      { ...item("x", 1), startedAt: "2026-09-01T12:00:00" },
    ];
    const items = [item("a", 0), ...bad, ...worse, item("b", 1)];
    const { asked } = scripted([data({ limit: 1_000, items })]);
    const listing = await asked((apify) => apify.listRuns({}, never));
    expect(ids(listing)).toEqual(["a", "b"]);
    expect(listing).toMatchObject({ complete: true, malformed: 10 });
  });

  it.each([
    ["missing", {}],
    ["null", { items: null }],
    ["an object", { items: {} }],
  ])("never takes items that are %s for an empty list", async (_what, answer) => {
    const { asked, requests } = scripted([data({ total: 0, limit: 1_000, ...answer })]);
    const error = await failure(asked((apify) => apify.listRuns({}, never)));
    expect(error).toMatchObject({ type: "malformed-answer", status: 200, retryable: true });
    expect(requests).toHaveLength(4);
  });

  it.each([html(200), json(200, {}), refusal(500, "x")])("fails when a later page fails", async (step) => {
    const first = data({ limit: 2, items: [item("a", 0), item("b", 1)] });
    const { asked } = scripted([first, step]);
    expect(await failure(asked((apify) => apify.listRuns({}, never)))).toMatchObject({ attempt: 4 });
  });

  it("returns what it has, marked incomplete, when the signal aborts between two pages", async () => {
    const stop = new AbortController();
    const all = [item("a", 0), item("b", 1), item("c", 2)];
    const { asked, requests } = scripted((request, index) => {
      stop.abort();
      return api(() => all, 2)(request, index);
    });
    const listing = await asked((apify) => apify.listRuns({}, stop.signal));
    expect(ids(listing)).toEqual(["a", "b"]);
    expect(listing).toMatchObject({ complete: false, observedAt: NOON });
    expect(requests).toHaveLength(1);
  });

  it("returns what it has when the signal aborts within a later page, and fails within the first", async () => {
    const late = new AbortController();
    const { asked } = scripted((request, index) => {
      if (index === 0) return api(() => [item("a", 0), item("b", 1)], 2)(request, index);
      queueMicrotask(() => late.abort());
      return "hang";
    });
    const listing = await asked((apify) => apify.listRuns({}, late.signal));
    expect(listing).toMatchObject({ complete: false, runs: [{ id: "a" }, { id: "b" }] });

    const early = new AbortController();
    const first = scripted(() => {
      queueMicrotask(() => early.abort());
      return "hang";
    });
    const error = await failure(first.asked((apify) => apify.listRuns({}, early.signal)));
    expect(error).toMatchObject({ type: "no-answer", retryable: true });
  });
});
