import { describe, expect, it } from "vitest";
import type { Policy } from "../../../../src/policy/index.ts";
import { blastRoom, blastRooms } from "../../../../src/policy/judge/blast/blast.ts";
import {
  at,
  blast,
  control,
  HOUR,
  MINUTE,
  maxAborts,
  NOON,
  policy,
  recentIntent,
} from "../../../support/builders.ts";

import { earlier, free, live, seen, stop, taken } from "./stopping.ts";

describe("blastRoom()", () => {
  it.each(["perTick", "perHour", "percentOfLive"] as const)(
    "takes 0 in %s for none, not for no limit",
    (guard) => {
      expect(taken(2, maxAborts({ [guard]: 0 }), {}, blast(live(10)))).toEqual([guard, guard]);
    },
  );

  it("lets through as many as perTick, and holds the rest", () => {
    expect(taken(4, maxAborts({ perTick: 2 }), {}, blast(live(9)))).toEqual([
      ...free(2),
      "perTick",
      "perTick",
    ]);
  });

  it("counts this tick's own intents in perTick", () => {
    const recentIntents = earlier(1, { tickId: "tick-now", at: at(-30) });
    expect(taken(2, maxAborts({ perTick: 2 }), { recentIntents }, blast(live(9)))).toEqual([
      undefined,
      "perTick",
    ]);
  });

  it("counts any intent of the last 60 minutes in perHour, and none older", () => {
    const recentIntents = [
      recentIntent({ runId: "a", at: at(-1) }),
      recentIntent({ runId: "b", at: at(-HOUR + 0.001) }),
      recentIntent({ runId: "c", at: at(-HOUR) }),
      recentIntent({ runId: "d", at: at(-2 * HOUR) }),
    ];
    expect(taken(3, maxAborts({ perHour: 5 }), { recentIntents }, blast(live(99)))).toEqual([
      ...free(2),
      "perHour",
    ]);
  });

  it("counts a run once in perHour, however often it came back", () => {
    const recentIntents = [-900, -600, -300].map((secs, number) =>
      stop(secs, seen("back", { lifeNumber: number })),
    );
    const room = blastRoom(
      policy(maxAborts({ perHour: 3 })),
      control({ recentIntents }),
      blast(live(9)),
      NOON,
    );
    const back = seen("back", { lifeNumber: 3 });
    expect([room.take(back), room.take(seen("a")), room.take(seen("b")), room.take(back)]).toEqual([
      undefined,
      undefined,
      "perHour",
      undefined,
    ]);
  });

  it("counts each call in perTick, also those for a run that came back", () => {
    const recentIntents = [stop(-1, seen("back"))];
    const room = blastRoom(
      policy(maxAborts({ perTick: 2 })),
      control({ recentIntents }),
      blast(live(9)),
      NOON,
    );
    expect([room.take(seen("back", { lifeNumber: 1 })), room.take(seen("a"))]).toEqual([
      undefined,
      "perTick",
    ]);
  });

  it("counts a run that it lets through once", () => {
    const room = blastRoom(policy(maxAborts({ perTick: 2 })), control(), blast(live(9)), NOON);
    expect(["a", "a", "b", "c"].map((id) => room.take(seen(id)))).toEqual([...free(3), "perTick"]);
  });

  it.each([
    { tick: "is still going on", made: { tickEndsBy: at(30) }, guard: "perTick" },
    { tick: "was over before this one started", made: { tickEndsBy: at(-1) }, guard: undefined },
    { tick: "was over only after this one had started", made: { tickEndsBy: at(-0.999) }, guard: "perTick" },
  ])("counts what another tick made that $tick: $guard", ({ made, guard }) => {
    const recentIntents = earlier(1, { at: at(-20), ...made });
    expect(taken(1, maxAborts({ perTick: 1 }), { recentIntents }, blast(live(9)))).toEqual([guard]);
  });

  it("counts what another tick intended since this one started, though it is over", () => {
    const recentIntents = earlier(1, { at: at(-1), tickEndsBy: at(-0.5) });
    expect(taken(1, maxAborts({ perTick: 1 }), { recentIntents }, blast(live(9)))).toEqual(["perTick"]);
  });

  it("counts what was intended and was over at the very moment at which this one started", () => {
    const recentIntents = earlier(1, { at: at(-1), tickEndsBy: at(-1) });
    expect(taken(1, maxAborts({ perTick: 1 }), { recentIntents }, blast(live(9)))).toEqual(["perTick"]);
  });

  it.each([
    [50, 100, 50],
    [50, 7, 4],
    [10, 41, 5],
    [10, 40, 4],
    [1, 1000, 10],
    [1, 1001, 11],
    [100, 8, 8],
    [1, 1, 3],
    [50, 2, 3],
    [50, 5, 3],
    [0.1, 5000, 5],
  ])(
    "takes a share of %d percent of %d live runs for %d: rounded up, and never fewer than 3",
    (percentOfLive, count, most) => {
      expect(taken(most + 1, maxAborts({ percentOfLive }), {}, blast(live(count)))).toEqual([
        ...free(most),
        "percentOfLive",
      ]);
    },
  );

  it("takes a share of the runs live now and those stopped in the last hour, each counted once", () => {
    const recentIntents = [
      ...earlier(4),
      recentIntent({ runId: "live0" }),
      recentIntent({ runId: "gone", at: at(-2 * HOUR) }),
    ];
    // 10 live, of which one was stopped, and 4 more stopped: half of 14 is 7, of which 5 are spent.
    expect(taken(3, maxAborts({ percentOfLive: 50 }), { recentIntents }, blast(live(10)))).toEqual([
      ...free(2),
      "percentOfLive",
    ]);
  });

  it("does not shrink as the runs that it stopped end", () => {
    const before = taken(6, maxAborts(), {}, blast(live(10)));
    const recentIntents = Array.from({ length: 5 }, (_, i) => recentIntent({ runId: `live${i}` }));
    const after = taken(6, maxAborts(), { recentIntents }, blast(live(10).slice(5)));
    expect([before.length, after]).toEqual([6, [...free(5), "percentOfLive"]]);
  });

  it("lets a stopped run that is back take no further place, unless there is none at all", () => {
    const recentIntents = ["a", "b", "c"].map((runId) => recentIntent({ runId }));
    const back = (guards: Pick<Policy, "guards">) =>
      blastRoom(policy(guards), control({ recentIntents }), blast(["a", "new"]), NOON).take(
        seen("a", { lifeNumber: 1 }),
      );
    expect(back(maxAborts({ percentOfLive: 50 }))).toBeUndefined();
    expect(back(maxAborts({ perHour: 3 }))).toBeUndefined();
    expect(back(maxAborts({ perHour: 2 }))).toBe("perHour");
    expect(back(maxAborts({ perHour: 0 }))).toBe("perHour");
    expect(back(maxAborts({ percentOfLive: 0 }))).toBe("percentOfLive");
  });

  it("names the guard that binds first", () => {
    expect(taken(1, maxAborts({ perTick: 0, perHour: 0, percentOfLive: 0 }))).toEqual(["perTick"]);
    expect(taken(1, maxAborts({ perHour: 0, percentOfLive: 0 }))).toEqual(["perHour"]);
  });

  it("counts the intents of the last hour on an empty account too", () => {
    expect(
      taken(1, maxAborts({ percentOfLive: 50 }), { recentIntents: earlier(3, { at: at(-50 * MINUTE) }) }),
    ).toEqual(["percentOfLive"]);
  });
});

describe("blastRooms()", () => {
  it("keeps what is only observed out of what is enforced", () => {
    const rooms = blastRooms(policy(maxAborts({ perTick: 1 })), control(), blast(live(9)), NOON);
    const [a, b] = [seen("a"), seen("b")];
    expect([rooms.observe.take(a), rooms.observe.take(b), rooms.enforce.take(b)]).toEqual([
      undefined,
      "perTick",
      undefined,
    ]);
  });

  it("starts both from what was intended already", () => {
    const view = control({ recentIntents: [recentIntent({ tickId: "tick-now" })] });
    const rooms = blastRooms(policy(maxAborts({ perTick: 1 })), view, blast(live(9)), NOON);
    const a = seen("a");
    expect([rooms.observe.take(a), rooms.enforce.take(a)]).toEqual(["perTick", "perTick"]);
  });
});
