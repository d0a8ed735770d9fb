import { describe, expect, it } from "vitest";
import { evidenceAt, HandMade, POLICY } from "../hand-made.ts";
import type { SeenDetail } from "../history.ts";

const ESTIMATED = {
  ...POLICY,
  rules: [
    {
      id: "cost",
      limit: { usageTotalUsd: 8 },
      steps: [{ at: "100%", do: "abort", basis: "estimate" }],
    },
  ],
};

/** 10 USD as counted. */
const COUNTED = { events: { result: 1_000 }, eventUsd: { result: 0.01 } };

const shown = (atSecs: number, more: Partial<SeenDetail>, by = new HandMade().push(-1_000, ESTIMATED)) =>
  by.shown(atSecs, "RUNNING", 1, { detail: { ...COUNTED, ...more } });

/** What the oracle has against a stop on the estimate, and against leaving the run alone for long. */
function against(more: Partial<SeenDetail>) {
  const evidence = { ...evidenceAt(0), measured: 8, limit: 8, basis: "estimate" };
  const step = { at: 100, do: "abort", basis: "estimate" };
  const stopped = shown(0, more).intend(0.5, { evidence, step }).abort(1).broken();
  const left = shown(1_190, more, shown(0, more)).brokenAtEnd(1_200);
  return {
    stopped: [...new Set(stopped.map((text) => text.slice(0, 2)))],
    left: left.some((text) => text.includes("rule cost has condemned the run")),
  };
}

describe("the oracle on what events are estimated to cost", () => {
  const WANTED = { stopped: [], left: true };
  const FORBIDDEN = { stopped: ["P9", "P1"], left: false };

  it("goes by what is charged where nothing else is told", () => {
    expect(against({})).toEqual(WANTED);
  });

  it("takes no more than the run's cap", () => {
    expect(against({ settings: { maxTotalChargeUsd: 8 } })).toEqual(WANTED);
    expect(against({ settings: { maxTotalChargeUsd: 7.9 } })).toEqual(FORBIDDEN);
  });

  it("goes by what is accounted for where that is told, and by what it comes to rather than by its count", () => {
    expect(against({ accounted: { result: 799 } })).toEqual(FORBIDDEN);
    expect(against({ accounted: { result: 800 } })).toEqual(WANTED);
    expect(against({ accounted: { result: 800 }, accountedUsd: { result: 7.9 } })).toEqual(FORBIDDEN);
    expect(against({ accounted: { result: 799 }, accountedUsd: { result: 8 } })).toEqual(WANTED);
  });
});
