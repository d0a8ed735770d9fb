import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Apify, ListPlace, RunFilter, RunsPage } from "../../../src/watchdog/model/ports.ts";
import { api, at, ids, item } from "./list-api.ts";
import { data, failure, NOON, never, type Respond, refusal, scripted } from "./support.ts";

/** A place as whoever resumes a listing finds it. */
const kept = (place: ListPlace): ListPlace =>
  JSON.parse(JSON.stringify(place), (key, value) => (key === "after" ? new Date(value) : value));

/** Every page, each asked for by an adapter that knows nothing but the place. */
async function resumed(respond: Respond, filter: RunFilter = {}): Promise<readonly RunsPage[]> {
  const pages: RunsPage[] = [];
  for (let place: ListPlace | undefined; pages.length === 0 || place; ) {
    const { asked } = scripted((request) => respond(request, pages.length));
    const from = place && kept(place);
    const page = await asked((apify) => apify.runsPage(filter, from, never));
    pages.push(page);
    place = page.next;
  }
  return pages;
}

/** Every page by one adapter. */
async function paged(apify: Apify, filter: RunFilter = {}): Promise<void> {
  for (let page = await apify.runsPage(filter, undefined, never); page.next; )
    page = await apify.runsPage(filter, page.next, never);
}

describe("runsPage()", () => {
  it("lists page by page what listRuns() lists, though each page is asked for by another process", async () => {
    const scene = fc.record({
      starts: fc.array(fc.nat(9), { maxLength: 30 }),
      cap: fc.integer({ min: 1, max: 7 }),
      from: fc.nat(9),
      until: fc.nat(9),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ starts, cap, from, until }) => {
        const all = starts.toSorted((a, b) => a - b).map((start, index) => item(`r${index}`, start));
        const filter = { startedAfter: new Date(at(from)), startedBefore: new Date(at(until)) };
        const pages = await resumed(
          api(() => all, cap),
          filter,
        );
        const whole = await scripted(api(() => all, cap)).apify.listRuns(filter, never);
        expect([...new Set(pages.flatMap(ids))]).toEqual(ids(whole));
        const wanted = all.filter(({ startedAt }) => startedAt >= at(from) && startedAt <= at(until));
        expect(ids(whole)).toEqual(wanted.map(({ id }) => id));
      }),
      { numRuns: 60 },
    );
  });

  it("asks for the same statuses and the same end on each page", async () => {
    const { apify, requests } = scripted(api(() => [item("a", 0), item("b", 1), item("c", 2)], 2));
    const filter = { statuses: ["SUCCEEDED", "FAILED"], startedAfter: NOON, startedBefore: new Date(at(2)) };
    await paged(apify, filter);
    const common = { status: "SUCCEEDED,FAILED", startedBefore: at(2), limit: "1000" };
    expect(requests.map(({ query }) => Object.fromEntries(query))).toEqual([
      { ...common, startedAfter: at(0) },
      { ...common, startedAfter: at(1) },
      { ...common, startedAfter: at(2) },
    ]);
  });

  it("takes in the runs that started at either end of the filter, and none beyond", async () => {
    const all = ["a", "b", "c", "d", "e"].map((id, second) => item(id, second));
    const filter = { startedAfter: new Date(at(1)), startedBefore: new Date(at(3)) };
    const { asked } = scripted(api(() => all, 1_000));
    expect(ids(await asked((apify) => apify.runsPage(filter, undefined, never)))).toEqual(["b", "c", "d"]);
  });

  it("tells when the page was asked for, what of it could not be read, and no place after the last", async () => {
    const { asked, clock } = scripted([data({ limit: 1_000, items: [item("a", 0), null] })]);
    clock.advance(60_000);
    const page = await asked((apify) => apify.runsPage({}, { after: NOON, offset: 0 }, never));
    expect(page).toEqual({
      runs: [expect.objectContaining({ id: "a" })],
      observedAt: new Date(NOON.getTime() + 60_000),
      malformed: 1,
    });
  });

  it("gets past a full page of which nothing can be read", async () => {
    const unreadable = { ...item("?", 0), actId: null };
    const all = [unreadable, unreadable, item("a", 0), unreadable, unreadable, unreadable, item("b", 1)];
    const pages = await resumed(api(() => all, 2));
    expect([...new Set(pages.flatMap(ids))]).toEqual(["a", "b"]);
  });

  it("throws what went wrong, also when the signal aborts: a page is whole or none", async () => {
    const place = { after: NOON, offset: 2 };
    const down = scripted([refusal(500, "internal-server-error")]);
    const error = await failure(down.asked((apify) => apify.runsPage({}, place, never)));
    expect(error).toMatchObject({ status: 500, attempt: 4, path: "/v2/actor-runs" });
    const { asked, requests } = scripted([data({ limit: 2, items: [] })]);
    const cut = await failure(asked((apify) => apify.runsPage({}, place, AbortSignal.abort())));
    expect(cut).toMatchObject({ type: "no-answer" });
    expect(requests).toHaveLength(0);
  });
});

describe("the same full page again and again", () => {
  const cases = [
    ["of several starts", [item("a", 0), item("b", 1)]],
    ["of one start", [item("a", 0), item("b", 0)]],
    ["with an item that can't be read at its end", [item("a", 0), item("b", 1), null]],
  ] as const;

  /** Gives up after ten, so that a listing without end fails. */
  const again =
    (items: readonly unknown[]): Respond =>
    (_request, index) =>
      index < 10 ? data({ limit: items.length, items }) : refusal(403, "enough");

  it.each(cases)("is an error of either way to list: %s", async (_what, items) => {
    const expected = { type: "malformed-answer", path: "/v2/actor-runs" };
    const { asked, requests } = scripted(again(items));
    expect(await failure(asked(paged))).toMatchObject(expected);
    expect(requests).toHaveLength(3);
    const whole = scripted(again(items));
    const listing = await whole.asked((apify) => apify.listRuns({}, never));
    expect(listing).toMatchObject({ complete: false, error: expected });
    expect(ids(listing)).toEqual(["a", "b"]);
    expect(whole.requests).toHaveLength(3);
  });

  it.each(cases)("is an error where each page is asked for by another process: %s", async (_what, items) => {
    const error = await failure(resumed(again(items)));
    expect(error).toMatchObject({ type: "malformed-answer", retryable: true });
  });
});
