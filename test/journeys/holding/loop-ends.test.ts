import { describe, expect, it } from "vitest";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { pause, resume } from "../../../src/watchdog/policies/operate.ts";
import { orderRelease } from "../../../src/watchdog/tick/outside.ts";
import { HOUR, MINUTE } from "../../support/world.ts";
import { kindsOf, ofSources, puts, SCHEDULE, START, shown, storm } from "./storm.ts";

/** A run may last a minute, and a schedule starts one each minute. */
const looping = (budget?: object) => ({
  version: 1,
  mode: "enforce",
  guards: {
    maxAborts: { percentOfLive: 100, perTick: 100, perHour: 1000 },
    loop: { within: budget ? "1h" : "10m", do: "hold" },
  },
  rules: [
    { id: "a-minute", limit: { runTime: "1m" }, steps: [{ at: "100%", do: "abort" }] },
    ...(budget ? [{ id: "an-hour", budget, steps: [{ at: "100%", do: "hold" }] }] : []),
  ],
});
const LONG = 12;
const exemption = (subject: { kind: "rule" | "actor"; id: string }) => ({
  subject,
  until: new Date(START.getTime() + 2 * HOUR),
  owner: "ada",
  reason: "it is known",
});

describe("a loop that is held", () => {
  it("is held no sooner than a pause is over", async () => {
    const watched = await storm(looping());
    await watched.ticks(4);
    await pause(watched.ports, { by: "ada", reason: "a migration" });
    await watched.ticks(4);
    expect(puts(watched)).toEqual([]);
    await resume(watched.ports, "ada", "done");
    await watched.ticks(4);
    expect(await kindsOf(watched)).toEqual(["source.held"]);
  });

  it.each([
    [
      "what loops is exempt from guards.loop",
      (_id: string) => ({ kind: "rule", id: "guards.loop" }) as const,
    ],
    ["the Actor is exempt", (id: string) => ({ kind: "actor", id }) as const],
  ])("is let go once %s, and held no more", async (_what, subjectOf) => {
    const watched = await storm(looping());
    await watched.ticks(LONG);
    expect(await kindsOf(watched)).toEqual(["source.held"]);
    const [run] = watched.emulator.truth.runs();
    await grantExemption(watched.ports, exemption(subjectOf(run?.actorId ?? "")), "ada");
    await watched.ticks(2);
    expect(shown(watched)?.isEnabled).toBe(true);
    expect((await ofSources(watched)).at(-1)?.change).toMatchObject({ reason: "what it starts is exempt" });
    await watched.ticks(LONG);
    expect(await kindsOf(watched)).toEqual(["source.held", "source.released"]);
  });

  it("is let go by a person, and free until its time would have been up", async () => {
    const watched = await storm(looping());
    await watched.ticks(LONG);
    const until = new Date(String((await ofSources(watched))[0]?.change?.until));
    const options = { signal: new AbortController().signal, endsBy: new Date(until.getTime() + HOUR) };
    const order = { scheduleId: SCHEDULE, by: "ada", reason: "it is needed" };
    const { kind } = await watched.run(orderRelease(watched.ports, order, options));
    expect(kind).toBe("done");
    const left = Math.floor((until.getTime() - watched.ports.clock.now().getTime()) / MINUTE);
    await watched.ticks(left);
    expect(await kindsOf(watched)).toEqual(["source.held", "source.released"]);
    await watched.ticks(3);
    expect(await kindsOf(watched)).toEqual(["source.held", "source.released", "source.held"]);
  });

  it("stays held for the loop when the budget's window that it was held for ends, and nothing is called", async () => {
    const watched = await storm(looping({ runs: 5, per: "hour" }));
    await watched.ticks(54);
    expect(shown(watched)?.isEnabled).toBe(false);
    expect(puts(watched)).toHaveLength(1);
    const entries = await ofSources(watched);
    expect(entries.map(({ kind, change }) => ({ kind, cause: change?.cause }))).toMatchObject([
      { kind: "source.held", cause: { kind: "budget" } },
      { kind: "source.held", cause: { kind: "loop" } },
    ]);
    expect(entries[1]?.intentId).toBe(entries[0]?.entryId);
    await watched.ticks(18);
    expect((await kindsOf(watched)).slice(0, 3)).toEqual(["source.held", "source.held", "source.released"]);
  });
});
