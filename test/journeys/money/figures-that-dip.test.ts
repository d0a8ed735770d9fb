import { describe, expect, it } from "vitest";
import { oneBudget } from "../../support/policies.ts";
import { watchFrom } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, worldOf } from "../../support/world.ts";

const START = new Date("2026-11-25T09:30:00.000Z");

describe("a figure that falls, and is there again two minutes later", () => {
  it("goes back into the hours that it was taken off, and stops nothing in this one", async () => {
    const dipping = burning(10, {
      startsAfterMs: -5 * HOUR,
      corrections: [
        { atMs: 3 * MINUTE, factor: 0.2 },
        { atMs: 5 * MINUTE, factor: 5 },
      ],
    });
    const watched = await watchFrom(START, worldOf(dipping), oneBudget(30, "hour"));
    await watched.ticks(60);
    expect(watched.aborts()).toEqual([]);
    const { cells } = await watched.ports.state.readSpend([{ from: "2026-11-25T05", to: "2026-11-25T08" }]);
    const hours = cells.filter(({ slot }) => slot.includes("T")).map(({ microUsd }) => microUsd / 1e6);
    for (const usd of hours) expect(usd).toBeCloseTo(10, 0);
  });
});
