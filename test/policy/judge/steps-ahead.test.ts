import { describe, expect, it } from "vitest";
import { stepsAhead } from "../../../src/policy/index.ts";
import { HOUR, NOON, observation, rule, run, usd } from "../../support/builders.ts";

const steps = [
  { at: 80, do: "notify" },
  { at: 100, do: "abort" },
] as const;

describe("stepsAhead()", () => {
  it("foresees the cost from its pace, step by step", () => {
    const seen = observation({ measuredBurnMicroUsdPerHour: usd(2), burnMicroUsdPerHour: usd(9) });
    expect(stepsAhead(rule({ steps }), seen, NOON)).toEqual([
      { step: steps[0], value: usd(4), inSecs: 1.5 * HOUR },
      { step: steps[1], value: usd(5), inSecs: 2 * HOUR },
    ]);
  });

  it("leaves out what is reached, equality included", () => {
    const seen = observation({ run: run({ usageTotalMicroUsd: usd(4) }) });
    expect(stepsAhead(rule({ steps }), seen, NOON)).toEqual([{ step: steps[1], value: usd(5) }]);
  });

  it("knows to the second when time is up, but not of a run in the queue", () => {
    const sixHours = rule({ limit: { metric: "runTime", value: 6 * HOUR }, steps: [steps[1]] });
    expect(stepsAhead(sixHours, observation(), NOON)).toMatchObject([{ inSecs: 5 * HOUR }]);
    const queued = observation({ run: run({ status: "READY" }) });
    expect(stepsAhead(sixHours, queued, NOON)).toEqual([{ step: steps[1], value: 6 * HOUR }]);
  });

  it("foresees nothing of a cost that is not reported or does not move", () => {
    const { usageTotalMicroUsd: _untold, ...untold } = run();
    for (const seen of [
      observation({ run: untold, burnMicroUsdPerHour: usd(1) }),
      observation({ burnMicroUsdPerHour: 0 }),
    ])
      expect(stepsAhead(rule({ steps: [steps[1]] }), seen, NOON)).toEqual([
        { step: steps[1], value: usd(5) },
      ]);
  });
});
