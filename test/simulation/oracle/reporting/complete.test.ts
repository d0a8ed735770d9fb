import { describe, expect, it } from "vitest";
import { HandMade } from "../hand-made.ts";

const UNSEEN = "was never shown run r1";

/** A tick that says it was complete, whose list was so. */
const complete = (answer: object, asked?: string): string => {
  const history = new HandMade().listed(1).tick("t1", 0, 5, { isComplete: true });
  Object.assign(history.calls.at(-1) ?? {}, answer);
  if (asked) Object.assign(history, { hasAskedFor: (_by: string, runId: string) => runId === asked });
  return history.brokenAtEnd(9).join();
};

describe("the oracle on a list that a complete tick went by", () => {
  it("excuses a run that a cache left out of it or that the tick asked for itself, and no other", () => {
    expect(complete({})).toContain(UNSEEN);
    expect(complete({ leftOut: ["r1"] })).not.toContain(UNSEEN);
    expect(complete({ leftOut: ["r2"] })).toContain(UNSEEN);
    expect(complete({}, "r1")).not.toContain(UNSEEN);
    expect(complete({}, "r2")).toContain(UNSEEN);
  });

  it("takes a clock for right or wrong by the date that its owner was answered with", () => {
    const shown = { r1: { status: "RUNNING" as const } };
    const ahead = (aheadMs: number, datedAheadMs: number): boolean => {
      const history = new HandMade();
      const said = history.listed(1).calls.at(-1);
      Object.assign(said ?? {}, { shown, saidMs: (said?.leftAtMs ?? 0) + aheadMs, datedAheadMs });
      return history.tick("t1", 0, 5, { isComplete: true }).brokenAtEnd(9).join().includes(UNSEEN);
    };
    // Whose clock is wrong remembers nothing of what it was shown.
    expect([ahead(36_000, 0), ahead(36_000, 4_000), ahead(30_000, -4_000)]).toEqual([true, false, true]);
  });
});
