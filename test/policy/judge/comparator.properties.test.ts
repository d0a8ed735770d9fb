import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Observation, type RuleLimit, stopFor } from "../../../src/policy/index.ts";
import { limitKey } from "../../../src/policy/limits/limit.ts";
import { at, control, life, NOON, observation, policy, rule, run } from "../../support/builders.ts";

const told = (detail: Parameters<typeof run>[0]): Observation =>
  observation({ run: run(detail), source: "detail" });
const lasting = (secs: number, status: string): Observation =>
  observation({
    run: run({ status }),
    life: life({ since: at(-secs), ...(status === "ABORTING" && { stoppingSince: at(-secs) }) }),
  });
const stats = {};
const ONE = { median: 1, runs: 10 };
const AGAINST_ONE = { samples: 1, floor: 1 };

type Kind = {
  readonly metric: string;
  readonly options?: Readonly<Record<string, number>>;
  readonly basis?: "estimate";
  /** A run of which the limit measures just this. */
  readonly measuring: (figure: number, limit: RuleLimit) => Observation;
};

/** One of each kind of limit, and of each unit. */
const KINDS: readonly Kind[] = [
  { metric: "usageTotalUsd", measuring: (figure) => told({ usageTotalMicroUsd: figure }) },
  {
    metric: "usageTotalUsd",
    basis: "estimate",
    measuring: (figure) => ({
      ...told({ usageTotalMicroUsd: 0, detail: { stats, events: { e: figure }, eventMicroUsd: { e: 1 } } }),
      ownActor: false,
    }),
  },
  { metric: "runTime", measuring: (figure) => lasting(figure, "RUNNING") },
  { metric: "queueTime", measuring: (figure) => lasting(figure, "READY") },
  { metric: "abortingTime", measuring: (figure) => lasting(figure, "ABORTING") },
  { metric: "usdPerHour", measuring: (figure) => observation({ measuredBurnMicroUsdPerHour: figure }) },
  {
    metric: "idleTime",
    options: { cpuBelow: 5, trafficBelow: 9 },
    measuring: (figure, limit) => ({
      ...told({ detail: { stats: { cpuCurrentUsage: 0 } } }),
      activity: { overSecs: 60, netBytes: 0, outputs: 0 },
      life: life({ looks: { [limitKey(limit)]: at(-figure) } }),
    }),
  },
  {
    metric: "timesTypical.usd",
    options: AGAINST_ONE,
    measuring: (figure) => ({
      ...told({ usageTotalMicroUsd: figure }),
      typical: { usageTotalMicroUsd: ONE },
    }),
  },
  {
    metric: "timesTypical.runTime",
    options: AGAINST_ONE,
    measuring: (figure) => ({ ...lasting(figure, "RUNNING"), typical: { runTimeSecs: ONE } }),
  },
  {
    metric: "usage.PROXY_SERPS",
    measuring: (figure) => told({ detail: { stats, usage: { PROXY_SERPS: figure } } }),
  },
  {
    metric: "usageUsd.PROXY_SERPS",
    measuring: (figure) => told({ detail: { stats, usageMicroUsd: { PROXY_SERPS: figure } } }),
  },
  { metric: "events.result", measuring: (figure) => told({ detail: { stats, events: { result: figure } } }) },
  { metric: "stats.netRxBytes", measuring: (figure) => told({ detail: { stats: { netRxBytes: figure } } }) },
  {
    metric: "stats.cpuAvgUsage",
    measuring: (figure) => told({ detail: { stats: { cpuAvgUsage: figure } } }),
  },
];

/** Does a rule of this kind stop a run of which it measures this? Gauges were seen so a minute ago. */
function isStopped(
  { metric, options, basis, measuring }: Kind,
  figure: number,
  share: number,
  value: number,
): boolean {
  const limit: RuleLimit = { metric, value, ...(options && { options }) };
  const of = rule({ limit, steps: [{ at: share, do: "abort", ...(basis && { basis }) }] });
  const seen = measuring(figure, limit);
  const looks = { [`${of.id}@${share}/${limitKey(limit)}`]: at(-60), ...seen.life.looks };
  const looked = { ...seen, life: { ...seen.life, looks } };
  return stopFor(policy({ rules: [of] }), looked, control(), NOON) !== undefined;
}

describe("one comparator for every kind of limit: a step is reached when measured ≥ share × limit", () => {
  it.each(KINDS)("$metric $basis: just below no, at it and just above it yes", (kind) => {
    const value = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(
        value,
        fc.integer({ min: 1, max: 1000 }),
        fc.constantFrom(-1, 0, 1),
        (limit, share, off) => {
          const exact = BigInt(limit) * BigInt(share);
          const figure = Math.max(0, Number((exact + 99n) / 100n) + off);
          expect(isStopped(kind, figure, share, limit)).toBe(BigInt(figure) * 100n >= exact);
        },
      ),
    );
  });

  it.each(KINDS)("$metric $basis: 0 reaches no step, however small", (kind) => {
    const tiny = fc.constantFrom(Number.MIN_VALUE, 1e-300, 1e-9, 1);
    fc.assert(
      fc.property(tiny, fc.constantFrom(0.000001, 0.1, 1, 1000), (limit, share) => {
        expect(isStopped(kind, 0, share, limit)).toBe(false);
      }),
    );
  });

  it("noTimeout is all or nothing: at 100 % without a timeout, at 0 % with one", () => {
    const stopped = (timeoutSecs: number, share: number): boolean =>
      isStopped({ metric: "noTimeout", measuring: () => told({ settings: { timeoutSecs } }) }, 1, share, 1);
    expect([stopped(0, 100), stopped(0, 1), stopped(0, 101), stopped(1, 1)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
