import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Run, RunDetail } from "../../../src/policy/index.ts";
import type { LiveRun } from "../../../src/watchdog/model/live.ts";
import { observationOf, remember, type Seen } from "../../../src/watchdog/observe/remember.ts";
import { at, MINUTE, run, runOfUnknownCost, usd } from "../../support/builders.ts";

type Shown = { readonly net?: number; readonly overrides?: Partial<Run> } & Partial<RunDetail>;

/** A detail read so many seconds after noon. */
const look = (secs: number, { net, overrides, ...detail }: Shown = {}): Seen => ({
  run: (overrides?.usageTotalMicroUsd === undefined ? runOfUnknownCost : run)({
    ...overrides,
    detail: {
      stats: net === undefined ? {} : { durationMillis: secs * 1000, netRxBytes: net, netTxBytes: 0 },
      ...detail,
    },
  }),
  observedAt: at(secs),
  source: "detail",
});
const listed = (secs: number): Seen => ({ run: run(), observedAt: at(secs), source: "list" });
const remembered = (looks: readonly Seen[]): LiveRun => {
  const [first, ...rest] = looks;
  if (first === undefined) throw new Error("a look");
  return rest.reduce<LiveRun>((before, seen) => remember(before, seen), remember(undefined, first));
};
const activity = (...looks: readonly Seen[]) => observationOf(remembered(looks)).activity;

describe("the activity of a run", () => {
  it("is not known from one detail, nor from two that are seconds apart", () => {
    expect(activity(look(0, { net: 5 }))).toBeUndefined();
    expect(activity(look(0, { net: 5 }), look(29.999, { net: 9 }))).toBeUndefined();
  });

  it("is what it received and sent from one detail to the next", () => {
    const stats = (netRxBytes: number, netTxBytes: number) => ({ stats: { netRxBytes, netTxBytes } });
    expect(activity(look(0, stats(100, 10)), look(60, stats(150, 17)))).toEqual({
      overSecs: 60,
      netBytes: 57,
    });
  });

  it("reaches over the looks of lists, which show none of it", () => {
    expect(activity(look(0, { net: 5 }), listed(60), look(90, { net: 9 }))).toEqual({
      overSecs: 90,
      netBytes: 4,
    });
  });

  it("is of the last two details, not of all since the first", () => {
    const looks = [look(0, { net: 0 }), look(60, { net: 900 }), look(120, { net: 901 })];
    expect(activity(...looks)).toEqual({ overSecs: 60, netBytes: 1 });
  });

  it("takes in what a reading seconds later shows, over the whole time: a run that woke up is seen", () => {
    const idle = [look(0, { net: 5 }), look(60, { net: 5 })];
    expect(activity(...idle)).toEqual({ overSecs: 60, netBytes: 0 });
    expect(activity(...idle, look(62, { net: 905 }))).toEqual({ overSecs: 62, netBytes: 900 });
    expect(activity(...idle, look(62, { net: 905 }), look(64, { net: 906 }))).toEqual({
      overSecs: 64,
      netBytes: 901,
    });
    expect(activity(...idle, look(62, { net: 905 }), look(120, { net: 906 }))).toEqual({
      overSecs: 60,
      netBytes: 901,
    });
  });

  it.each([
    ["charged events", { events: { place: 3, start: 1 } }, { events: { place: 5, start: 1 } }, 2],
    ["items", { usage: { DATASET_WRITES: 10 } }, { usage: { DATASET_WRITES: 17 } }, 7],
    ["requests", { usage: { REQUEST_QUEUE_WRITES: 1 } }, { usage: { REQUEST_QUEUE_WRITES: 2 } }, 1],
    ["searches", { usage: { PROXY_SERPS: 0 } }, { usage: { PROXY_SERPS: 4 } }, 4],
    [
      "proxied traffic",
      { usage: { PROXY_RESIDENTIAL_TRANSFER_GBYTES: 1 } },
      { usage: { PROXY_RESIDENTIAL_TRANSFER_GBYTES: 1.5 } },
      0.5,
    ],
    [
      "all of them",
      { events: { place: 1 }, usage: { DATASET_WRITES: 1, PROXY_SERPS: 2 } },
      { events: { place: 2 }, usage: { DATASET_WRITES: 4, PROXY_SERPS: 3 } },
      5,
    ],
    ["a first one", { usage: { ACTOR_COMPUTE_UNITS: 1 } }, { usage: { DATASET_WRITES: 1 } }, 1],
    [
      "nothing but compute and reads",
      { usage: { ACTOR_COMPUTE_UNITS: 1, DATASET_READS: 1 } },
      { usage: { ACTOR_COMPUTE_UNITS: 9, DATASET_READS: 5 } },
      0,
    ],
  ] as const)("counts as outputs %s", (_what, before, after, outputs) => {
    expect(activity(look(0, before), look(60, after))).toEqual({ overSecs: 60, outputs });
  });

  const cost = (amount: number): Shown => ({ overrides: { usageTotalMicroUsd: usd(amount) } });

  it("takes cost that Apify does not break down for output, in micro-dollars", () => {
    expect(activity(look(0, cost(1)), look(60, cost(1.25)))).toEqual({ overSecs: 60, outputs: usd(0.25) });
    expect(activity(look(0, cost(1)), look(60, cost(1)))).toEqual({ overSecs: 60, outputs: 0 });
    const nothingCharged = { events: {}, usage: {} };
    expect(
      activity(look(0, { ...cost(1), ...nothingCharged }), look(60, { ...cost(2), ...nothingCharged })),
    ).toEqual({ overSecs: 60, outputs: usd(1) });
  });

  it("does not count cost where Apify tells what it was for", () => {
    const usage = { usage: { ACTOR_COMPUTE_UNITS: 1, DATASET_WRITES: 5 } };
    expect(activity(look(0, { ...cost(1), ...usage }), look(60, { ...cost(2), ...usage }))?.outputs).toBe(0);
  });

  it("does not tell what was not told at both", () => {
    expect(activity(look(0, { net: 5 }), look(60))).toEqual({ overSecs: 60 });
    expect(activity(look(0, cost(1)), look(60, { ...cost(9), events: { place: 7 } }))).toEqual({
      overSecs: 60,
    });
    const half = (secs: number) => look(secs, { stats: { netRxBytes: 5, durationMillis: secs } });
    expect(activity(half(0), half(60))).not.toHaveProperty("netBytes");
  });

  it.each([
    ["traffic", { net: 5 }, { net: 4 }],
    ["events", { events: { place: 5 } }, { events: { place: 4 } }],
    ["cost", cost(2), cost(1)],
  ])("starts over when a counter fell: %s", (_what, before, after) => {
    const fallen = [look(0, before), look(60, before), look(120, after)];
    expect(activity(...fallen)).toBeUndefined();
    expect(activity(...fallen, look(180, after))?.overSecs).toBe(60);
  });

  it("starts over when the details were too far apart", () => {
    expect(activity(look(0, { net: 5 }), look(15 * MINUTE, { net: 5 }))?.overSecs).toBe(15 * MINUTE);
    expect(activity(look(0, { net: 5 }), look(15 * MINUTE + 1, { net: 5 }))).toBeUndefined();
  });

  it("says since when the stats have not moved, and keeps what was known until they do", () => {
    const asAt = (shownSecs: number, secs: number, shown: Shown = {}) => {
      const stats = { durationMillis: shownSecs, netRxBytes: 5, netTxBytes: 0 };
      return look(secs, { stats, ...shown });
    };
    const frozen = [asAt(0, 0), asAt(60, 60), asAt(60, 120), asAt(60, 125), asAt(60, 180)];
    expect(activity(...frozen.slice(0, 2))).toEqual({ overSecs: 60, netBytes: 0 });
    const unmoved = { overSecs: 60, netBytes: 0, unmovedSince: at(60) };
    expect(activity(...frozen.slice(0, 3))).toEqual(unmoved);
    expect(activity(...frozen)).toEqual(unmoved);
    expect(activity(...frozen, asAt(240, 240))).toEqual({ overSecs: 180, netBytes: 0 });
  });

  it("sees what is charged while the stats stand still", () => {
    const still = { stats: { durationMillis: 1, netRxBytes: 5, netTxBytes: 0 } };
    const seen = [0, 60, 120].map((secs) => look(secs, { ...still, events: { place: secs } }));
    expect(activity(...seen)).toEqual({ overSecs: 60, netBytes: 0, outputs: 60 });
  });

  it("starts over in the next life", () => {
    const risen = look(120, { net: 5, resurrectCount: 1 });
    expect(activity(look(0, { net: 5 }), look(60, { net: 5 }), risen)).toBeUndefined();
    expect(
      activity(look(0, { net: 5 }), look(60, { net: 5 }), risen, look(180, { net: 7, resurrectCount: 1 })),
    ).toEqual({ overSecs: 60, netBytes: 2 });
  });

  it("stays what it was while the run is on its way out, whatever it still saves", () => {
    const draining = { net: 900, overrides: { status: "ABORTING" } };
    expect(activity(look(0, { net: 5 }), look(60, { net: 5 }), look(120, draining))).toMatchObject({
      overSecs: 60,
      netBytes: 0,
    });
  });

  it("is what the counters say of half a minute or more, and leaves no gap to the activity before", () => {
    const steps = fc.array(fc.record({ secs: fc.integer({ min: 1, max: 400 }), net: fc.nat({ max: 5 }) }), {
      minLength: 2,
      maxLength: 15,
    });
    fc.assert(
      fc.property(steps, (list) => {
        const nets = new Map([[0, 0]]);
        const looks = [look(0, { net: 0 })];
        let [secs, net, before]: [number, number, number | undefined] = [0, 0, undefined];
        for (const step of list) {
          secs += step.secs;
          net += step.net;
          nets.set(secs, net);
          looks.push(look(secs, { net }));
          const told = activity(...looks);
          if (told) {
            const from = secs - told.overSecs;
            expect(told.overSecs).toBeGreaterThanOrEqual(30);
            expect(told.netBytes).toBe(net - (nets.get(from) ?? Number.NaN));
            if (before !== undefined) expect(from).toBeLessThanOrEqual(before);
          }
          before = told && secs;
        }
      }),
    );
  });
});
