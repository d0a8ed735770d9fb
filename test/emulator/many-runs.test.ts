import { describe, expect, test } from "vitest";
import { createEmulator, type RunScript } from "../../emulator/index.ts";
import { ask, HOUR, type Json, worldOf } from "./support.ts";

const DAY = 24 * HOUR;
const COUNT = 6_000;

/** Runs of a month, in no order, with several of one start; every seventh failed, every tenth is of a task. */
const runs = Array.from({ length: COUNT }, (_, index): Partial<RunScript> => {
  const place = (index * 3_571) % COUNT;
  return {
    startsAfterMs: -30 * DAY + Math.floor(place / 3) * 3 * 432_000,
    ...(index % 10 === 0 ? { task: "shop-eu" } : {}),
    ends: { afterMs: HOUR, status: index % 7 === 0 ? "FAILED" : "SUCCEEDED" },
  };
});
const emulator = createEmulator({ world: worldOf(...runs) });
const start = emulator.clock.now();
const list = (query: string, of = "actor-runs"): Json => ask(emulator, "GET", `/v2/${of}?${query}`).data;
const ids = (page: Json): string[] => page.items.map(({ id }: Json) => id);
const isoDay = (day: number) => new Date(start - 30 * DAY + day * DAY).toISOString();

/** All that a query finds, page by page. */
function paged(query: string, of?: string): Json[] {
  const found: Json[] = [];
  for (let page = list(query, of); page.count > 0; page = list(`${query}&offset=${found.length}`, of)) {
    found.push(...page.items);
  }
  return found;
}
const everything = paged("limit=1000");

describe("lists of an account with thousands of ended runs", () => {
  test("come to all of them, ascending by start, each once", () => {
    expect(new Set(everything.map(({ id }) => id)).size).toBe(COUNT);
    const starts = everything.map(({ startedAt }) => startedAt);
    expect(starts).toEqual([...starts].sort());
    expect(list("limit=1").total).toBe(COUNT);
  });

  test.each<[string, (run: Json) => boolean]>([
    [`startedAfter=${isoDay(3)}`, (run) => run.startedAt >= isoDay(3)],
    [`startedBefore=${isoDay(3)}`, (run) => run.startedAt <= isoDay(3)],
    [
      `startedAfter=${isoDay(6)}&startedBefore=${isoDay(12)}&status=FAILED`,
      (run) => run.status === "FAILED" && run.startedAt >= isoDay(6) && run.startedAt <= isoDay(12),
    ],
    ["status=FAILED", (run) => run.status === "FAILED"],
    ["status=FAILED,RUNNING", (run) => run.status === "FAILED" || run.status === "RUNNING"],
  ])("of %s are the runs that fit, in the same order", (query, fits) => {
    const wanted = everything.filter(fits).map(({ id }) => id);
    expect(wanted.length).toBeGreaterThan(100);
    expect(paged(`${query}&limit=1000`).map(({ id }) => id)).toEqual(wanted);
    expect(list(`${query}&limit=1`).total).toBe(wanted.length);
  });

  test("take both bounds in, to the millisecond", () => {
    const { startedAt } = everything[300];
    const same = everything.filter((run) => run.startedAt === startedAt).length;
    expect(same).toBe(3);
    expect(list(`startedAfter=${startedAt}&startedBefore=${startedAt}`).total).toBe(same);
  });

  test("turn round for desc, the last page included", () => {
    const backwards = [...everything].reverse().map(({ id }) => id);
    expect(paged("limit=999&desc=1").map(({ id }) => id)).toEqual(backwards);
    expect(list(`desc=1&offset=${COUNT}`).items).toEqual([]);
    expect(ids(list(`desc=1&offset=${COUNT - 2}&limit=10`))).toEqual(backwards.slice(-2));
  });

  test("of a task are its own", () => {
    const own = everything.filter(({ actorTaskId }) => actorTaskId !== null).map(({ id }) => id);
    expect(own).toHaveLength(COUNT / 10);
    expect(paged("limit=1000", "actor-tasks/acme~shop-eu/runs").map(({ id }) => id)).toEqual(own);
  });

  test("lack a run that was deleted, and no other", () => {
    const { id } = everything[301];
    ask(emulator, "DELETE", `/v2/actor-runs/${id}`);
    expect(paged("limit=1000").map((run) => run.id)).toEqual(
      everything.map((run) => run.id).filter((other) => other !== id),
    );
  });
});
