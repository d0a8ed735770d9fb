import { describe, expect, it } from "vitest";
import type { RunScript, World } from "../../../emulator/index.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, worldOf } from "../../support/world.ts";

const DAY = 24 * HOUR;
const TYPICAL = fiveUsd({
  rules: [
    {
      id: "thrice",
      limit: { timesTypical: { usd: 3, samples: 3, floor: "0.01" } },
      steps: [{ at: "100%", do: "abort" }],
    },
  ],
});

/** One that asks for nothing typical. */
const NONE = fiveUsd({ mode: "observe" });

/** A run that ended well an hour after it began, having cost so much. */
const ended = (usd: number, hoursAgo: number, more: Partial<RunScript> = {}): RunScript => ({
  ...HEALTHY,
  cost: { startUsd: usd, thenUsdPerHour: 0 },
  startsAfterMs: -hoursAgo * HOUR,
  ends: { afterMs: MINUTE, status: "SUCCEEDED" },
  ...more,
});

const medianOf = async (world: World, policy: unknown = TYPICAL) => {
  const watched = await watch(world, { policy });
  await watched.tick();
  const actorId =
    watched.emulator.truth.runs().find(({ actorName }) => actorName === "acme/shop")?.actorId ?? "";
  const usual = async () => (await watched.ports.state.readTypical("actor", [actorId])).get(actorId)?.typical;
  return { ...watched, usual };
};

describe("what is typical", () => {
  it("has no runs of other users in it", async () => {
    const own = [1, 2, 3, 4].map((i) => ended(1, 10 + i));
    const others = [1, 2, 3, 4, 5, 6].map((i) => ended(0.1, 10 + i, { user: "customer" }));
    const { usual } = await medianOf({ ...worldOf(HEALTHY, ...own, ...others), users: ["customer"] });
    expect(await usual()).toMatchObject({
      usageTotalMicroUsd: { median: 1_000_000, runs: 4 },
      runTimeSecs: { runs: 4 },
    });
  });

  it("does not become less by what was stopped: it counts as at least as expensive as every success", async () => {
    const own = [ended(1, 20), ended(1, 19), ended(2, 18), ended(2, 17)];
    const over = { ...HEALTHY, cost: { startUsd: 9, thenUsdPerHour: 0 } };
    const { usual, advance, ticks, tick, aborts } = await medianOf(worldOf(over, over, ...own, HEALTHY));
    expect(await usual()).toMatchObject({ usageTotalMicroUsd: { median: 1_500_000, runs: 4 } });
    await ticks(4);
    expect(aborts()).toHaveLength(2);
    advance(DAY);
    await tick();
    expect(await usual()).toMatchObject({ usageTotalMicroUsd: { median: 2_000_000, runs: 4, stopped: 2 } });
  });

  it("has nothing in it of what others aborted", async () => {
    const own = [ended(1, 20), ended(1, 19), ended(2, 18), ended(2, 17)];
    const costly = { ...HEALTHY, label: "costly", cost: { startUsd: 50, thenUsdPerHour: 0 } };
    const { emulator, advance, push, usual, tick } = await medianOf(worldOf(costly, ...own, HEALTHY), NONE);
    const headers = { authorization: "Bearer somebody" };
    emulator.handle({
      method: "POST",
      url: `/v2/actor-runs/${emulator.truth.idOf("costly")}/abort`,
      headers,
    });
    advance(5 * MINUTE);
    expect(emulator.truth.calls.at(-1)).toMatchObject({ kind: "abort" });
    await push(TYPICAL);
    await tick();
    expect(await usual()).toMatchObject({ usageTotalMicroUsd: { median: 1_500_000, runs: 4 } });
    expect((await usual())?.usageTotalMicroUsd).not.toHaveProperty("stopped");
  });

  it("stays as it was known when the Actor's runs may not be read any more", async () => {
    const own = [ended(1, 20), ended(1, 19), ended(1, 18)];
    const world: World = {
      ...worldOf(HEALTHY, ...own),
      faults: [
        {
          match: { kind: "list", of: "actor" },
          fault: { kind: "refused", because: "permissions" },
          fromMs: HOUR,
        },
      ],
    };
    const { usual, advance, tick } = await medianOf(world);
    advance(DAY + HOUR);
    await tick();
    expect(await usual()).toMatchObject({ usageTotalMicroUsd: { median: 1_000_000, runs: 3 } });
  });
});
