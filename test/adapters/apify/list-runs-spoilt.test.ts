import { describe, expect, it } from "vitest";
import { ApifyError, ClockError } from "../../../src/watchdog/model/errors.ts";
import { api, ids, item } from "./list-api.ts";
import { data, failure, html, json, NOON, never, refusal, type Step, scripted } from "./support.ts";

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

  it.each([
    ["an answer that can't be read", html(200), { type: "malformed-answer", attempt: 4 }],
    ["an answer without data", json(200, {}), { type: "malformed-answer", attempt: 4 }],
    ["a failure", refusal(500, "x"), { status: 500, attempt: 4 }],
    ["silence", "hang" as const, { type: "no-answer", attempt: 4 }],
    ["a reached limit", refusal(403, "platform-feature-disabled"), { status: 403 }],
    ["a refusal, though the first was none", refusal(403, "insufficient-permissions"), { status: 403 }],
  ])("keeps what its first page brought when a later one meets %s", async (_what, step, error) => {
    const first = data({ limit: 2, items: [item("a", 0), item("b", 1), null] });
    const { asked } = scripted([first, step]);
    const listing = await asked((apify) => apify.listRuns({}, never));
    expect(ids(listing)).toEqual(["a", "b"]);
    expect(listing).toMatchObject({ complete: false, observedAt: NOON, malformed: 1, error });
    expect(listing.error).toBeInstanceOf(ApifyError);
  });

  it("keeps nothing when it is the token that a later page is refused for, or the clock is wrong", async () => {
    const first = data({ limit: 2, items: [item("a", 0), item("b", 1)] });
    const listing = (step: Step) => scripted([first, step]).asked((apify) => apify.listRuns({}, never));
    expect(await failure(listing(refusal(401, "user-or-token-not-found")))).toMatchObject({ status: 401 });
    const late = { status: 200, body: {}, headers: { date: "Mon, 31 Aug 2026 12:00:00 GMT" } };
    const wrong = { ...late, body: { data: { limit: 2, items: [] } } };
    expect(await failure(listing(wrong))).toBeInstanceOf(ClockError);
  });

  it.each([
    ["before there were runs", "1970-01-01T00:00:00.000Z"],
    ["a moment before 2015", "2014-12-31T23:59:59.999Z"],
    ["more than a day ahead", "2026-09-02T12:00:00.001Z"],
    ["in the year 9999", "9999-01-01T00:00:00.000Z"],
  ])("takes a start %s for no start, and counts the item", async (_when, startedAt) => {
    const { asked } = scripted([
      data({ limit: 1_000, items: [item("a", 0), { ...item("x", 1), startedAt }] }),
    ]);
    const listing = await asked((apify) => apify.listRuns({}, never));
    expect(ids(listing)).toEqual(["a"]);
    expect(listing).toMatchObject({ complete: true, malformed: 1 });
  });

  it.each(["2015-01-01T00:00:00.000Z", "2026-09-02T12:00:00.000Z"])(
    "takes a start of %s as it is",
    async (startedAt) => {
      const { asked } = scripted([data({ limit: 1_000, items: [{ ...item("x", 1), startedAt }] })]);
      const { runs } = await asked((apify) => apify.listRuns({}, never));
      expect(runs.map((run) => run.startedAt)).toEqual([new Date(startedAt)]);
    },
  );

  it("goes by Apify's clock for how far ahead a start is, where Apify tells it", async () => {
    const startedAt = "2026-09-02T12:00:20.000Z";
    const body = { data: { limit: 1_000, items: [{ ...item("x", 1), startedAt }] } };
    const list = (date: string) =>
      scripted([{ status: 200, body, headers: { date } }]).asked((apify) => apify.listRuns({}, never));
    expect(ids(await list("Tue, 01 Sep 2026 12:00:25 GMT"))).toEqual(["x"]);
    expect(ids(await list("Tue, 01 Sep 2026 12:00:15 GMT"))).toEqual([]);
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
