import { describe, expect, it } from "vitest";
import { evidenceAt, HandMade, POLICY, secs } from "./hand-made.ts";
import type { SeenDetail } from "./history.ts";
import { isOpenIn } from "./schedule-text.ts";

const ABORT = [{ at: "100%", do: "abort" }];

/** A policy with one rule, whose id is that of the entries of hand-made histories. */
const limited = (limit: object, more: object = {}) => ({
  ...POLICY,
  rules: [{ id: "cost", limit, steps: ABORT, ...more }],
});

const under = (limit: object, more: object = {}): HandMade =>
  new HandMade().push(-1_000, limited(limit, more));

const NONE = { metric: "none", measured: 0, limit: 0 };

/** What the oracle has against a call at second 1: evidence is another matter. */
function againstCall(history: HandMade): readonly string[] {
  const evidence = { ...evidenceAt(0), ...NONE };
  const broken = history.intend(0.5, { evidence }).abort(1).broken();
  return broken.filter((text) => !text.startsWith("P9") && !text.startsWith("P4"));
}

const NOT_CONDEMNED = [
  expect.stringContaining("P1 graceful abort of run r1 by t1: no rule in force condemns"),
];

/** A read of the run in full, at second 0. */
const shownNow = (history: HandMade, detail: Partial<SeenDetail>, usd = 1): HandMade =>
  history.shown(0, "RUNNING", usd, { detail });

describe("the oracle on limits that the detail tells", () => {
  it.each([
    ["events.result", { events: { result: 9 } }, { events: { page: 99 } }],
    ["usage.PROXY_SERPS", { usage: { PROXY_SERPS: 9 } }, { usage: { PROXY_SERPS: 8.9 } }],
    ["usageUsd.DATASET_WRITES", { usageUsd: { DATASET_WRITES: 9 } }, { usage: { DATASET_WRITES: 9 } }],
    ["stats.restartCount", { stats: { restartCount: 9 } }, { stats: { rebootCount: 9 } }],
  ] as const)("goes by the very reading for %s", (metric, over, under9) => {
    expect(againstCall(shownNow(under({ [metric]: 9 }), over))).toEqual([]);
    expect(againstCall(shownNow(under({ [metric]: 9 }), under9))).toEqual(NOT_CONDEMNED);
    expect(againstCall(under({ [metric]: 9 }).shown(0, "RUNNING", 1))).toEqual(NOT_CONDEMNED);
  });

  it("takes no time-out for one only where Apify says 0", () => {
    const settings = (timeoutSecs?: number) => ({
      settings: timeoutSecs === undefined ? {} : { timeoutSecs },
    });
    expect(againstCall(shownNow(under({ noTimeout: true }), settings(0)))).toEqual([]);
    expect(againstCall(shownNow(under({ noTimeout: true }), settings(1)))).toEqual(NOT_CONDEMNED);
    expect(againstCall(shownNow(under({ noTimeout: true }), settings()))).toEqual(NOT_CONDEMNED);
  });

  it("estimates a cost from the charged events for steps that ask for it, and for no others", () => {
    const charged = { events: { result: 500, page: 1 }, eventUsd: { result: 0.01 } };
    const steps = [{ at: "100%", do: "abort", basis: "estimate" }];
    expect(againstCall(shownNow(under({ usageTotalUsd: 5 }, { steps }), charged))).toEqual([]);
    expect(againstCall(shownNow(under({ usageTotalUsd: 5.1 }, { steps }), charged))).toEqual(NOT_CONDEMNED);
    expect(againstCall(shownNow(under({ usageTotalUsd: 5 }), charged))).toEqual(NOT_CONDEMNED);
  });

  it.each([
    [
      { builds: ["beta"] },
      { build: "beta", buildNumber: "1.2.3" },
      { build: "latest", buildNumber: "1.2.3" },
    ],
    [{ builds: ["1.2.*"] }, { build: "beta", buildNumber: "1.2.3" }, { build: "beta" }],
    [{ memory: [">=4GB"] }, { memoryMbytes: 4_096 }, { memoryMbytes: 4_095 }],
    [{ memory: ["<1GB", "2GB"] }, { memoryMbytes: 2_048 }, { memoryMbytes: 1_024 }],
    [{ pricingModels: ["NONE"] }, { pricingModel: "NONE" }, {}],
    [{ except: { builds: ["beta"] } }, { build: "b", buildNumber: "1.2.3" }, { build: "b" }],
    [{ except: { pricingModels: ["FREE"] } }, { pricingModel: "NONE" }, { pricingModel: "FREE" }],
  ] as const)("selects by %j, and what can't be told protects the run", (selector, other, not) => {
    const chosen = (settings: SeenDetail["settings"]) =>
      againstCall(shownNow(under({ usageTotalUsd: 5 }, { for: selector }), { settings }, 6));
    expect(chosen(other)).toEqual([]);
    expect(chosen(not)).toEqual(NOT_CONDEMNED);
  });
});

describe("the oracle on schedules", () => {
  const inWindow = (hours: string, more: object = {}) =>
    againstCall(
      under({ usageTotalUsd: 5 }, { schedule: { hours: [hours], ...more } }).shown(-0.5, "RUNNING", 6),
    );

  it("objects when a rule's or a step's was closed from the reading to the call, and not when it opened meanwhile", () => {
    expect(inWindow("12:00-12:01")).toEqual([]);
    expect(inWindow("11:59-12:00")).toEqual([]);
    expect(inWindow("12:01-11:59")).toEqual(NOT_CONDEMNED);
    const steps = [{ at: "100%", do: "abort", schedule: { hours: ["12:01-12:02"] } }];
    const closed = under({ usageTotalUsd: 5 }, { steps }).shown(0, "RUNNING", 6);
    expect(againstCall(closed)).toEqual(NOT_CONDEMNED);
  });

  it("wants a rule and its step to be open at once", () => {
    const schedule = { hours: ["11:00-12:00"] };
    const steps = [{ at: "100%", do: "abort", schedule: { hours: ["12:00-13:00"] } }];
    const never = under({ usageTotalUsd: 5 }, { schedule, steps }).shown(-0.5, "RUNNING", 6);
    expect(againstCall(never)).toEqual(NOT_CONDEMNED);
  });

  it("reads days and hours by the clock on the wall, and a window by the day on which it opens", () => {
    const at = (text: string) => ({ fromMs: Date.parse(text), toMs: Date.parse(text) });
    const friday = { days: ["fri"], hours: ["22:00-06:00"], timeZone: "Europe/Prague" };
    const isOpen = (text: string, schedule: object = friday) => isOpenIn([schedule], "UTC", at(text), false);
    expect(isOpen("2026-09-04T19:59:59Z")).toBe(false);
    expect(isOpen("2026-09-04T20:00:00Z")).toBe(true);
    expect(isOpen("2026-09-05T03:59:59Z")).toBe(true);
    expect(isOpen("2026-09-05T04:00:00Z")).toBe(false);
    expect(isOpen("2026-09-05T20:00:00Z")).toBe(false);
    expect(isOpen("2026-09-06T12:00:00Z", { days: ["fri-mon"] })).toBe(true);
    expect(isOpen("2026-09-08T12:00:00Z", { days: ["fri-mon"] })).toBe(false);
    expect(isOpen("2026-09-01T18:29:59Z", { hours: ["00:00-12:00"], timeZone: "Asia/Kolkata" })).toBe(false);
    expect(isOpen("2026-09-01T18:30:00Z", { hours: ["00:00-12:00"], timeZone: "Asia/Kolkata" })).toBe(true);
  });

  it("tells some moment of a span from all of it", () => {
    const span = { fromMs: Date.parse("2026-09-01T11:59:50Z"), toMs: Date.parse("2026-09-01T12:00:10Z") };
    const noon = [{ hours: ["12:00-13:00"] }];
    expect(isOpenIn(noon, "UTC", span, false)).toBe(true);
    expect(isOpenIn(noon, "UTC", span, true)).toBe(false);
    expect(isOpenIn([{ hours: ["11:00-13:00"] }], "UTC", span, true)).toBe(true);
  });
});

describe("the oracle on what takes two looks", () => {
  /** Shown at those seconds to have cost so much. */
  const shownAt = (...all: readonly [atSecs: number, usd: number][]): readonly string[] =>
    againstCall(
      all.reduce(
        (history, [atSecs, usd]) => history.shown(atSecs, "RUNNING", usd),
        under({ usdPerHour: 60 }),
      ),
    );

  it("believes a burn rate that was shown a minute before, and not at one look", () => {
    expect(shownAt([-210, 0], [-150, 1], [-90, 2], [0, 3.5])).toEqual([]);
    expect(shownAt([-170, 0], [-110, 1], [-50, 2], [0, 3])).toEqual(NOT_CONDEMNED);
  });

  it("takes one jump of the cost for no rate, nor what grew in less than half a minute, nor what rests", () => {
    expect(shownAt([-210, 0], [-150, 0], [-90, 9], [0, 9])).toEqual(NOT_CONDEMNED);
    expect(shownAt([-120, 0], [-100, 4], [-61, 5], [0, 6])).toEqual(NOT_CONDEMNED);
    expect(shownAt([-210, 0], [-150, 1], [-90, 2], [0, 2.4])).toEqual(NOT_CONDEMNED);
  });

  it("takes looks more than a quarter of an hour apart for none in a row", () => {
    const memory = { stats: { memCurrentBytes: 9 } };
    const apart = (ago: number): readonly string[] =>
      againstCall(
        under({ "stats.memCurrentBytes": 9 })
          .becomes([{ startedAtMs: secs(-3_600) }])
          .shown(-ago, "RUNNING", 1, { detail: memory })
          .shown(0, "RUNNING", 1, { detail: memory }),
      );
    expect(apart(900)).toEqual([]);
    expect(apart(901)).toEqual(NOT_CONDEMNED);
  });

  it("lets a look below a step break the row, if the caller knew of it", () => {
    const broken = (by: string) =>
      under({ "stats.memCurrentBytes": 9 })
        .tick("t0", -100, -10)
        .tick("t1", -9, 20)
        .shown(-90, "RUNNING", 1, { by: "t0", detail: { stats: { memCurrentBytes: 9 } } })
        .shown(-30, "RUNNING", 1, { by, detail: { stats: { memCurrentBytes: 8 } } })
        .shown(0, "RUNNING", 1, { detail: { stats: { memCurrentBytes: 9 } } });
    expect(againstCall(broken("t0"))).toEqual(NOT_CONDEMNED);
    expect(againstCall(broken("another"))).toEqual([]);
  });

  it("lets no list break the row that lags and is read up at once", () => {
    const dipped = (detail?: Partial<SeenDetail>) =>
      againstCall(
        under({ timesTypical: { usd: 2, samples: 3, floor: 0.1 } })
          .typical(-99, [1, 2, 9])
          .shown(-90, "RUNNING", 4)
          .shown(-30, "RUNNING", 3.9)
          .shown(-29, "RUNNING", 4.1, detail && { detail })
          .shown(0, "RUNNING", 4.2),
      );
    expect(dipped({})).toEqual([]);
    expect(dipped()).toEqual(NOT_CONDEMNED);
  });

  it("goes by the least that anybody was told to be usual, and by enough runs", () => {
    const against = (costs: readonly number[], usd: number) =>
      againstCall(
        under({ timesTypical: { usd: 2, samples: 3, floor: 0.1 } })
          .typical(-99, costs)
          .shown(-90, "RUNNING", usd)
          .shown(0, "RUNNING", usd),
      );
    expect(against([1, 2, 9], 4)).toEqual([]);
    expect(against([1, 2, 9], 3.9)).toEqual(NOT_CONDEMNED);
    expect(against([1, 2], 99)).toEqual(NOT_CONDEMNED);
    expect(against([0, 0, 0], 0.19)).toEqual(NOT_CONDEMNED);
  });
});

describe("the oracle on idleness", () => {
  const look = (
    history: HandMade,
    atSecs: number,
    more: { cpu?: number; bytes?: number; writes?: number } = {},
  ) => {
    const { cpu = 1, bytes = 0, writes = 0 } = more;
    const stats = { cpuCurrentUsage: cpu, netRxBytes: bytes, netTxBytes: 0, runTimeSecs: 1_000 + atSecs };
    return history.shown(atSecs, "RUNNING", 1, { detail: { stats, usage: { DATASET_WRITES: writes } } });
  };
  const looks = (...all: readonly [atSecs: number, more?: Parameters<typeof look>[2]][]): HandMade =>
    all.reduce((history, [atSecs, more]) => look(history, atSecs, more), under({ idleTime: "2m" }));

  it("counts from the first look that showed the run idle, compared with one before", () => {
    expect(againstCall(looks([-150], [-120], [-60], [0]))).toEqual([]);
    expect(againstCall(looks([-120], [-60], [0]))).toEqual(NOT_CONDEMNED);
  });

  it("counts anew after a look that showed CPU, traffic or something brought about", () => {
    expect(againstCall(looks([-150], [-120], [-60, { cpu: 5 }], [0]))).toEqual(NOT_CONDEMNED);
    const traffic = looks([-150], [-120], [-60, { bytes: 2e6 }], [0, { bytes: 2e6 }]);
    expect(againstCall(traffic)).toEqual(NOT_CONDEMNED);
    const written = looks([-150], [-120], [-60, { writes: 1 }], [0, { writes: 1 }]);
    expect(againstCall(written)).toEqual(NOT_CONDEMNED);
    expect(againstCall(looks([-150], [-120], [-60], [0, { cpu: 50 }]))).toEqual(NOT_CONDEMNED);
  });
});

describe("the oracle on what entries say of all this", () => {
  const said = (history: HandMade, evidence: object, more: object = {}): readonly string[] =>
    history.intend(0.5, { evidence: { ...evidenceAt(0), ...evidence }, ...more }).broken();

  it("wants unit, owner, basis and figure to be the rule's and Apify's", () => {
    const shown = (): HandMade =>
      shownNow(under({ "events.result": 9 }, { owner: "ops" }), { events: { result: 12 } });
    const right = { metric: "events.result", measured: 12, limit: 9, unit: "count" };
    expect(said(shown(), right, { owner: "ops" })).toEqual([]);
    expect(said(shown(), right)[0]).toContain("it names nobody as the owner, the rule ops");
    expect(said(shown(), { ...right, unit: "USD" }, { owner: "ops" })[0]).toContain("is measured in count");
    expect(said(shown(), { ...right, measured: 13 }, { owner: "ops" })[0]).toContain("where Apify showed 12");
    expect(said(shown(), { ...right, basis: "estimate" }, { owner: "ops" })[0]).toContain(
      "rests on an actual",
    );
  });

  it("wants what a figure rests on to be what was told", () => {
    const usual = (): HandMade =>
      under({ timesTypical: { usd: 2, samples: 3 } })
        .typical(-99, [1, 2, 9])
        .shown(-90, "RUNNING", 5)
        .shown(0, "RUNNING", 5);
    const right = { metric: "timesTypical.usd", measured: 2.5, limit: 2, unit: "times" };
    expect(said(usual(), { ...right, facts: { own: 5, usual: 2, runs: 3 } })).toEqual([]);
    expect(said(usual(), { ...right, facts: { own: 5, usual: 2, runs: 30 } })[0]).toContain("by 30 runs");
    const besides = { own: 5, usual: 5.5, runs: 3, stopped: 1 };
    expect(said(usual(), { ...right, measured: 5 / 5.5, facts: besides })).toContainEqual(
      expect.stringContaining("it counts 1 stopped runs, more than were stopped"),
    );
    expect(said(usual(), { ...right, facts: { ...besides, usual: 2 } }).join()).toContain(
      "2 is usual by 3 runs",
    );
    expect(said(usual(), { ...right, measured: 2.6, facts: { own: 5.2, usual: 2, runs: 3 } })[0]).toContain(
      "2.5 times is the most possible",
    );
    const endless = (): HandMade => shownNow(under({ noTimeout: true }), { settings: { timeoutSecs: 0 } });
    const forever = { metric: "noTimeout", measured: 1, limit: 1, unit: "flag" };
    expect(said(endless(), { ...forever, facts: { timeoutSecs: 0 } })).toEqual([]);
    expect(said(endless(), { ...forever, facts: { timeoutSecs: 60 } })[0]).toContain("the time-out is 60 s");
  });

  it("wants an open schedule, a run that the rule is meant for, and two looks at a gauge", () => {
    const cost = (more: object): HandMade => under({ usageTotalUsd: 5 }, more).shown(0, "RUNNING", 6);
    expect(said(cost({ schedule: { hours: ["12:01-12:02"] } }), {})[0]).toContain(
      "its schedule was not open",
    );
    expect(said(cost({ for: { memory: ["1GB"] } }), {})[0]).toContain("the rule is not meant for this run");
    const detail = { stats: { memCurrentBytes: 9 } };
    const once = under({ "stats.memCurrentBytes": 9 }).shown(0, "RUNNING", 6, { detail });
    const evidence = { metric: "stats.memCurrentBytes", measured: 9, limit: 9, unit: "bytes" };
    expect(said(once, evidence)[0]).toContain("no look a minute before it showed");
  });
});

describe("the oracle in the calm, on limits that the detail tells", () => {
  const events = { events: { result: 12 } };
  const left = (more: object = {}): readonly string[] =>
    under({ "events.result": 9 }, more)
      .shown(0, "RUNNING", 1, { detail: events })
      .shown(1_190, "RUNNING", 1, { detail: events })
      .brokenAtEnd(1_200);

  it("wants a condemned run to be dealt with, if the rule's window was open all the while", () => {
    expect(left()[0]).toContain("rule cost has condemned the run for minutes");
    expect(left({ schedule: { hours: ["12:14-12:21"] } })[0]).toContain("has condemned the run");
    expect(left({ schedule: { hours: ["12:16-12:21"] } })).toEqual([]);
  });
});
