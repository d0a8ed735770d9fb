import { describe, expect, it } from "vitest";
import { looksAfter, nextInstant, type Observation } from "../../../src/policy/index.ts";
import { at, life, NOON, observation, policy, rule, run } from "../../support/builders.ts";

/** Looked at in full, some seconds after noon. */
function seen(
  memCurrentBytes: number,
  atSecs: number,
  looks: Observation["life"]["looks"] = {},
): Observation {
  const detail = { stats: { memCurrentBytes } };
  return observation({
    run: run({ detail }),
    source: "detail",
    observedAt: at(atSecs),
    life: life({ looks, lookedAt: NOON }),
  });
}

describe("nextInstant()", () => {
  it("is the second look that a gauge's step waits for, and not that which another had long ago", () => {
    const memory = rule({
      limit: { metric: "stats.memCurrentBytes", value: 1_000 },
      steps: [
        { at: 50, do: "notify" },
        { at: 90, do: "abort" },
      ],
    });
    const policies = policy({ rules: [memory] });
    const half = looksAfter([memory], seen(600, 0), at(0));
    const most = looksAfter([memory], seen(950, 300, half), at(300));
    expect(nextInstant(policies, seen(950, 310, most), at(310))).toEqual(at(360));
    expect(nextInstant(policies, seen(950, 370, most), at(370))).toBeUndefined();
  });
});
