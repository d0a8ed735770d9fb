import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../../src/policy/index.ts";
import type { Past } from "../../../../src/watchdog/learn/past.ts";
import { checkLimits } from "../../../../src/watchdog/learn/suggest/check-limits.ts";
import { past, steady, TASK } from "../past-runs.ts";

const ONE = { tasks: [TASK] };
function check(
  runs: readonly Past[],
  limit: object,
  { for: selector, steps }: { for?: object; steps?: object[] } = {},
) {
  const rule = {
    id: "r",
    ...(selector && { for: selector }),
    limit,
    steps: steps ?? [{ at: "100%", do: "abort" }],
  };
  const policy = parsePolicy({ version: 1, mode: "observe", rules: [rule] });
  return checkLimits(policy, { runs }, () => ({ taskName: "acme/shop-eu" }));
}
const growing = Array.from({ length: 100 }, (_, i) => past(i, 1 + i / 10));
const stops = Array.from({ length: 20 }, (_, i) => past(500 + i, 1, { stopped: true }));

describe("checkLimits()", () => {
  it("holds while no run that succeeded reaches it", () => {
    expect(check(steady(100), { usageTotalUsd: 2.01 }, { for: ONE })).toMatchObject([
      { verdict: "holds", quantity: "usd", limit: 2_010_000, n: 100, reached: 0 },
    ]);
    expect(check(steady(100), { usageTotalUsd: 2 }, { for: ONE })).toMatchObject([
      { verdict: "broken", reached: 1, why: "1 of 100 runs that succeeded reached it" },
    ]);
  });

  it("goes by the lowest step that stops", () => {
    const steps = [
      { at: "20%", do: "notify" },
      { at: "50%", do: "abort" },
      { at: "100%", do: "abort-now" },
    ];
    expect(check(steady(100), { usageTotalUsd: 3 }, { steps })).toMatchObject([
      { limit: 1_500_000, verdict: "broken" },
    ]);
    expect(check(steady(100), { usageTotalUsd: 3 }, { steps: steps.slice(0, 1) })).toEqual([]);
  });

  it("takes runs by the rule's own selector, and times as well as costs", () => {
    expect(check(steady(100), { runTime: "1h" }, { for: { tasks: ["acme/shop-*"] } })).toMatchObject([
      { quantity: "runTime", limit: 3_600, n: 100, verdict: "broken" },
    ]);
    expect(check(steady(100), { usageTotalUsd: 1 }, { for: { tasks: ["acme/other"] } })).toMatchObject([
      { n: 0, verdict: "unknown" },
    ]);
    expect(check(steady(100), { queueTime: "1h" })).toEqual([]);
  });

  it("is broken for one task that drifts, or whose runs are stopped again and again", () => {
    expect(check(growing, { usageTotalUsd: 50 }, { for: ONE })[0]).toMatchObject({
      verdict: "broken",
      why: expect.stringMatching(/^this drifts/),
    });
    expect(check([...steady(100), ...stops], { usageTotalUsd: 50 }, { for: ONE })[0]).toMatchObject({
      verdict: "broken",
      stopped: 20,
    });
  });

  it("asks no more of a rule for all than that it stopped nothing that succeeded: its runs are not alike", () => {
    expect(check(growing, { usageTotalUsd: 50 })[0]).toMatchObject({ verdict: "holds" });
    expect(check(steady(3), { usageTotalUsd: 50 })[0]).toMatchObject({ verdict: "holds" });
  });

  it("does not know of a task with few runs", () => {
    expect(check(steady(21), { usageTotalUsd: 50 }, { for: ONE })[0]).toMatchObject({ verdict: "unknown" });
  });
});
