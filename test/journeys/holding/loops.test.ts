import { describe, expect, it } from "vitest";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { HOUR, MINUTE } from "../../support/world.ts";
import { about, kindsOf, ofSources, puts, SCHEDULE, shown, storm } from "./storm.ts";

/** A run may last a minute, and a schedule starts one each minute. */
const looping = (loop: object = { do: "hold" }, more: object = {}, guards: object = {}) => ({
  version: 1,
  mode: "enforce",
  guards: {
    maxAborts: { percentOfLive: 100, perTick: 100, perHour: 1000 },
    loop: { within: "10m", ...loop },
    ...guards,
  },
  rules: [{ id: "a-minute", limit: { runTime: "1m" }, steps: [{ at: "100%", do: "abort" }] }],
  ...more,
});

const LONG = 12;

describe("a schedule that starts again what is stopped", () => {
  it("is held once, until none of its stops counts any more, and let go once", async () => {
    const watched = await storm(looping());
    const reports = await watched.ticks(LONG);
    expect(shown(watched)?.isEnabled).toBe(false);
    expect(await kindsOf(watched)).toEqual(["source.held"]);
    expect(puts(watched)).toHaveLength(1);
    const [held] = await ofSources(watched);
    const { recentIntents, holds } = await watched.ports.state.readControl();
    // Of the first two, the second was live when the first was stopped: the fourth stop is the third that counts.
    const lastStop = recentIntents[3]?.at.getTime() ?? 0;
    expect(held?.change).toMatchObject({ scheduleId: SCHEDULE, stops: 3, cause: { kind: "loop", stops: 3 } });
    expect(holds?.[0]?.until.getTime()).toBe(lastStop + 10 * MINUTE);
    // Held, it calls for nobody.
    expect(about(reports.at(-1) ?? never(), "loop:")).toEqual([]);
    await watched.ticks(4);
    expect(shown(watched)?.isEnabled).toBe(true);
    expect((await ofSources(watched)).map(({ kind, change }) => `${kind} ${change?.reason}`)).toEqual([
      "source.held undefined",
      "source.released its time is up",
    ]);
    expect(puts(watched)).toHaveLength(2);
    // What loops anew is held anew.
    await watched.ticks(LONG);
    expect(await kindsOf(watched)).toEqual(["source.held", "source.released", "source.held"]);
  });

  it.each([
    [
      "the policy only notifies",
      looping({ do: "notify" }),
      true,
      /what starts them has to be switched off, since/,
    ],
    [
      "the deployment does not allow it",
      looping(),
      false,
      /switched off: this deployment does not allow holds, since/,
    ],
    [
      "the policy observes",
      looping(
        { do: "hold" },
        { mode: "observe", rules: looping().rules.map((r) => ({ ...r, mode: "enforce" })) },
      ),
      true,
      /switched off: guards\.loop holds nothing in mode observe, since/,
    ],
    [
      "maxHolds is 0",
      looping({ do: "hold" }, {}, { maxHolds: 0 }),
      true,
      /what starts them has to be switched off, since/,
    ],
  ])("goes on where %s, and calls for a person", async (_what, policy, allowHolds, says) => {
    const watched = await storm(policy, { allowHolds });
    const reports = await watched.ticks(LONG);
    expect(puts(watched)).toEqual([]);
    expect(await kindsOf(watched)).toEqual([]);
    const told = about(reports.at(-1) ?? never(), "loop:");
    expect(told).toEqual([expect.stringMatching(/^loop:schedule:\w+ runs of schedule prices were stopped/)]);
    expect(told[0]).toMatch(says);
  });

  it("is let go by a policy that holds no loops", async () => {
    const watched = await storm(looping());
    await watched.ticks(LONG);
    await watched.push(looping({ do: "notify" }));
    await watched.ticks(1);
    expect(shown(watched)?.isEnabled).toBe(true);
    expect((await ofSources(watched)).at(-1)?.change).toMatchObject({
      reason: "the policy holds no loops any more",
    });
  });

  it("stays held through a pause", async () => {
    const watched = await storm(looping());
    await watched.ticks(LONG);
    await pause(watched.ports, { by: "ada", reason: "a migration" });
    watched.advance(HOUR);
    await watched.ticks(2);
    expect(shown(watched)?.isEnabled).toBe(false);
  });
});

function never(): never {
  throw new Error("no tick");
}
