import { describe, expect, it } from "vitest";
import type { RunScript } from "../../../emulator/index.ts";
import { ABORT, ANY_SHARE, fiveUsd } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { watch } from "../../support/watch.ts";
import { burning, HEALTHY, HOUR, OVER_5_USD, worldOf } from "../../support/world.ts";

const IN_1970 = "1970-01-01T00:00:00.000Z";
const NEXT_YEAR = "2027-11-30T08:00:00.000Z";

/** A run of an hour whose start is told otherwise. */
const startedAt = (at: string): RunScript =>
  burning(2, { startsAfterMs: -HOUR, label: "odd", fields: { set: { startedAt: at } } });

const SIX_HOURS = fiveUsd({
  ...ANY_SHARE,
  rules: [
    { id: "six-hours", limit: { runTime: "6h" }, steps: [ABORT] },
    { id: "no-run-over-5-usd", limit: { usageTotalUsd: 5 }, steps: [ABORT] },
  ],
});

describe.each([IN_1970, NEXT_YEAR])("a run with startedAt %s", (at) => {
  it("is malformed: it is counted and announced, judged by nothing and recorded nowhere; others go on", async () => {
    const world = worldOf(startedAt(at), { ...OVER_5_USD, label: "over" });
    const { ticks, aborts, emulator, ports } = await watch(world, { policy: SIX_HOURS });
    const reports = await ticks(5);
    const { idOf } = emulator.truth;
    expect(aborts().map(({ runId }) => runId)).toEqual([idOf("over")]);
    expect(reports[0]?.skipped).toMatchObject({ "malformed list item": 1 });
    expect(reports[2]?.attention).toEqual([expect.stringMatching(/^coverage:malformed-list-item /)]);
    const { runs } = await recordedIn(ports);
    expect([...runs.keys()]).toEqual([idOf("over")]);
    expect((await ports.state.readLive()).runs.has(idOf("odd"))).toBe(false);
  });
});

describe("a run with an impossible start that an earlier version remembered", () => {
  it("is left out and counted once, and recording goes on", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: SIX_HOURS });
    const { ports, ticks, advance, runIds } = watched;
    await ticks(1);
    const live = await ports.state.readLive();
    const [known] = live.runs.values();
    if (known === undefined) throw new Error("nothing is remembered");
    // A cent in each hour of its long life.
    const hours = Array.from({ length: 20_000 }, (_, hour) =>
      new Date(hour * HOUR).toISOString().slice(0, 13),
    );
    const { recorded: _none, ...rest } = known;
    const odd = {
      ...rest,
      run: { ...known.run, id: "oddOddOddOddOddOd", startedAt: new Date(0), usageTotalMicroUsd: 200_000_000 },
      unrecorded: Object.fromEntries(hours.map((hour) => [hour, 10_000])),
    };
    await ports.state.writeLive({ ...live, runs: new Map([...live.runs, [odd.run.id, odd]]) });
    advance(HOUR);
    const [first, second] = await ticks(2);
    expect(first?.skipped).toMatchObject({ "remembered run with an impossible start": 1 });
    expect(second?.skipped).toEqual({});
    expect(second?.attention).toEqual([]);
    const after = await ports.state.readLive();
    expect([...after.runs.keys()]).toEqual(runIds());
    expect(after.heartbeat?.complete).toBe(true);
  });
});
