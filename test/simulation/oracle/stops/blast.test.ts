import { describe, expect, it } from "vitest";
import { evidenceAt, HandMade, POLICY, RUN } from "../hand-made.ts";

describe("the oracle on the places of an hour", () => {
  it("keeps a fifth of perHour for runs that burn more than those stopped before them", () => {
    const stopped = (tenthBurns: number): string => {
      const ten = Array.from({ length: 10 }, (_, i) => ({ ...RUN, id: `r${i}` }));
      const policy = { ...POLICY, guards: { maxAborts: { perTick: 10, perHour: 10, percentOfLive: 100 } } };
      const history = new HandMade(ten).push(-50, policy).tick("t1", 0, 30);
      for (const [i, { id: runId }] of ten.entries()) {
        const intent = {
          kind: "abort.intended",
          runId,
          entryId: runId,
          burnUsdPerHour: i < 9 ? 1 : tenthBurns,
        };
        history
          .shown(i - 0.5, "RUNNING", 6, { runId })
          .entry(i, { ...intent, evidence: evidenceAt(i - 0.5) });
      }
      return history.broken().join();
    };
    expect(stopped(1)).toBe(
      "P4 abort.intended (run#r9 1, by t1): it takes the last places of 10, of which 1 are kept for runs that burn more",
    );
    expect(stopped(2)).toBe("");
  });
});
