import { describe, expect, it } from "vitest";
import { isZeroDoubtful } from "../../../src/policy/limits/doubtful-zero.ts";
import type { RunDetail } from "../../../src/policy/run.ts";
import { run, usd } from "../../support/builders.ts";

const at0 = (detail: Partial<RunDetail>) => run({ usageTotalMicroUsd: 0, detail: { stats: {}, ...detail } });
const RESULT = { eventMicroUsd: { result: usd(0.002) } };
const OWN = { ...RESULT, billing: "USER", accountedEvents: { result: 0 } };

describe("isZeroDoubtful()", () => {
  it.each<[string, Partial<RunDetail>]>([
    ["20 compute units and 9,000 priced events", { stats: { computeUnits: 20 }, events: { result: 9_000 } }],
    ["compute units of `usage`", { usage: { ACTOR_COMPUTE_UNITS: 20 }, billing: "USER" }],
    ["costs by service", { usageMicroUsd: { PROXY_SERPS: usd(3) } }],
    ["events that are accounted for", { ...RESULT, billing: "DEVELOPER", accountedEvents: { result: 5 } }],
    ["events that have been billed", { billing: "DEVELOPER", eventUsageMicroUsd: { result: usd(0.3) } }],
    [
      "more charged events than any free quota holds",
      { ...RESULT, billing: "DEVELOPER", events: { result: 9_000 }, accountedEvents: { result: 0 } },
    ],
    ["an own Actor's compute", { ...OWN, stats: { computeUnits: 1 } }],
  ])("is so beside %s", (_what, detail) => {
    expect(isZeroDoubtful(at0(detail))).toBe(true);
    expect(isZeroDoubtful({ ...at0(detail), usageTotalMicroUsd: 1 })).toBe(false);
  });

  it.each<[string, Partial<RunDetail>]>([
    ["nothing", {}],
    ["compute that rounds to nothing", { stats: { computeUnits: 0.01 } }],
    ["compute that the Actor's maker pays for", { stats: { computeUnits: 20 }, billing: "DEVELOPER" }],
    ["a free quota", { ...RESULT, events: { result: 1_000 }, accountedEvents: { result: 0 } }],
    ["an own Actor's events", { ...OWN, events: { result: 173 } }],
    ["events without a price", { events: { result: 9_000 } }],
    ["figures that are none", { ...RESULT, events: { result: Number.NaN } }],
  ])("is not beside %s", (_what, detail) => {
    expect(isZeroDoubtful(at0(detail))).toBe(false);
  });

  it("is not where there is no cost, or no detail", () => {
    const { usageTotalMicroUsd: _cost, ...untold } = at0({ stats: { computeUnits: 20 } });
    expect(isZeroDoubtful(untold)).toBe(false);
    expect(isZeroDoubtful(run({ usageTotalMicroUsd: 0 }))).toBe(false);
  });
});
