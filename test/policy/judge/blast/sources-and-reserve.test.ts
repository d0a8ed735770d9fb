import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Observation, RecentIntent } from "../../../../src/policy/index.ts";
import { blastRoom, reservedOf, takenOf } from "../../../../src/policy/judge/blast/blast.ts";
import {
  at,
  blast,
  control,
  HOUR,
  maxAborts,
  NOON,
  policy,
  recentIntent,
  usd,
} from "../../../support/builders.ts";

import { free, live, seen, stop } from "./stopping.ts";

describe("a source that starts again what was stopped", () => {
  /** A run of the schedule that started so many seconds from noon. */
  const ofSchedule = (id: string, secs: number, overrides: Parameters<typeof seen>[1] = {}) =>
    seen(id, { scheduleId: "nightly", startedAt: at(secs), ...overrides });
  const again = (count: number): readonly RecentIntent[] => [
    stop(-3000, ofSchedule("first", -3100)),
    ...Array.from({ length: count }, (_, i) =>
      stop(-2000 + 100 * i, ofSchedule(`again${i}`, -2050 + 100 * i)),
    ),
  ];
  const room = (
    guards: Parameters<typeof maxAborts>[0],
    recentIntents: readonly RecentIntent[],
    lives = 99,
  ) => blastRoom(policy(maxAborts(guards)), control({ recentIntents }), blast(live(lives)), NOON);

  it("takes one place more, however many runs it starts again", () => {
    expect(takenOf({ recentIntents: again(5) }, blast(), NOON).places).toEqual(
      new Set(["first", "after schedule:nightly"]),
    );
    const five = room({ perHour: 7 }, again(5));
    expect(["a", "b", "c", "d"].map((id) => five.take(seen(id)))).toEqual(
      [...free(4), "perHour"].slice(0, 4),
    );
    expect(five.take(seen("e"))).toBe("perHour");
    expect(five.take(ofSchedule("next", -10))).toBeUndefined();
  });

  it("has a perHour of its own for them, beyond which they are held", () => {
    const full = room({ perHour: 5 }, again(5));
    expect(full.take(ofSchedule("next", -10))).toBe("perHour");
    expect(full.take(ofSchedule("again0", -2050, { lifeNumber: 1 }))).toBeUndefined();
    expect([full.take(seen("other")), full.take(seen("another"))]).toEqual(free(2));
  });

  it("shares that perHour with all other sources that do so", () => {
    const other = (id: string, secs: number) => seen(id, { actorId: "b", startedAt: at(secs) });
    const recentIntents = [...again(3), stop(-1500, other("x", -1600)), stop(-900, other("y", -1000))];
    const both = room({ perHour: 6 }, recentIntents);
    expect([both.take(other("z", -5)), both.take(ofSchedule("n", -5)), both.take(other("u", -4))]).toEqual([
      ...free(2),
      "perHour",
    ]);
  });

  it("counts each of the runs that were live at the time of the stop", () => {
    const parallel = [-3100, -3099, -3000].map((secs, i) => stop(-2900 + i, ofSchedule(`p${i}`, secs)));
    expect(takenOf({ recentIntents: parallel }, blast(), NOON).places.size).toBe(3);
    const three = room({ perHour: 4 }, parallel);
    expect(three.take(ofSchedule("p3", -2901))).toBe("perHour");
    expect(three.take(ofSchedule("after", -2899))).toBe("perHour");
    expect(room({ perHour: 5 }, parallel).take(ofSchedule("after", -2899))).toBeUndefined();
  });

  it("tells sources by their schedule, else their task, else their Actor", () => {
    const first = stop(-3000, seen("first", { actorId: "a", actorTaskId: "t", startedAt: at(-3100) }));
    const places = (next: Observation) =>
      takenOf({ recentIntents: [first, stop(-1000, next)] }, blast(), NOON).places;
    const later = { actorId: "a", startedAt: at(-2000) };
    expect(places(seen("n", { ...later, actorTaskId: "t" }))).toContain("after task:t");
    expect(places(seen("n", later))).toContain("n");
    expect(places(seen("n", { ...later, actorTaskId: "t", scheduleId: "s" }))).toContain("n");
  });

  it("counts what was stopped before sources were kept by itself, and nothing as started after it", () => {
    const old = [recentIntent({ runId: "a" }), recentIntent({ runId: "b" })];
    const { places } = takenOf({ recentIntents: [...old, stop(-100, ofSchedule("c", -200))] }, blast(), NOON);
    expect(places).toEqual(new Set(["a", "b", "c"]));
  });

  it("forgets a stop after an hour, and with it what came after", () => {
    const recentIntents = [stop(-HOUR, ofSchedule("first", -HOUR - 60)), stop(-60, ofSchedule("next", -600))];
    expect(takenOf({ recentIntents }, blast(), NOON).places).toEqual(new Set(["next"]));
  });

  it("takes one part of the share of live runs for them, and counts them once in what it is a share of", () => {
    const recentIntents = again(6);
    expect(takenOf({ recentIntents }, blast(live(6)), NOON).population).toBe(8);
    // Half of 8 is 4: two places are taken.
    const half = room({ percentOfLive: 50 }, recentIntents, 6);
    expect(["a", "b", "c"].map((id) => half.take(seen(id)))).toEqual([...free(2), "percentOfLive"]);
    expect(half.take(ofSchedule("next", -10))).toBeUndefined();
  });

  it("counts one that is still live as the live run that it is", () => {
    const recentIntents = again(1);
    expect(takenOf({ recentIntents }, blast([...live(6), "again0"]), NOON).population).toBe(8);
  });
});

describe("the places that are kept for runs that burn more than anything stopped", () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [4, 1],
    [5, 1],
    [9, 1],
    [10, 2],
    [30, 6],
    [10_000, 2000],
  ])("are of a perHour of %d: %d", (perHour, kept) => {
    expect(reservedOf(perHour)).toBe(kept);
  });

  /** Stopped one after the other, ten seconds apart. */
  const stopped = (...burns: readonly (number | undefined)[]): readonly RecentIntent[] =>
    burns.map((burnUsd, i) => stop(-600 + 10 * i, seen(`s${i}`, burnUsd === undefined ? {} : { burnUsd })));
  const held = (
    perHour: number,
    recentIntents: readonly RecentIntent[],
    ...burns: (number | undefined)[]
  ) => {
    const room = blastRoom(policy(maxAborts({ perHour })), control({ recentIntents }), blast(live(99)), NOON);
    return burns.map((burnUsd, i) =>
      room.take(seen(`n${i}`, burnUsd === undefined ? {} : { burnUsd })) === undefined ? "stopped" : "held",
    );
  };
  /** Two of ten are kept: the first that burns at all takes one, so nine are for all others. */
  const NINE = stopped(7, 6, 5, 4, 3, 2, 2, 2, 2);

  it("are not given to runs that burn as much or less, or of which it is not known", () => {
    expect(held(10, NINE, 7, 1, undefined, Number.NaN, 7.01, 8)).toEqual([
      ...Array(4).fill("held"),
      "stopped",
      "held",
    ]);
  });

  it("are taken first by the runs that they are for, so that no place is left empty for another's sake", () => {
    expect(held(10, stopped(1, 2), ...Array(9).fill(1))).toEqual([...Array(8).fill("stopped"), "held"]);
    expect(held(10, stopped(2, 1), ...Array(9).fill(1))).toEqual([
      ...Array(7).fill("stopped"),
      "held",
      "held",
    ]);
  });

  it("go by the order in which runs were stopped, whatever order that is kept in", () => {
    const kept = (recentIntents: readonly RecentIntent[]) =>
      takenOf({ recentIntents }, blast(), NOON).records;
    expect(kept(stopped(2, 1, 3))).toEqual({ count: 2, microUsdPerHour: usd(3) });
    expect(kept(stopped(2, 1, 3).toReversed())).toEqual(kept(stopped(2, 1, 3)));
  });

  it("are kept while nothing is known of what the stopped ones burned", () => {
    const unknown = stopped(...Array(8).fill(undefined));
    expect(held(10, unknown, undefined, 0.01, 0.01, 0.02)).toEqual(["held", "stopped", "held", "stopped"]);
  });

  it("are none of a perHour of one, and of two the one for the run that burns most", () => {
    expect([held(1, [], 3, 4), held(2, [], 3, 2, 9), held(2, [], undefined, undefined, 1)]).toEqual([
      ["stopped", "held"],
      ["stopped", "stopped", "held"],
      ["stopped", "held", "stopped"],
    ]);
  });

  it("count a run that comes back no second time", () => {
    const recentIntents = [
      stop(-600, seen("a", { burnUsd: 1 })),
      stop(-500, seen("a", { burnUsd: 2, lifeNumber: 1 })),
    ];
    expect(takenOf({ recentIntents }, blast(), NOON).records).toEqual({ count: 1, microUsdPerHour: usd(2) });
  });
});

describe("any hour of stops", () => {
  const sources = fc.constantFrom("s1", "s2", "s3");
  const runs = fc.record({
    id: fc.nat({ max: 40 }).map((n) => `r${n}`),
    source: sources,
    age: fc.integer({ min: 1, max: 50 }),
    burnUsd: fc.nat({ max: 9 }),
  });

  it("stays within perHour places, and within as many again of what sources start again", () => {
    fc.assert(
      fc.property(fc.array(runs, { maxLength: 60 }), fc.integer({ min: 0, max: 8 }), (all, perHour) => {
        const recentIntents: RecentIntent[] = [];
        const startedAt = new Map<string, Date>();
        for (const [minute, { id, source, age, burnUsd }] of all.entries()) {
          const now = at(minute * 55);
          const started = startedAt.get(id) ?? new Date(now.getTime() - age * 10_000);
          startedAt.set(id, started);
          const of = seen(id, { scheduleId: source, startedAt: started, lifeNumber: minute, burnUsd });
          const room = blastRoom(policy(maxAborts({ perHour })), { recentIntents }, blast(live(500)), now);
          if (room.take(of)) continue;
          recentIntents.push({ ...stop(0, of), at: now, tickId: `t${minute}`, tickEndsBy: now });
          const { places, sharing } = takenOf({ recentIntents }, blast(), now);
          expect(places.size).toBeLessThanOrEqual(perHour);
          expect(sharing.size).toBeLessThanOrEqual(perHour);
        }
        if (perHour === 0) expect(recentIntents).toEqual([]);
      }),
    );
  });
});
