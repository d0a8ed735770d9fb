import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../../support/fast-check.ts";
import { type Run, toUsd } from "../../../../src/policy/index.ts";
import type { LiveRun } from "../../../../src/watchdog/model/live.ts";
import type { SpendPoint } from "../../../../src/watchdog/model/ports.ts";
import { slackAfter } from "../../../../src/watchdog/observe/curve/slack.ts";
import { trailFrom, watchedOf, written } from "../../../../src/watchdog/observe/curve/trail.ts";
import { remember } from "../../../../src/watchdog/observe/remember.ts";

const START = new Date("2026-11-25T06:00:00.000Z");
const MINUTE = 60_000;
const at = (ms: number): Date => new Date(START.getTime() + ms);

const runOf = (status: string, usd: number | undefined, finishedAt?: Date): Run => ({
  id: "run-1",
  actorId: "actor-1",
  status,
  startedAt: START,
  ...(finishedAt && { finishedAt }),
  ...(usd !== undefined && { usageTotalMicroUsd: Math.round(usd * 1e6) }),
});

type Seen = {
  readonly ms: number;
  readonly usd?: number | undefined;
  readonly status?: string;
  readonly source?: "list" | "detail";
};

/** What is remembered after these looks, in which whatever is to be written is written after every so many of them. */
function remembered(looks: readonly Seen[], writtenEach = Number.POSITIVE_INFINITY) {
  const curve: SpendPoint[] = [];
  let live: LiveRun | undefined;
  for (const [i, { ms, usd, status = "RUNNING", source = "list" }] of looks.entries()) {
    live = remember(live, { run: runOf(status, usd), observedAt: at(ms), source });
    if ((i + 1) % writtenEach !== 0 || live.trail === undefined) continue;
    curve.push(...(live.trail.open ?? []));
    live = { ...live, trail: written(live.trail) };
  }
  if (live === undefined) throw new Error("nothing was looked at");
  return { live, curve: [...curve, ...(live.trail?.open ?? [])] };
}

const SECOND = (date: Date): number => Math.floor(date.getTime() / 1000);

/** How far a look lies from the straight line between the points around it, and how far it may. */
function missed(points: readonly SpendPoint[], look: SpendPoint): number {
  const next = points.findIndex((point) => SECOND(point.at) >= SECOND(look.at));
  const [a, b] = [points[Math.max(0, next - 1)], points[next]];
  if (a === undefined || b === undefined) throw new Error("the look is not within the curve");
  const share = a === b ? 1 : (SECOND(look.at) - SECOND(a.at)) / (SECOND(b.at) - SECOND(a.at));
  return (
    Math.abs(look.microUsd - (a.microUsd + share * (b.microUsd - a.microUsd))) - slackAfter(Math.max(1, next))
  );
}

/** Looks about a minute apart, each a while after the one before, with what the run spent since. */
const looks = fc
  .array(
    fc.record({
      secs: fc.integer({ min: 2, max: 140 }),
      usd: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 0, max: 20_000 }).map(toUsd),
        fc.integer({ min: 0, max: 3_000_000 }).map(toUsd),
        fc.integer({ min: -500_000, max: 0 }).map(toUsd),
      ),
    }),
    { minLength: 2, maxLength: 200 },
  )
  .map((steps) => {
    let [ms, usd] = [0, 0];
    return steps.map((step) => {
      ms += step.secs * 1000;
      usd = Math.max(0, usd + step.usd);
      return { ms, usd };
    });
  });

describe("the curve of a run", () => {
  it("holds every look within the slack, whenever it is written, corrections included", () => {
    fc.assert(
      fc.property(looks, fc.integer({ min: 1, max: 30 }), (all, writtenEach) => {
        const { live, curve } = remembered(all, writtenEach);
        const points = [...curve, ...(live.spent ? [live.spent] : [])];
        // A figure of 0 after one above it is none that is told.
        const told = all.filter(({ usd }, i) => usd > 0 || all.slice(0, i).every((each) => each.usd === 0));
        for (const { ms, usd } of told)
          expect(missed(points, { at: at(ms), microUsd: Math.round(usd * 1e6) })).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("has one point for as long as a run burns evenly, and two more where it turns", () => {
    const even = Array.from({ length: 24 * 60 }, (_, minute) => ({
      ms: minute * MINUTE,
      usd: minute * 0.05,
    }));
    expect(remembered(even).curve).toEqual([{ at: START, microUsd: 0 }]);
    const turned = even.map(({ ms, usd }, minute) => ({
      ms,
      usd: minute < 300 ? usd : usd + (minute - 299) * 2,
    }));
    expect(remembered(turned).curve).toEqual([
      { at: START, microUsd: 0 },
      { at: at(299 * MINUTE), microUsd: 14_950_000 },
    ]);
  });

  it("takes no more points than the cost has doublings of a cent, eight for each", () => {
    const bursts = Array.from({ length: 3_000 }, (_, minute) => ({
      ms: minute * MINUTE,
      usd: Math.floor(minute / 5) * 0.4,
    }));
    const { curve } = remembered(bursts);
    // 240 USD are 2 ** 14.6 cents.
    expect(curve.length).toBeGreaterThan(40);
    expect(curve.length).toBeLessThanOrEqual(8 * 16);
  });

  it("knows when looks showed a status that is not known, from the first of a row to the last", () => {
    const strange = (...minutes: readonly number[]) =>
      Array.from({ length: 40 }, (_, minute) => ({
        ms: minute * MINUTE,
        status: minutes.includes(minute) ? "MIGRATING" : "RUNNING",
      }));
    const of = (looks: readonly Seen[]) => watchedOf(remembered(looks).live)?.strange;
    const stretch = (from: number, to: number) => ({ from: at(from * MINUTE), to: at(to * MINUTE) });
    expect(of(strange())).toBeUndefined();
    expect(of(strange(0, 1, 2, 9))).toEqual([stretch(0, 2), stretch(9, 9)]);
    expect(of(strange(1, 9, 11, 30))).toEqual([stretch(1, 1), stretch(9, 11), stretch(30, 30)]);
  });

  it("knows when readings left out a cost that had been told, from the first of a row to the last", () => {
    const untold = (...minutes: readonly number[]): readonly Seen[] =>
      Array.from({ length: 40 }, (_, minute) => minute * MINUTE).flatMap((ms) => [
        { ms, usd: 1 },
        ...(minutes.includes(ms / MINUTE) ? [{ ms: ms + 400, source: "detail" as const }] : []),
      ]);
    const of = (looks: readonly Seen[]) => watchedOf(remembered(looks).live)?.untold;
    const stretch = (from: number, to: number) => ({
      from: at(from * MINUTE + 400),
      to: at(to * MINUTE + 400),
    });
    expect(of(untold())).toBeUndefined();
    expect(of(untold(0, 1, 2, 9))).toEqual([stretch(0, 2), stretch(9, 9)]);
    expect(of(untold(1, 9, 13, 30))).toEqual([stretch(1, 1), stretch(9, 13), stretch(30, 30)]);
    // Lists leave it out at times, and what was told counts; before it was told there was none to leave out.
    expect(of([{ ms: 0, source: "detail" }, { ms: MINUTE, usd: 1 }, { ms: 2 * MINUTE }])).toBeUndefined();
    expect(of([...untold(39), { ms: 41 * MINUTE, status: "SUCCEEDED" }])).toEqual([stretch(39, 39)]);
  });

  it("has its last look alive as its last point, and knows until when it was active", () => {
    const { live, curve } = remembered([
      { ms: 0, usd: 0, status: "READY" },
      { ms: MINUTE, usd: 0.1 },
      { ms: 2 * MINUTE, usd: 0.2 },
      { ms: 3 * MINUTE, usd: 0.3, status: "ABORTING" },
      { ms: 4 * MINUTE, usd: 0.4, status: "ABORTED" },
      { ms: 5 * MINUTE, usd: 0.5, status: "ABORTED" },
    ]);
    expect(curve.at(-1)).toEqual({ at: at(3 * MINUTE), microUsd: 300_000 });
    expect(watchedOf(live)).toEqual({
      from: START,
      readyUntil: START,
      activeUntil: at(2 * MINUTE),
      stoppingSince: at(3 * MINUTE),
    });
  });

  it("knows gaps: looks that were long in coming, and a cost that was not told", () => {
    const { live, curve } = remembered([
      { ms: 0, usd: 0 },
      { ms: MINUTE, usd: 0.1 },
      { ms: 11 * MINUTE, usd: 0.6 },
      { ms: 12 * MINUTE, usd: 0.7 },
      { ms: 13 * MINUTE },
      { ms: 14 * MINUTE },
      { ms: 15 * MINUTE, usd: 1 },
    ]);
    expect(watchedOf(live)?.gaps).toEqual([
      { from: at(MINUTE), to: at(11 * MINUTE) },
      { from: at(12 * MINUTE), to: at(15 * MINUTE) },
    ]);
    expect(curve.map((point) => point.at)).toEqual([0, 1, 11, 12, 15].map((minute) => at(minute * MINUTE)));
  });

  it("makes one gap of those that are nearest to each other, where there are more than three", () => {
    const starts = [0, 10, 12, 30, 50];
    const { live } = remembered(
      starts.flatMap((minute) => [
        { ms: minute * MINUTE, usd: 1 },
        { ms: (minute + 1) * MINUTE, usd: 1 },
      ]),
    );
    expect(watchedOf(live)?.gaps).toEqual([
      { from: at(MINUTE), to: at(10 * MINUTE) },
      { from: at(13 * MINUTE), to: at(30 * MINUTE) },
      { from: at(31 * MINUTE), to: at(50 * MINUTE) },
    ]);
  });

  it("has few points where each look ends a gap, however long the run lives", () => {
    const rare = Array.from({ length: 2_000 }, (_, i) => ({ ms: i * 5 * MINUTE, usd: i * 0.001 }));
    expect(remembered(rare.slice(0, 60)).curve).toHaveLength(60);
    const { live, curve } = remembered(rare, 12);
    expect(curve.length).toBeLessThan(500);
    expect(watchedOf(live)?.gaps?.at(-1)?.to).toEqual(at(1_999 * 5 * MINUTE));
    // The last one is not older than a part of its time.
    expect((curve.at(-1)?.at.getTime() ?? 0) - at(0).getTime()).toBeGreaterThan(0.97 * 1_999 * 5 * MINUTE);
  });

  it("goes on from what somebody else has recorded, with a gap up to its own look", () => {
    const item = {
      curve: [{ at: START, microUsd: 0 }],
      spent: { at: at(MINUTE), microUsd: 50_000 },
      watched: { from: START },
    };
    expect(trailFrom(item, { at: at(3 * MINUTE), microUsd: 90_000 })).toEqual({
      from: START,
      point: { at: at(3 * MINUTE), microUsd: 90_000 },
      points: 3,
      open: [item.spent, { at: at(3 * MINUTE), microUsd: 90_000 }],
      gaps: [{ from: at(MINUTE), to: at(3 * MINUTE) }],
    });
    expect(trailFrom({ ...item, watched: {} }, item.spent)).toBeUndefined();
  });
});
