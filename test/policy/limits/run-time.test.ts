import { describe, expect, it } from "vitest";
import type { Observation } from "../../../src/policy/index.ts";
import { at, HOUR, life, MINUTE, observation, run } from "../../support/builders.ts";
import { measure } from "./measuring.ts";

describe("runTime", () => {
  const secs = (overrides: Partial<Observation>): unknown => measure("runTime", observation(overrides));

  it("measures a first life from its start", () => {
    expect(secs({ run: run({ startedAt: at(-2 * HOUR) }) })).toEqual({ kind: "known", value: 2 * HOUR });
  });

  it("does not count the time that the run was seen READY, which is queue time", () => {
    expect(secs({ life: life({ since: at(-2 * HOUR), readyUntil: at(-30 * MINUTE) }) })).toEqual({
      kind: "known",
      value: 30 * MINUTE,
    });
  });

  it("goes by the start where a look at the queue is dated before it, as by clocks that differ", () => {
    expect(secs({ life: life({ since: at(-60), readyUntil: at(-70) }) })).toEqual({
      kind: "known",
      value: 60,
    });
  });

  it("is 0 while the run is READY", () => {
    expect(secs({ run: run({ status: "READY", startedAt: at(-5 * HOUR) }) })).toEqual({
      kind: "known",
      value: 0,
    });
  });

  it("measures a later life from when it was first seen, however long ago the run started", () => {
    expect(
      secs({ run: run({ startedAt: at(-100 * HOUR) }), life: life({ number: 1, since: at(-5 * MINUTE) }) }),
    ).toEqual({ kind: "known", value: 5 * MINUTE });
  });

  it("never comes from stats", () => {
    const detail = { stats: { runTimeSecs: 99 * HOUR, durationMillis: 99 * HOUR * 1000 } };
    expect(secs({ run: run({ detail }), source: "detail" })).toEqual({ kind: "known", value: HOUR });
  });

  it("is never negative, though clocks differ", () => {
    expect(secs({ run: run({ startedAt: at(3) }) })).toEqual({ kind: "known", value: 0 });
  });

  it("goes by the clock, not by when the run was looked at", () => {
    const seen = observation({ observedAt: at(-30) });
    expect(measure("runTime", seen, { now: at(10) })).toEqual({ kind: "known", value: HOUR + 10 });
  });
});
