import { describe, expect, it } from "vitest";
import type { RunScript } from "../../../emulator/index.ts";
import { oneBudget } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { watchFrom } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, worldOf } from "../../support/world.ts";

const START = new Date("2026-11-25T09:30:00.000Z");
/** 10 USD an hour, where 30 are allowed. */
const within = (script: Partial<RunScript>) =>
  watchFrom(START, worldOf(burning(10, script)), oneBudget(30, "hour"));

describe("a cost of 0 that is none", () => {
  it("in the list takes nothing off what the detail shows, so that nothing comes back in another hour", async () => {
    const { aborts, ports, ticks } = await within({
      startsAfterMs: -5 * HOUR,
      costMissing: { as: "zero", in: "list" },
    });
    await ticks(60);
    expect(aborts()).toEqual([]);
    const { cells } = await ports.state.readSpend([{ from: "2026-11-25T05", to: "2026-11-25T08" }]);
    const hours = cells.filter(({ slot }) => slot.includes("T")).map(({ microUsd }) => microUsd / 1e6);
    expect(hours).toEqual([10, 10, 10, 10]);
  });

  it("until the cost is shown at last leaves that to all of the hours in which the run ran", async () => {
    const { aborts, ports, ticks } = await within({
      startsAfterMs: -MINUTE,
      costMissing: { as: "zero", untilMs: 5 * HOUR },
    });
    await ticks(400);
    expect(aborts()).toEqual([]);
    const { cells } = await ports.state.readSpend([{ from: "2026-11-25T10", to: "2026-11-25T14" }]);
    const hours = cells.filter(({ slot }) => slot.includes("T")).map(({ microUsd }) => microUsd / 1e6);
    expect(hours).toHaveLength(5);
    for (const usd of hours) expect(usd).toBeCloseTo(10, 0);
    const { runs, cells: all } = await recordedIn({ state: ports.state });
    expect([...runs.values()]).toEqual([all]);
  });
});
