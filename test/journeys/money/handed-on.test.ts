import { describe, expect, it } from "vitest";
import { instead } from "../../support/instead.ts";
import { OBSERVED } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { type Watched, watchFrom } from "../../support/watch.ts";
import { burning, MINUTE, worldOf } from "../../support/world.ts";

const START = new Date("2026-11-25T08:55:00.000Z");

const HOURS = ["2026-11-25T00", "2026-11-25T23"] as const;

/** A dollar a minute for a quarter of an hour: for ten minutes as one Actor, then as another. After twelve a fifth of it stands. */
const corrected = () =>
  watchFrom(
    START,
    worldOf(
      burning(60, {
        metamorphs: [{ atMs: 10 * MINUTE, into: "acme/nightly-archive" }],
        corrections: [{ atMs: 12 * MINUTE + 1, factor: 0.2 }],
        ends: { afterMs: 15 * MINUTE, status: "SUCCEEDED" },
      }),
    ),
    OBSERVED,
  );

/** What each Actor has in the cells of the day, or of each of its hours, in dollars. */
async function spentUsd({ ports }: Watched, from = "2026-11-25", to = from): Promise<readonly number[]> {
  const { cells } = await ports.state.readSpend([{ from, to }]);
  return cells.map(({ microUsd }) => microUsd / 1e6).toSorted((a, b) => a - b);
}

describe("a run that has become another Actor's, and whose cost is corrected", () => {
  it("takes nothing off what others have spent: first off its own, then off what it had spent before", async () => {
    const watched = await corrected();
    await watched.ticks(20);
    const { cells, runs } = await recordedIn({ state: watched.ports.state });
    expect(cells / 1e6).toBeCloseTo(12 * 0.2 + 3, 3);
    expect([...runs.values()]).toEqual([cells]);
    expect(await spentUsd(watched)).toEqual([expect.closeTo(2, 1), expect.closeTo(3.4, 1)]);
    expect(Math.min(...(await spentUsd(watched, ...HOURS)))).toBeGreaterThanOrEqual(0);
  });

  it("does so, too, where a tick dies once it has recorded one of them", async () => {
    const watched = await corrected();
    await watched.ticks(12);
    const { state } = watched.ports;
    let writes = 0;
    const dying = instead(state, {
      writeLedger: async (given) => {
        if (writes++ > 0) throw new Error("the process is over");
        return state.writeLedger(given);
      },
      writeLive: () => Promise.reject(new Error("the process is over")),
    });
    watched.advance(MINUTE);
    await watched.tick(watched.process({ state: dying })).catch(() => undefined);
    await watched.ticks(10);
    const { cells, runs } = await recordedIn({ state });
    expect([...runs.values()]).toEqual([cells]);
    expect(Math.min(...(await spentUsd(watched, ...HOURS)))).toBeGreaterThanOrEqual(0);
  });
});
