import { describe, expect, it } from "vitest";
import { decodeControl, decodeLive, encodeControl, encodeLive } from "../../../src/watchdog/stored/codec.ts";
import { at, liveRun, NOON, run } from "../../support/builders.ts";
import { aged } from "./aged.ts";

const recorded = { status: "RUNNING", life: 0, settled: false, version: 3, at: NOON, spentMicroUsd: 7 };

describe("what an older release would have left", () => {
  it("has the same facts of live runs, without what later ones added", () => {
    const seen = liveRun({
      run: run(),
      askedAt: NOON,
      activeUntil: NOON,
      trail: { from: NOON, point: { at: NOON, microUsd: 7 }, points: 1 },
      recorded: { ...recorded, booked: { "2026-09-01T12": 7 } },
    });
    const live = { version: 4, runs: new Map([[seen.run.id, seen]]), cursor: at(-60), recordings: 3 };
    const since = {
      takenUp: { at: NOON, controlVersion: 5 },
      called: { standing: { held: NOON }, over: [] },
    };
    const { askedAt, activeUntil, trail, ...left } = JSON.parse(encodeLive({ ...live, ...since })).runs[0];
    expect([askedAt, activeUntil, trail]).not.toContain(undefined);
    expect(JSON.parse(aged("live", encodeLive({ ...live, ...since })))).toEqual({
      ...JSON.parse(encodeLive(live)),
      runs: [{ ...left, recorded: JSON.parse(JSON.stringify({ ...recorded, at: NOON.getTime() })) }],
    });
    // Where the money is booked is not known then: the run's item is asked for it.
    const [known] = [...decodeLive(aged("live", encodeLive(live)), "here").runs.values()];
    expect(known).not.toHaveProperty("recorded");
  });

  it("counts what was stopped, and not what that burnt", () => {
    const stopped = { runId: "run1", life: 0, at: NOON, tickId: "t1", tickEndsBy: NOON };
    const state = {
      ...{ revision: 2, policyVersion: 1, openIntents: [] },
      recentIntents: [{ ...stopped, burnMicroUsdPerHour: 9, startedAt: at(-60) }],
    };
    expect(decodeControl(aged("control", encodeControl(state)), "here")).toEqual({
      ...state,
      recentIntents: [stopped],
    });
  });
});
