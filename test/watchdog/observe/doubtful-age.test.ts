import { describe, expect, it } from "vitest";
import type { LiveRun } from "../../../src/watchdog/model/live.ts";
import { EMPTY_LIVE } from "../../../src/watchdog/model/live.ts";
import { remember, type Seen } from "../../../src/watchdog/observe/remember.ts";
import { mergeLive } from "../../../src/watchdog/tick/merge.ts";
import { at, HOUR, MINUTE, NOON, run } from "../../support/builders.ts";

/** What its detail shows so many seconds after noon of a run that was started an hour before it. */
const detail = (
  secs: number,
  { ranSecs, count = 0, status = "RUNNING" }: { ranSecs?: number; count?: number; status?: string } = {},
): Seen => ({
  run: run({
    status,
    startedAt: at(-HOUR),
    detail: {
      stats: { resurrectCount: count, ...(ranSecs !== undefined && { runTimeSecs: ranSecs }) },
      resurrectCount: count,
    },
  }),
  observedAt: at(secs),
  source: "detail",
});
const lifeOf = (...looks: readonly Seen[]) =>
  looks.reduce<LiveRun | undefined>((before, seen) => remember(before, seen), undefined)?.life;

/** It lived for a quarter of an hour. By its counts, which lag, it is in its first life. */
const doubtful = detail(0, { ranSecs: 900 });

describe("a run first seen old, by its count in its first life", () => {
  it("counts from its start where its detail shows that it has been running since, or that it is in the queue", () => {
    expect(lifeOf(detail(0, { ranSecs: HOUR - 30 }))).toEqual({ number: 0, since: at(-HOUR), looks: {} });
    expect(lifeOf(detail(0, { status: "READY" }))?.since).toEqual(at(-HOUR));
  });

  it("counts from that look where it shows nothing of the kind", () => {
    const doubted = { number: 0, since: NOON, doubtedAt: NOON, looks: {} };
    expect(lifeOf(doubtful)).toEqual(doubted);
    expect(lifeOf(detail(0))).toEqual(doubted);
    expect(lifeOf(doubtful, detail(1, { ranSecs: 901 }))).toEqual(doubted);
  });

  it("counts from its start once the next tick's look shows other counts, and the same life", () => {
    const sure = { number: 0, since: at(-HOUR), looks: {} };
    expect(lifeOf(doubtful, detail(MINUTE, { ranSecs: 960 }))).toEqual(sure);
    expect(lifeOf(doubtful, detail(1, { ranSecs: HOUR }))).toEqual(sure);
    expect(lifeOf(doubtful, detail(MINUTE, { ranSecs: 960, count: 1 }))).toMatchObject({
      number: 1,
      since: at(MINUTE),
    });
  });

  it("waits for ten minutes at most where its counts stand still", () => {
    const standing = (secs: number): Seen => detail(secs, { ranSecs: 900 });
    expect(lifeOf(doubtful, standing(MINUTE), standing(10 * MINUTE - 1))?.since).toEqual(NOON);
    expect(lifeOf(doubtful, standing(MINUTE), standing(10 * MINUTE))?.since).toEqual(at(-HOUR));
  });

  it("counts since when either of two ticks is sure of", () => {
    const [doubted, sure] = [
      remember(undefined, doubtful),
      remember(undefined, detail(1, { ranSecs: HOUR })),
    ];
    const live = (each: LiveRun) => ({ ...EMPTY_LIVE, runs: new Map([[each.run.id, each]]) });
    for (const [a, b] of [
      [doubted, sure],
      [sure, doubted],
    ] as const)
      expect(mergeLive(live(a), live(b)).runs.get("run1")?.life).toEqual(sure.life);
    expect(mergeLive(live(doubted), live(doubted)).runs.get("run1")?.life).toEqual(doubted.life);
  });
});
