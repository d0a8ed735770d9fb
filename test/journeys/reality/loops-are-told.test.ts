import { describe, expect, it } from "vitest";
import type { RunScript, World } from "../../../emulator/index.ts";
import { changeControl } from "../../../src/watchdog/audit/append.ts";
import { describeEntry } from "../../../src/watchdog/audit/describe.ts";
import { stateOf } from "../../../src/watchdog/model/control.ts";
import { CONTROL_CHAIN, type Entry } from "../../../src/watchdog/model/entry.ts";
import { instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, SECOND, worldOf } from "../../support/world.ts";

const ANY_NUMBER = fiveUsd({ guards: { maxAborts: { percentOfLive: 100 } } });

/** Over 5 USD at each look, and it burns on. */
const DEAR: RunScript = burning(60, { startsAfterMs: -10 * MINUTE });
const worldWith = (script: Partial<RunScript>): World => worldOf({ ...DEAR, ...script });

const loopsIn = (attention: readonly string[]): readonly string[] =>
  attention.filter((each) => each.startsWith("loop:"));

const begun = async ({ ports }: Watched): Promise<readonly Entry[]> =>
  (await ports.audit.readChain(CONTROL_CHAIN))
    .map(({ text }) => JSON.parse(text) as Entry)
    .filter(({ kind }) => kind === "loop.begun");

describe("what starts again whatever is stopped", () => {
  it("is named from the third stop on, with what it costs an hour, until it ends", async () => {
    const world = worldWith({ resurrected: { afterMs: 30 * SECOND, times: 4 } });
    const watched = await watch(world, { policy: ANY_NUMBER });
    const reports = await watched.ticks(30);
    const told = reports.map(({ attention }) => loopsIn(attention));
    const first = told.findIndex((each) => each.length > 0);
    expect(watched.aborts().length).toBeGreaterThanOrEqual(3);
    expect(told[first]).toEqual([
      expect.stringMatching(
        /^loop:actor:\w+ runs of acme\/shop were stopped 3 times in \S+ and came back each time, which costs [1-9][\d.]* USD an hour; the limit may be wrong/,
      ),
    ]);
    // One loop is one attention, under one id.
    expect(new Set(told.flat().map((each) => each.split(" ")[0])).size).toBe(1);
    watched.advance(HOUR);
    expect(loopsIn((await watched.tick()).attention)).toEqual([]);
  });

  it("is written down once when it begins, and again only when it begins again", async () => {
    const world = worldWith({ retried: { afterMs: 10 * SECOND, times: 6 } });
    const watched = await watch(world, { policy: ANY_NUMBER });
    await watched.ticks(40);
    const [first, ...others] = await begun(watched);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      by: "watchdog",
      change: { subject: { kind: "actor" }, stops: 3, usdPerHour: expect.any(Number) },
    });
    expect(describeEntry(first as Entry)).toMatchObject({
      word: "LOOP",
      text: expect.stringMatching(
        /^actor \w+: its runs were stopped 3 times in \S+ and came back each time, which costs/,
      ),
    });
    expect((await watched.ports.state.readControl()).loops).toHaveLength(1);
    watched.advance(HOUR);
    await watched.tick();
    expect((await watched.ports.state.readControl()).loops).toBeUndefined();
    expect(await begun(watched)).toHaveLength(1);
  });

  it("is written down once by two ticks at once, and by one after another that died with it", async () => {
    const watched = await watch(worldOf(), { policy: ANY_NUMBER });
    const { emulator, ports, process, run } = watched;
    const now = emulator.clock.now();
    const source = { kind: "schedule" as const, id: "schedule-1" };
    const recentIntents = [30, 20, 10].map((at, i) => ({
      runId: `run-${i}`,
      life: 0,
      source,
      startedAt: new Date(now - at * MINUTE - SECOND),
      at: new Date(now - at * MINUTE),
      tickId: "before",
      tickEndsBy: new Date(now - SECOND),
    }));
    await run(changeControl(ports, (control) => ({ next: { ...stateOf(control), recentIntents } })));
    const dying = instead(ports.state, { writeLive: () => Promise.reject(new Error("died")) });
    await Promise.all([watched.tick(process({ state: dying })), watched.tick(process())]);
    watched.advance(MINUTE);
    await watched.tick();
    expect(await begun(watched)).toHaveLength(1);
  });

  it("may be a client that starts another run each time", async () => {
    const watched = await watch(worldWith({ retried: { afterMs: 10 * SECOND, times: 6 } }), {
      policy: ANY_NUMBER,
    });
    const reports = await watched.ticks(40);
    expect(loopsIn(reports.at(-1)?.attention ?? [])).toEqual([expect.stringContaining("acme/shop")]);
  });

  it("may be a schedule or a task, each by its name", async () => {
    const of = (task: string | undefined, script: object): World => ({
      ...worldOf(),
      schedules: [
        {
          name: "often",
          id: "schedule-often",
          everyMs: 8 * MINUTE,
          isExclusive: true,
          starts: { actor: "acme/shop", cost: 60, ...(task && { task }), ...script },
        },
      ],
    });
    const bySchedule = await watch(of(undefined, {}), { policy: ANY_NUMBER });
    const reports = await bySchedule.ticks(50);
    expect(loopsIn(reports.at(-1)?.attention ?? [])).toEqual([
      expect.stringMatching(/^loop:schedule:schedule-often runs of schedule often were stopped/),
    ]);
    const byTask = await watch(worldWith({ task: "shop-eu", retried: { afterMs: 10 * SECOND, times: 6 } }), {
      policy: ANY_NUMBER,
    });
    const told = (await byTask.ticks(40)).at(-1)?.attention ?? [];
    expect(loopsIn(told)).toEqual([expect.stringMatching(/^loop:task:\w+ runs of acme\/shop-eu were/)]);
  });

  it("is none where runs that were live together are stopped one after the other", async () => {
    const five = Array.from({ length: 5 }, () => DEAR);
    const watched = await watch(worldOf(...five), {
      policy: fiveUsd({ guards: { maxAborts: { perTick: 1, percentOfLive: 100 } } }),
    });
    const reports = await watched.ticks(10);
    expect(watched.aborts()).toHaveLength(5);
    expect(reports.flatMap(({ attention }) => loopsIn(attention))).toEqual([]);
  });

  it("is named as well where the name can't be read, and asks for it no more than once an hour", async () => {
    const world: World = {
      ...worldWith({ resurrected: { afterMs: 30 * SECOND, times: 10 } }),
      faults: [{ match: { kind: "actor" }, fault: { kind: "refused", because: "permissions" } }],
    };
    const watched = await watch(world, { policy: ANY_NUMBER });
    const reports = await watched.ticks(40);
    expect(loopsIn(reports.at(-1)?.attention ?? [])).toEqual([
      expect.stringMatching(/^loop:actor:(\w+) runs of Actor \1 were stopped/),
    ]);
    expect(watched.emulator.truth.calls.filter(({ kind }) => kind === "actor").length).toBeLessThanOrEqual(1);
  });

  it("hides nothing else that calls for a person, however many sources do so", async () => {
    const held = fiveUsd({ guards: { maxAborts: { perTick: 0, perHour: 10_000 } } });
    const { emulator, ports, run, ticks } = await watch(worldOf(DEAR), { policy: held });
    const now = emulator.clock.now();
    const recentIntents = Array.from({ length: 750 }, (_, i) => ({
      runId: `run-${i}`,
      life: 0,
      source: { kind: "schedule" as const, id: `schedule-${i % 250}` },
      startedAt: new Date(now - 10 * MINUTE + i * SECOND - 100),
      at: new Date(now - 10 * MINUTE + i * SECOND),
      tickId: "before",
      tickEndsBy: new Date(now - SECOND),
    }));
    await run(changeControl(ports, (control) => ({ next: { ...stateOf(control), recentIntents } })));
    const [, report] = await ticks(2);
    expect(loopsIn(report?.attention ?? [])).toHaveLength(250);
    expect(report?.attention).toContainEqual(expect.stringMatching(/^held: 1 stop stays held/));
  });
});
