import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EMPTY_LIVE, type Heartbeat, type Live, type LiveRun } from "../../../src/watchdog/model/live.ts";
import { mergeLive } from "../../../src/watchdog/tick/merge.ts";
import { at, life, liveRun, NOON, run } from "../../support/builders.ts";

const live = (runs: readonly LiveRun[], overrides: Partial<Live> = {}): Live => ({
  version: 7,
  runs: new Map(runs.map((each) => [each.run.id, each])),
  ...overrides,
});
const heartbeat = (secs: number, overrides: Partial<Heartbeat> = {}): Heartbeat => ({
  tickId: `tick${secs}`,
  startedAt: at(secs),
  finishedAt: at(secs + 5),
  listed: 1,
  evaluated: 1,
  skipped: {},
  complete: true,
  ...overrides,
});

describe("mergeLive()", () => {
  it("keeps of each run the newer look, whoever had it", () => {
    const older = liveRun({ observedAt: at(-10) });
    const newer = liveRun({ observedAt: at(-5), run: run({ status: "ABORTING" }) });
    expect(mergeLive(live([older]), live([newer])).runs.get("run1")).toEqual(newer);
    expect(mergeLive(live([newer]), live([older])).runs.get("run1")).toEqual(newer);
  });

  it("keeps what was read of a run rather than that a list has shown it, however new", () => {
    const read = liveRun({ observedAt: at(-10) });
    const unread = liveRun({ observedAt: at(-5), unread: true });
    expect(mergeLive(live([read]), live([unread])).runs.get("run1")).toEqual(read);
    expect(mergeLive(live([unread]), live([read])).runs.get("run1")).toEqual(read);
  });

  it.each(["ABORTED", "ABORTING"])(
    "keeps that one saw it %s, where the other did not and saw it live later",
    (status) => {
      const end = liveRun({ observedAt: at(-10), run: run({ status }), said: ["a"] });
      const later = liveRun({ observedAt: at(-5), said: ["b"] });
      const merged = { ...end, said: ["b", "a"] };
      expect(mergeLive(live([end]), live([later])).runs.get("run1")).toEqual(merged);
      expect(mergeLive(live([later]), live([end])).runs.get("run1")).toEqual(merged);
      const told = liveRun({ observedAt: at(-5), life: life({ number: 1 }) });
      expect(mergeLive(live([end]), live([told])).runs.get("run1")?.run.status).toBe("RUNNING");
    },
  );

  it("joins what either has said, each once", () => {
    const ours = liveRun({ observedAt: at(-5), said: ["a", "b"] });
    const theirs = liveRun({ observedAt: at(-10), said: ["b", "c"] });
    expect(new Set(mergeLive(live([theirs]), live([ours])).runs.get("run1")?.said)).toEqual(
      new Set(["a", "b", "c"]),
    );
    expect(mergeLive(live([theirs]), live([ours])).runs.get("run1")?.said).toHaveLength(3);
  });

  it("keeps the runs that only one of them knows", () => {
    const [a, b] = ["a", "b"].map((id) => liveRun({ run: run({ id }) }));
    if (!a || !b) throw new Error("two runs");
    expect([...mergeLive(live([a]), live([b])).runs.keys()].sort()).toEqual(["a", "b"]);
  });

  it("goes on from the version that stands", () => {
    expect(mergeLive(live([], { version: 9 }), live([], { version: 8 })).version).toBe(9);
  });

  it("keeps the later cursor and the later heartbeat, and has none where neither has", () => {
    const merged = mergeLive(
      live([], { cursor: at(-60), heartbeat: heartbeat(-10) }),
      live([], { cursor: at(-30), heartbeat: heartbeat(-20) }),
    );
    expect([merged.cursor, merged.heartbeat]).toEqual([at(-30), heartbeat(-10)]);
    expect(mergeLive(EMPTY_LIVE, live([], { cursor: NOON })).cursor).toEqual(NOON);
    expect(mergeLive(EMPTY_LIVE, EMPTY_LIVE)).toEqual({ version: 0, runs: new Map() });
  });

  it("does not go back to an earlier life, whose time limits would count from the run's first start", () => {
    const risen = liveRun({ observedAt: at(-10), life: life({ number: 1, since: at(-10) }) });
    const listedSince = liveRun({ observedAt: at(-5) });
    expect(mergeLive(live([risen]), live([listedSince])).runs.get("run1")?.life.number).toBe(1);
  });

  const settings = { build: "latest" };
  const merged = (a: LiveRun, b: LiveRun) => mergeLive(live([a]), live([b])).runs.get("run1");

  it("keeps the settings that only the older look of a life had", () => {
    const detailed = liveRun({ observedAt: at(-10), run: run({ settings }) });
    const listed = liveRun({ observedAt: at(-5) });
    expect(merged(detailed, listed)).toMatchObject({ observedAt: at(-5), run: { settings } });
  });

  it("keeps of two lives what the later one is known by, whoever looked last", () => {
    const samples = { base: { at: at(-10), netBytes: 1 } };
    const burn = [{ at: at(-10), usageMicroUsd: 7 }];
    const risen = liveRun({
      observedAt: at(-10),
      life: life({ number: 1, since: at(-10) }),
      run: run({ settings }),
      burn,
      samples,
    });
    const before = liveRun({
      observedAt: at(-5),
      run: run({ settings: { build: "beta" } }),
      burn: [{ at: at(-5), usageMicroUsd: 9 }],
      samples: { base: { at: at(-5), netBytes: 9 } },
    });
    expect(merged(before, risen)).toMatchObject({ burn, samples, run: { settings } });
    const { settings: _none, ...bare } = risen.run;
    const { burn: _burn, samples: _samples, ...unknown } = { ...risen, run: bare };
    const result = merged(before, unknown);
    expect([result?.run.settings, result?.burn, result?.samples]).toEqual([undefined, undefined, undefined]);
  });

  it("keeps of the samples of one life those taken last", () => {
    const young = { earlier: { at: at(-70) }, base: { at: at(-9) }, latest: { at: at(-6) } };
    const a = liveRun({ observedAt: at(-6), samples: young });
    const b = liveRun({ observedAt: at(-5), samples: { base: { at: at(-8) } } });
    expect(merged(a, b)?.samples).toEqual(young);
    expect(merged(b, a)?.samples).toEqual(young);
  });

  const rowOf = (a: Record<string, Date>, b: Record<string, Date>) => {
    const [older, newer] = [
      liveRun({ observedAt: at(-10), life: life({ looks: a }) }),
      liveRun({ observedAt: at(-5), life: life({ looks: b }) }),
    ];
    const merged = [mergeLive(live([older]), live([newer])), mergeLive(live([newer]), live([older]))];
    return merged.map(({ runs }) => runs.get("run1")?.life.looks);
  };

  it("does not undo a break in a row of looks that only one tick saw, whoever looked last", () => {
    const row = { idle: at(-600) };
    expect([...rowOf(row, {}), ...rowOf({}, row)]).toEqual([{}, {}, {}, {}]);
  });

  it("lets a row begin where the later of two ticks saw it begin", () => {
    const expected = { idle: at(-60) };
    expect(rowOf({ idle: at(-600) }, expected)).toEqual([expected, expected]);
    expect(rowOf(expected, { idle: at(-600) })).toEqual([expected, expected]);
  });

  const lives = fc
    .record({
      runs: fc.uniqueArray(
        fc.record({
          id: fc.constantFrom("a", "b", "c"),
          observedAt: fc.nat({ max: 1e9 }).map((ms) => new Date(ms)),
          said: fc.uniqueArray(fc.constantFrom("e1", "e2", "e3")),
          number: fc.nat({ max: 2 }),
          isTold: fc.boolean(),
          looks: fc.dictionary(
            fc.constantFrom("idle", "busy"),
            fc.nat({ max: 1e9 }).map((ms) => new Date(ms)),
          ),
          sampledAt: fc.option(
            fc.nat({ max: 1e9 }).map((ms) => new Date(ms)),
            { nil: undefined },
          ),
        }),
        { selector: ({ id }) => id },
      ),
      cursor: fc.option(
        fc.nat().map((ms) => new Date(ms)),
        { nil: undefined },
      ),
      beat: fc.option(
        fc.integer({ min: -1e6, max: 0 }).map((secs) => heartbeat(secs)),
        { nil: undefined },
      ),
    })
    .map(({ runs, cursor, beat }) =>
      live(
        runs.map(({ id, observedAt, said, number, isTold, sampledAt, looks }) =>
          liveRun({
            // The settings of a life never change; nor does what a sample showed.
            run: run({ id, ...(isTold && { settings: { build: `build-${number}` } }) }),
            observedAt,
            said,
            life: life({ number, looks }),
            ...(sampledAt && { samples: { base: { at: sampledAt, netBytes: sampledAt.getTime() } } }),
          }),
        ),
        { ...(cursor && { cursor }), ...(beat && { heartbeat: beat }) },
      ),
    );
  /** Without the version, and blind to the order of runs and of what was said. */
  const content = ({ runs, cursor, heartbeat: beat }: Live) => ({
    runs: Object.fromEntries([...runs].map(([id, each]) => [id, { ...each, said: [...each.said].sort() }])),
    cursor,
    beat,
  });

  it("comes to the same whoever lost the race, up to the version", () => {
    fc.assert(
      fc.property(lives, lives, (a, b) => {
        expect(content(mergeLive(a, b))).toEqual(content(mergeLive(b, a)));
      }),
    );
  });

  it("comes to the same in whatever order three ticks are merged, and when repeated", () => {
    fc.assert(
      fc.property(lives, lives, lives, (a, b, c) => {
        const merged = mergeLive(mergeLive(a, b), c);
        expect(content(mergeLive(a, mergeLive(b, c)))).toEqual(content(merged));
        expect(content(mergeLive(merged, b))).toEqual(content(merged));
      }),
    );
  });
});
