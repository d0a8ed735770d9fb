import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { api, at, ids, item } from "./list-api.ts";
import { data, NOON, never, scripted } from "./support.ts";

describe("listRuns()", () => {
  it("asks for the statuses as one list, ascending, from an instant on, and stops at a short page", async () => {
    const { asked, requests } = scripted(api(() => [item("a", 1)], 1_000));
    const filter = { statuses: ["READY", "TIMING-OUT"], startedAfter: NOON };
    const listing = await asked((apify) => apify.listRuns(filter, never));
    expect(listing).toMatchObject({ complete: true, malformed: 0, observedAt: NOON });
    expect(requests).toHaveLength(1);
    expect(Object.fromEntries(requests[0]?.query ?? [])).toEqual({
      status: "READY,TIMING-OUT",
      startedAfter: "2026-09-01T12:00:00.000Z",
      limit: "1000",
    });
  });

  it("leaves out what is not filtered by", async () => {
    const { asked, requests } = scripted(api(() => [], 1_000));
    expect(await asked((apify) => apify.listRuns({}, never))).toMatchObject({ runs: [], complete: true });
    expect(requests[0]?.url).toBe("https://apify.test/v2/actor-runs?limit=1000");
  });

  it("pages by the start of the last run, inclusive, and lists each run once", async () => {
    const all = Array.from({ length: 250 }, (_, index) => item(`r${index}`, Math.floor(index / 2)));
    const { asked, requests } = scripted(api(() => all, 100));
    const listing = await asked((apify) => apify.listRuns({}, never));
    expect(ids(listing)).toEqual(all.map(({ id }) => id));
    expect(requests.map(({ query }) => query.get("startedAfter"))).toEqual([null, at(49), at(98)]);
    expect(requests.every(({ query }) => !query.has("offset"))).toBe(true);
  });

  it("goes on by offset where a whole page has one start, and by time again after that", async () => {
    const all = [
      item("a", 0),
      ...["b", "c", "d", "e", "f"].map((id) => item(id, 1)),
      item("g", 2),
      item("h", 3),
    ];
    const { asked, requests } = scripted(api(() => all, 2));
    expect(ids(await asked((apify) => apify.listRuns({}, never)))).toEqual([
      "a",
      "b",
      "c",
      "d",
      "e",
      "f",
      "g",
      "h",
    ]);
    const places = requests.map(
      ({ query }) => `${query.get("startedAfter")?.slice(17, 19)}+${query.get("offset") ?? 0}`,
    );
    expect(places).toEqual(["undefined+0", "01+0", "01+2", "01+4", "02+0", "03+0"]);
  });

  it("misses no run that is there throughout, whichever leave between pages and wherever pages break", async () => {
    const scene = fc.record({
      starts: fc.array(fc.nat(12), { maxLength: 40 }),
      cap: fc.integer({ min: 1, max: 7 }),
      leaving: fc.array(fc.nat(39)),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ starts, cap, leaving }) => {
        const all = starts.toSorted((a, b) => a - b).map((start, index) => item(`r${index}`, start));
        // Runs with a start of their own may leave; those that share one are paged by offset, which can't help it.
        const alone = (index: number) =>
          all.filter(({ startedAt }) => startedAt === all[index]?.startedAt).length === 1;
        const left = new Set(leaving.filter(alone).map((index) => `r${index}`));
        const respond = api((page) => (page === 0 ? all : all.filter(({ id }) => !left.has(id))), cap);
        const listing = await scripted(respond).apify.listRuns({}, never);
        const listed = new Set(ids(listing));
        expect(listed.size).toBe(listing.runs.length);
        for (const { id } of all) if (!left.has(id)) expect(listed).toContain(id);
      }),
      { numRuns: 60 },
    );
  });

  it("takes in what starts between two pages", async () => {
    const before = [item("a", 0), item("b", 1)];
    const after = [...before, item("c", 2), item("d", 3)];
    const { asked } = scripted(api((page) => (page === 0 ? before : after), 2));
    expect(ids(await asked((apify) => apify.listRuns({}, never)))).toEqual(["a", "b", "c", "d"]);
  });

  it("believes the later look at a run that is on two pages", async () => {
    const late = { ...item("b", 1), usageTotalUsd: 9 };
    const { asked } = scripted(api((page) => [item("a", 0), page === 0 ? item("b", 1) : late], 2));
    const { runs } = await asked((apify) => apify.listRuns({}, never));
    expect(runs.map(({ usageTotalMicroUsd }) => usageTotalMicroUsd)).toEqual([1_500_000, 9_000_000]);
  });

  it("goes on until an empty page when the API does not say how many it allows", async () => {
    const all = [item("a", 0), item("b", 0), item("c", 1)];
    const { asked } = scripted(({ query }) => {
      const matching = all.filter(({ startedAt }) => startedAt >= (query.get("startedAfter") ?? ""));
      const offset = Number(query.get("offset") ?? 0);
      return data({ items: matching.slice(offset, offset + 2) });
    });
    expect(await asked((apify) => apify.listRuns({}, never)).then(ids)).toEqual(["a", "b", "c"]);
  });
});
