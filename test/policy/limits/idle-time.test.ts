import { describe, expect, it } from "vitest";
import { type Activity, type LimitRule, looksAfter, type Observation } from "../../../src/policy/index.ts";
import { judge } from "../../../src/policy/judge/judge.ts";
import { limitKey } from "../../../src/policy/limits/limit.ts";
import { limitFor } from "../../../src/policy/limits/registry.ts";
import { at, HOUR, life, NOON, observation, rule, run } from "../../support/builders.ts";
import { limitOf, measure } from "./measuring.ts";

const limit = limitOf({ idleTime: "30m" });
const QUIET: Activity = { overSecs: 60, netBytes: 1_000, outputs: 0 };

/** A look at what the run does, so many seconds after noon. */
const look = (
  secs: number,
  {
    cpu = 1,
    activity = QUIET,
    looks = {},
  }: { cpu?: number; activity?: Activity; looks?: Observation["life"]["looks"] } = {},
): Observation =>
  observation({
    run: run({ detail: { stats: { cpuCurrentUsage: cpu } } }),
    observedAt: at(secs),
    source: "detail",
    life: life({ looks }),
    activity,
  });
const held = { [limitKey(limit)]: at(-600) };
const idle = (seen: Observation, options = limit.options) =>
  measure("idleTime", seen, { value: limit.value, now: seen.observedAt, ...(options && { options }) });

describe("idleTime", () => {
  it("measures from the first of the looks that showed the run idle to this one", () => {
    expect(idle(look(0, { looks: held }))).toEqual({
      kind: "known",
      value: 600,
      facts: { cpuCurrentUsage: 1, netBytesPerMinute: 1_000 },
    });
  });

  it("is 0 at the first look that shows it, however long the run has been running", () => {
    expect(idle(look(0))).toMatchObject({ kind: "known", value: 0 });
  });

  it("goes by when the run was looked at, not by the clock: nothing is known of since", () => {
    expect(measure("idleTime", look(0, { looks: held }), { ...limit, now: at(HOUR) })).toMatchObject({
      value: 600,
    });
  });

  it("is never negative, though looks overlap", () => {
    const looks = { [limitKey(limit)]: at(30) };
    expect(idle(look(0, { looks }))).toMatchObject({ value: 0 });
  });

  it.each<[string, Parameters<typeof look>[1]]>([
    ["CPU", { cpu: 5 }],
    ["traffic", { activity: { ...QUIET, netBytes: 1_000_000 } }],
    ["traffic in half a minute", { activity: { overSecs: 30, netBytes: 500_000, outputs: 0 } }],
    ["an output", { activity: { ...QUIET, outputs: 1 } }],
    ["a part of an output", { activity: { ...QUIET, outputs: 0.001 } }],
  ])("is 0 on a look that shows %s, whatever was before", (_what, seen) => {
    expect(idle(look(0, { ...seen, looks: held }))).toMatchObject({ kind: "known", value: 0 });
  });

  it.each<[string, Parameters<typeof look>[1]]>([
    ["CPU just below", { cpu: 4.99 }],
    ["traffic just below", { activity: { ...QUIET, netBytes: 999_999 } }],
    [
      "the same traffic over twice the time",
      { activity: { overSecs: 120, netBytes: 1_999_999, outputs: 0 } },
    ],
    ["nothing at all", { cpu: 0, activity: { ...QUIET, netBytes: 0 } }],
  ])("goes on over a look that shows %s", (_what, seen) => {
    expect(idle(look(0, { ...seen, looks: held }))).toMatchObject({ value: 600 });
  });

  it("goes by the rule's own thresholds, which are part of what was seen to hold", () => {
    const own = limitOf({ idleTime: { for: "30m", cpuBelow: "20%", trafficBelow: "5MB" } });
    const seen = { cpu: 19, activity: { ...QUIET, netBytes: 4_999_999 } };
    const at10 = look(0, { ...seen, looks: { [limitKey(own)]: at(-600) } });
    expect(measure("idleTime", at10, own)).toMatchObject({ value: 600 });
    expect(measure("idleTime", look(0, { ...seen, looks: held }), own)).toMatchObject({ value: 0 });
    expect(idle(look(0, { ...seen, looks: held }))).toMatchObject({ value: 0 });
  });

  it("falls back on the usual thresholds where a limit has none", () => {
    const bare = { metric: "idleTime", value: 1800 };
    const seen = (cpu: number) => look(0, { cpu, looks: { [limitKey(bare)]: at(-600) } });
    expect([measure("idleTime", seen(4), bare), measure("idleTime", seen(5), bare)]).toMatchObject([
      { value: 600 },
      { value: 0 },
    ]);
  });

  const without = (key: keyof Activity): Activity => {
    const { [key]: _gone, ...rest } = QUIET;
    return { overSecs: 60, ...rest };
  };
  it.each<[string, Observation]>([
    ["no CPU", { ...look(0, { looks: held }), run: run({ detail: { stats: {} } }) }],
    ["no detail", { ...look(0, { looks: held }), run: run() }],
    ["no traffic", look(0, { looks: held, activity: without("netBytes") })],
    ["no outputs", look(0, { looks: held, activity: without("outputs") })],
    ["activity over no time", look(0, { looks: held, activity: { ...QUIET, overSecs: 0 } })],
    ["activity over less than no time", look(0, { looks: held, activity: { ...QUIET, overSecs: -5 } })],
    [
      "activity over a time that is no number",
      look(0, { looks: held, activity: { ...QUIET, overSecs: Number.NaN } }),
    ],
    [
      "activity over all time",
      look(0, { looks: held, activity: { ...QUIET, overSecs: Number.POSITIVE_INFINITY } }),
    ],
    [
      "less than no traffic, for it was counted anew",
      look(0, { looks: held, activity: { ...QUIET, netBytes: -1 } }),
    ],
    ["less than no CPU", look(0, { looks: held, cpu: -1 })],
    ["less than no output", look(0, { looks: held, activity: { ...QUIET, outputs: -1 } })],
    ["a CPU that is no number", look(0, { looks: held, cpu: Number.NaN })],
    ["traffic that is no number", look(0, { looks: held, activity: { ...QUIET, netBytes: Number.NaN } })],
    ["outputs that are no number", look(0, { looks: held, activity: { ...QUIET, outputs: Number.NaN } })],
  ])("is unknown where Apify tells %s", (_what, seen) => {
    expect(idle(seen)).toEqual({
      kind: "unknown",
      reason: "Apify does not report what the run is doing",
      young: false,
    });
    expect(limitFor("idleTime").holds?.(seen, limit)).toBeUndefined();
  });

  it("counts on its way out what it was idle for until then, whatever it does to save its work", () => {
    const busy = look(30, { cpu: 90, activity: { overSecs: 60, netBytes: 9e9, outputs: 7 }, looks: held });
    const { activity: _untold, ...draining } = {
      ...busy,
      run: { ...busy.run, status: "ABORTING" },
      life: { ...busy.life, stoppingSince: at(0) },
    };
    expect([idle({ ...draining, activity: QUIET }), idle(draining)]).toEqual([
      { kind: "known", value: 600 },
      { kind: "known", value: 600 },
    ]);
    expect(idle({ ...draining, life: life({ stoppingSince: at(0) }) })).toMatchObject({ value: 0 });
  });

  it("waits for the second detail of a life, which tells the first activity", () => {
    const { activity: _none, ...first } = look(0);
    expect(idle(first)).toMatchObject({ kind: "unknown", young: true });
    expect(idle({ ...first, run: run() })).toMatchObject({ kind: "unknown", young: false });
    expect(idle({ ...first, run: run({ status: "READY" }) })).toMatchObject({ young: true });
  });

  it("reads a duration alone, or with thresholds of its own", () => {
    const options = { cpuBelow: 5, trafficBelow: 1_000_000 };
    expect(limitOf({ idleTime: "30m" })).toEqual({ metric: "idleTime", value: 1800, options });
    expect(limitOf({ idleTime: { for: "1h" } })).toEqual({ metric: "idleTime", value: 3600, options });
    expect(limitOf({ idleTime: { for: "1h", cpuBelow: "2.5%" } })?.options).toEqual({
      ...options,
      cpuBelow: 2.5,
    });
    expect(limitOf({ idleTime: { for: "1h", trafficBelow: "10KB" } })?.options).toEqual({
      ...options,
      trafficBelow: 10_000,
    });
    for (const raw of [
      { cpuBelow: "5%" },
      { for: "1h", cpuBelow: "101%" },
      { for: "1h", trafficBelow: "0B" },
      "soon",
    ])
      expect(() => limitOf({ idleTime: raw })).toThrow("wanted");
  });
});

describe("idleTime over many looks", () => {
  const idleRule: LimitRule = rule({ id: "idle", limit, steps: [{ at: 100, do: "abort" }] });
  /**
   * The idle time at each of these looks, a minute apart: busy, quiet, listed without detail, detail that tells too little,
   * or the very stats of the look before, quiet (`f`) or busy (`F`).
   */
  function over(looks: string): readonly (number | string)[] {
    let known: Observation["life"]["looks"] = {};
    let movedAt = at(0);
    return [...looks].map((kind, minute) => {
      const isFrozen = kind.toLowerCase() === "f";
      if (!isFrozen) movedAt = at(minute * 60);
      const activity = isFrozen ? { ...QUIET, netBytes: 0, unmovedSince: movedAt } : QUIET;
      const seen = look(minute * 60, { cpu: kind === "b" || kind === "F" ? 90 : 1, looks: known, activity });
      const { activity: _none, ...untold } = seen;
      const shown =
        kind === "l" ? { ...seen, run: run(), source: "list" as const } : kind === "u" ? untold : seen;
      const measured = idle(shown);
      known = looksAfter([idleRule], shown, shown.observedAt);
      return measured.kind === "known" ? measured.value / 60 : "?";
    });
  }

  it("adds up while every look shows the run idle", () => {
    expect(over("qqqq")).toEqual([0, 1, 2, 3]);
  });

  it("does not grow while the stats stand still, at a moment of low CPU or for ever", () => {
    expect(over("qffffff")).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(over("qqqffff")).toEqual([0, 1, 2, 2, 2, 2, 2]);
  });

  it("is known again, of all that time, once the stats have moved and show that nothing was done", () => {
    expect(over("qqfffq")).toEqual([0, 1, 1, 1, 1, 5]);
    expect(over("qqfffbq")).toEqual([0, 1, 1, 1, 1, 0, 0]);
  });

  it("does not begin on stats that stand still, nor go on over busy ones that do", () => {
    expect(over("ffqq")).toEqual([0, 0, 0, 1]);
    expect(over("bffqq")).toEqual([0, 0, 0, 0, 1]);
    expect(over("qqFqq")).toEqual([0, 1, 0, 0, 1]);
  });

  it("condemns on the reading before a call as on the look that it follows, moved or not, unless it shows activity", () => {
    const held = { [limitKey(limit)]: at(-1800) };
    const condemned = look(0, { looks: held });
    const unmoved = look(3, { looks: held, activity: { ...QUIET, unmovedSince: at(0) } });
    const busy = look(3, { looks: held, activity: { ...QUIET, outputs: 1 } });
    expect([condemned, unmoved, busy].map((seen) => idle(seen))).toMatchObject([
      { value: 1800 },
      { value: 1800 },
      { value: 0 },
    ]);
  });

  it("is unknown where it is told since a time that is none", () => {
    const broken = look(0, { looks: held, activity: { ...QUIET, unmovedSince: new Date(Number.NaN) } });
    expect(idle(broken)).toMatchObject({ value: Number.NaN });
    expect(judge(idleRule, broken, NOON)).toMatchObject({ kind: "unknown" });
  });

  it("begins anew after a busy look", () => {
    expect(over("qqbqq")).toEqual([0, 1, 0, 0, 1]);
  });

  it("goes on over a look without detail, which shows nothing either way", () => {
    expect(over("qqlq")).toEqual([0, 1, "?", 3]);
  });

  it("does not begin on a look without detail", () => {
    expect(over("llqq")).toEqual(["?", "?", 0, 1]);
  });

  it("begins anew after a detail that does not tell what the run is doing", () => {
    expect(over("qquqq")).toEqual([0, 1, "?", 0, 1]);
  });

  it("forgets a busy look not even over looks without detail", () => {
    expect(over("qqblqq")).toEqual([0, 1, 0, "?", 0, 1]);
  });

  it("condemns a run that was idle for so long, and not a second before", () => {
    const at30 = look(1800, { looks: { [limitKey(limit)]: at(0) } });
    const before = look(1799, { looks: { [limitKey(limit)]: at(0) } });
    expect([idle(before), idle(at30)]).toMatchObject([{ value: 1799 }, { value: 1800 }]);
  });
});
