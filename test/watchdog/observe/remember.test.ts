import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Run } from "../../../src/policy/index.ts";
import type { LiveRun } from "../../../src/watchdog/model/live.ts";
import {
  isYoung,
  observationOf,
  remember,
  type Seen,
  suspectsNewLife,
  unread,
} from "../../../src/watchdog/observe/remember.ts";
import { at, HOUR, life, liveRun, MINUTE, NOON, run, runOfUnknownCost, usd } from "../../support/builders.ts";

/** A look so many seconds after noon. */
const listed = (secs: number, overrides: Partial<Run> = {}): Seen => ({
  run: run(overrides),
  observedAt: at(secs),
  source: "list",
});
/** The same from the detail, where Apify may tell how often the run was resurrected. */
const detailed = (secs: number, overrides: Partial<Run> = {}, resurrectCount?: number): Seen => ({
  ...listed(secs, {
    detail: { stats: { runTimeSecs: HOUR }, ...(resurrectCount !== undefined && { resurrectCount }) },
    ...overrides,
  }),
  source: "detail",
});
const rememberAll = (...looks: readonly Seen[]): LiveRun | undefined =>
  looks.reduce<LiveRun | undefined>((before, seen) => remember(before, seen), undefined);

describe("unread()", () => {
  it("says of a run no more than that it is to be read", () => {
    const [old, seen] = [{ startedAt: at(-HOUR) }, detailed(60, { startedAt: at(-HOUR) }, 0)];
    expect(suspectsNewLife(unread(listed(0, old)), listed(60, old))).toBe(true);
    expect(remember(unread(listed(0, old)), seen)).toEqual(remember(undefined, seen));
  });
});

describe("isYoung()", () => {
  it("is within the first two minutes", () => {
    expect([0, 119.999, 120, HOUR].map((secs) => isYoung(at(-secs), NOON))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("suspectsNewLife()", () => {
  it.each([
    ["READY", 9 * MINUTE, false],
    ["RUNNING", 10 * MINUTE - 0.001, false],
    ["RUNNING", 10 * MINUTE, true],
    ["READY", HOUR, true],
    ["ABORTING", HOUR, true],
    ["SUCCEEDED", HOUR, false],
    ["A-STATUS-OF-TOMORROW", HOUR, false],
  ])("of a run first seen %s and %d s old: %s", (status, age, suspected) => {
    expect(suspectsNewLife(undefined, listed(0, { status, startedAt: at(-age) }))).toBe(suspected);
  });

  it.each([
    ["SUCCEEDED", "RUNNING", true],
    ["FAILED", "READY", true],
    ["TIMED-OUT", "RUNNING", true],
    ["ABORTED", "RUNNING", true],
    ["ABORTING", "RUNNING", true],
    ["TIMING-OUT", "READY", true],
    ["RUNNING", "RUNNING", false],
    ["READY", "RUNNING", false],
    ["ABORTED", "ABORTING", false],
    ["ABORTED", "ABORTED", false],
    ["RUNNING", "SUCCEEDED", false],
    ["A-STATUS-OF-TOMORROW", "RUNNING", false],
  ])("of a run recorded %s that is now %s: %s", (before, now, suspected) => {
    expect(suspectsNewLife(liveRun({ run: run({ status: before }) }), listed(60, { status: now }))).toBe(
      suspected,
    );
  });
});

describe("remember()", () => {
  it("takes a run that was never seen for its first life, from its start", () => {
    const spent = { at: NOON, microUsd: usd(1) };
    expect(remember(undefined, listed(0))).toEqual({
      run: run(),
      observedAt: NOON,
      source: "list",
      life: { number: 0, since: at(-HOUR), looks: {} },
      burn: [{ at: NOON, usageMicroUsd: usd(1) }],
      spent,
      unrecorded: { "2026-11-24T11": usd(1) },
      trail: { from: NOON, point: spent, points: 1, open: [spent] },
      said: [],
    });
  });

  it("drops an older look, and takes one of the same instant", () => {
    const before = remember(undefined, listed(60, { status: "SUCCEEDED" }));
    expect(remember(before, listed(59.999))).toBe(before);
    expect(remember(before, listed(60)).run.status).toBe("RUNNING");
  });

  it("keeps what is recorded and said, and forgets that the run was missing", () => {
    const recorded = { status: "RUNNING", life: 0, settled: false, version: 1 };
    const before = liveRun({ recorded, said: ["entry1"], missingSince: at(-60) });
    const after = remember(before, listed(60));
    expect(after).toMatchObject({ recorded, said: ["entry1"] });
    expect(after).not.toHaveProperty("missingSince");
  });

  it("keeps the resting figure within a life, and forgets it in the next", () => {
    const resting = { at: at(-5), usageMicroUsd: usd(1) };
    const before = liveRun({ run: run({ status: "SUCCEEDED" }), resting });
    expect(remember(before, listed(60, { status: "SUCCEEDED" }))).toMatchObject({ resting });
    expect(remember(before, detailed(60, {}, 1))).not.toHaveProperty("resting");
  });

  it("keeps the looks at gauges within a life, and forgets them in the next", () => {
    const before = liveRun({ life: life({ looks: { "busy@100": at(-60) } }) });
    expect(remember(before, listed(60)).life.looks).toEqual({ "busy@100": at(-60) });
    expect(remember(before, detailed(60, {}, 1)).life.looks).toEqual({});
  });

  describe("lives", () => {
    it("takes a run first seen resurrected for that life, from when it was seen", () => {
      expect(remember(undefined, detailed(0, {}, 3)).life).toEqual({ number: 3, since: NOON, looks: {} });
    });

    it("takes a run that was never resurrected for its first life, from its start", () => {
      expect(remember(undefined, detailed(0, {}, 0)).life).toMatchObject({ number: 0, since: at(-HOUR) });
    });

    it("starts a new life when the count has risen, whatever the run was recorded as", () => {
      expect(rememberAll(listed(0), detailed(300, {}, 1))?.life).toEqual({
        number: 1,
        since: at(300),
        looks: {},
      });
      expect(rememberAll(detailed(0, {}, 1), detailed(300, {}, 4))?.life).toMatchObject({
        number: 4,
        since: at(300),
      });
    });

    it("stays in the life whose count it knows", () => {
      const seen = rememberAll(detailed(0, {}, 1), detailed(60, {}, 1), listed(120), detailed(180, {}, 0));
      expect(seen?.life).toMatchObject({ number: 1, since: NOON });
    });

    it("starts a new life when the detail of an ended run shows it running, though no count is told", () => {
      const ended = detailed(0, { status: "ABORTED" });
      expect(rememberAll(ended, detailed(60))?.life).toMatchObject({ number: 1, since: at(60) });
      expect(rememberAll(ended, detailed(60, { status: "READY" }))?.life).toMatchObject({ number: 1 });
    });

    it("does not believe the list, which may lag, that an ended run is running again", () => {
      expect(rememberAll(listed(0, { status: "ABORTED" }), listed(60))?.life.number).toBe(0);
    });

    it("starts no new life when the detail says that the count has not risen, and counts its time from then", () => {
      const ended = detailed(0, { status: "ABORTED" }, 0);
      const back = rememberAll(ended, detailed(60, {}, 0));
      expect(back?.life).toEqual({ number: 0, since: at(60), looks: {} });
      expect(rememberAll(ended, detailed(60, {}, 0), detailed(120, {}, 1))?.life.number).toBe(1);
    });

    it("counts one life, not two, when the count is told after a life was inferred", () => {
      const risen = rememberAll(detailed(0, { status: "ABORTED" }), detailed(60), detailed(120, {}, 1));
      expect(risen?.life).toMatchObject({ number: 1, since: at(60) });
    });

    it("takes a run that is running again after it was aborting for a new life, for there is no other way back", () => {
      expect(rememberAll(listed(0, { status: "ABORTING" }), detailed(60))?.life.number).toBe(1);
    });
  });

  describe("marks", () => {
    it("knows the last instant at which the life was seen READY", () => {
      const seen = rememberAll(listed(0, { status: "READY" }), listed(60, { status: "READY" }), listed(120));
      expect(seen?.life.readyUntil).toEqual(at(60));
    });

    it("knows of no queue where the life was never seen READY", () => {
      expect(rememberAll(listed(0), listed(60))?.life).not.toHaveProperty("readyUntil");
    });

    it("knows since when the life has been on its way out, through both statuses", () => {
      const seen = rememberAll(
        listed(0),
        listed(60, { status: "TIMING-OUT" }),
        listed(120, { status: "ABORTING" }),
      );
      expect(seen?.life.stoppingSince).toEqual(at(60));
    });

    it("starts every mark anew in a new life", () => {
      const queued = rememberAll(listed(0, { status: "READY" }), listed(60, { status: "ABORTING" }));
      const risen = remember(queued, detailed(120, { status: "READY" }, 1));
      expect(risen.life).toEqual({ number: 1, since: at(120), readyUntil: at(120), looks: {} });
    });
  });

  describe("settings", () => {
    const settings = { build: "latest", memoryMbytes: 1_024, timeoutSecs: 0 };

    it("are kept from a detail over the list looks of its life", () => {
      const seen = rememberAll(detailed(0, { settings }, 0), listed(60), listed(120, { status: "ABORTING" }));
      expect(seen?.run.settings).toEqual(settings);
      expect(seen?.run).not.toHaveProperty("detail");
    });

    it("are those of the last detail as a whole", () => {
      const seen = rememberAll(
        detailed(0, { settings }, 0),
        detailed(60, { settings: { build: "beta" } }, 0),
      );
      expect(seen?.run.settings).toEqual({ build: "beta" });
    });

    it("are not carried into the next life, which may have been resurrected with others", () => {
      const risen = rememberAll(detailed(0, { settings }, 0), detailed(60, {}, 1), listed(120));
      expect(risen?.life.number).toBe(1);
      expect(risen?.run).not.toHaveProperty("settings");
    });
  });

  it("goes back neither in time nor in life, whatever the order of the looks", () => {
    const look = fc
      .record({
        secs: fc.nat({ max: 600 }),
        status: fc.constantFrom("READY", "RUNNING", "ABORTING", "ABORTED", "SUCCEEDED"),
        count: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
        detail: fc.boolean(),
      })
      .map(({ secs, status, count, detail }) =>
        detail ? detailed(secs, { status }, count) : listed(secs, { status }),
      );
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 8 }), (looks) => {
        let before: LiveRun | undefined;
        for (const each of looks) {
          const after = remember(before, each);
          expect(after.observedAt >= (before?.observedAt ?? after.observedAt)).toBe(true);
          expect(after.life.number).toBeGreaterThanOrEqual(before?.life.number ?? 0);
          expect(after.life.since <= after.observedAt).toBe(true);
          before = after;
        }
      }),
    );
  });
});

describe("observationOf()", () => {
  it("says what is remembered, with what is known of the Actor", () => {
    const burn = [
      { at: at(-2 * HOUR), usageMicroUsd: 0 },
      { at: at(-HOUR), usageMicroUsd: usd(4) },
      { at: NOON, usageMicroUsd: usd(7) },
    ];
    const typical = { runTimeSecs: { median: 60, runs: 9 } };
    expect(observationOf(liveRun({ burn }), { actorName: "acme/shop", typical })).toEqual({
      run: run(),
      observedAt: NOON,
      source: "list",
      life: life(),
      actorName: "acme/shop",
      typical,
      burnMicroUsdPerHour: usd(3),
      peakBurnMicroUsdPerHour: usd(4),
      measuredBurnMicroUsdPerHour: usd(3),
    });
  });

  it("takes the average since the start until there are three figures, and for no measurement", () => {
    const seen = liveRun({
      run: run({ startedAt: at(-30 * MINUTE) }),
      burn: [{ at: NOON, usageMicroUsd: usd(1) }],
    });
    expect(observationOf(seen).burnMicroUsdPerHour).toBe(usd(2));
    expect(observationOf(seen)).not.toHaveProperty("measuredBurnMicroUsdPerHour");
  });

  it("knows no burn rate without a cost or without time gone by", () => {
    for (const unknown of [runOfUnknownCost(), run({ startedAt: NOON })])
      expect(observationOf(liveRun({ run: unknown }))).not.toHaveProperty("burnMicroUsdPerHour");
  });

  it("tells what the run did when its detail was read, and nothing on a list's look", () => {
    const samples = { earlier: { at: at(-60), netBytes: 10 }, base: { at: NOON, netBytes: 25 } };
    expect(observationOf(liveRun({ samples, source: "detail" })).activity).toEqual({
      overSecs: 60,
      netBytes: 15,
    });
    expect(observationOf(liveRun({ samples }))).not.toHaveProperty("activity");
  });
});
