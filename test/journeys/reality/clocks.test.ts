import { describe, expect, it } from "vitest";
import type { RunScript, World } from "../../../emulator/index.ts";
import { createApify } from "../../../src/adapters/apify/index.ts";
import { environmentToken } from "../../../src/adapters/token/index.ts";
import { stateOf } from "../../../src/watchdog/model/control.ts";
import type { Clock, Ports } from "../../../src/watchdog/model/ports.ts";
import { attestOpen, foreseeOrder, orderAbort } from "../../../src/watchdog/tick/outside.ts";
import { watchOn } from "../../../src/watchdog/tick/watch-on.ts";
import { instead } from "../../support/instead.ts";
import { ABORT, fiveUsd } from "../../support/policies.ts";
import { transportOf, type Watched, watch, within } from "../../support/watch.ts";
import { HOUR, MINUTE, OVER_5_USD, SECOND, worldOf } from "../../support/world.ts";

const limited = (limit: object) => ({ ...fiveUsd(), rules: [{ id: "limited", limit, steps: [ABORT] }] });

type Given = { readonly kind: string };
type Give = (ports: Ports, runId: string, options: ReturnType<typeof within>) => Promise<Given>;

/** A process on a machine whose wall clock is so much ahead; what it dates, and what it asks, goes by that. */
function machine(watched: Watched, aheadMs: () => number, changes: Partial<Ports> = {}): Ports {
  const { clock: real } = watched.ports;
  const clock: Clock = instead(real, { now: () => new Date(real.now().getTime() + aheadMs()) });
  const apify = createApify({
    baseUrl: "https://apify.test",
    token: environmentToken("good-token"),
    transport: transportOf(watched.emulator, real.sleep),
    clock,
    random: () => 0.5,
    abortEndpoint: "actor-runs",
  });
  return watched.process({ clock, apify, ...changes });
}

describe("a machine whose clock differs from Apify's", () => {
  it("stops nothing by a runTime that is wrong by six hours, moves and remembers nothing, and says why", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: limited({ runTime: "6h" }) });
    const before = await watched.ports.state.readLive();
    const report = await watched.tick(machine(watched, () => 6 * HOUR));
    expect(watched.aborts()).toEqual([]);
    expect(report.attention).toEqual([expect.stringMatching(/^clock: this machine's clock is 6h ahead/)]);
    expect(await watched.ports.state.readLive()).toEqual(before);
    expect((await watched.tick()).attention).toEqual([]);
  });

  it("writes nothing by it where Apify refuses its token, either: a refusal tells the time, too", async () => {
    const watched = await watch(worldOf({ ...OVER_5_USD, cost: 1 }), { policy: limited({ runTime: "6h" }) });
    await watched.tick();
    const before = await watched.ports.state.readLive();
    watched.emulator.faults.add({ fault: { kind: "refused", because: "token" }, times: 9 });
    await expect(watched.tick(machine(watched, () => -HOUR))).rejects.toThrow(/refused the token/);
    expect(await watched.ports.state.readLive()).toEqual(before);
  });

  it.each([
    ["says that it was here", 20 * SECOND, { tickId: "tick-3", complete: false }],
    ["leaves who is later by its own clock to have been here last", -20 * MINUTE, { tickId: "tick-2" }],
  ])(
    "%s, and leaves what others saw as they dated it where no answer shows the time",
    async (_, ms, last) => {
      const watched = await watch(worldOf({ ...OVER_5_USD, cost: 1 }));
      await watched.ticks(2);
      const { heartbeat: _heartbeat, ...before } = await watched.ports.state.readLive();
      watched.emulator.faults.add({ fault: { kind: "reset", afterEffect: false }, times: 99 });
      await expect(watched.tick(machine(watched, () => ms))).rejects.toThrow(/^No answer/);
      const { heartbeat: after, ...left } = await watched.ports.state.readLive();
      expect(after).toMatchObject(last);
      expect(left).toEqual({ ...before, version: left.version, amiss: left.amiss });
    },
  );

  it("writes nothing by a clock that was set after Apify's last answer, either", async () => {
    const watched = await watch(worldOf({ ...OVER_5_USD, cost: 1 }), { policy: fiveUsd() });
    await watched.tick();
    watched.advance(MINUTE);
    const before = await watched.ports.state.readLive();
    let aheadMs = 0;
    const ports = machine(watched, () => aheadMs);
    const { apify } = ports;
    const report = await watched.tick({
      ...ports,
      apify: instead(apify, {
        // Asked once Apify is asked nothing more, and before anything of what was seen is written down.
        clockChecks: () => {
          aheadMs = -HOUR;
          return apify.clockChecks();
        },
      }),
    });
    expect(report.attention).toContainEqual(
      expect.stringMatching(/^clock: this machine's clock went 1h back/),
    );
    expect(report.complete).toBe(false);
    expect(await watched.ports.state.readLive()).toEqual(before);
    aheadMs = 0;
    expect(await watched.tick(ports)).toMatchObject({ attention: [], complete: true });
  });

  it.each([
    ["watches on", watchOn],
    ["attests", attestOpen],
  ] as const)("%s between ticks although it was asleep since the last one", async (_what, goOn) => {
    const watched = await watch(worldOf({ ...OVER_5_USD, cost: 1 }), { policy: fiveUsd() });
    let aheadMs = -20 * SECOND;
    const ports = machine(watched, () => aheadMs);
    await watched.tick(ports);
    aheadMs = 20 * SECOND;
    const options = within(watched, MINUTE);
    expect(await goOn(ports, { ...options, watchUntil: options.endsBy })).toEqual([]);
  });

  const ORDER = { by: "ann", reason: "wrong shop" };
  it.each([
    ["foresees", "possible", foreseeOrder],
    ["takes", "ordered", (ports, runId, options) => orderAbort(ports, runId, ORDER, options)],
  ] satisfies readonly [string, string, Give][])(
    "%s an order although it was asleep since the last answer",
    async (_what, kind, give) => {
      const watched = await watch(worldOf({ ...OVER_5_USD, cost: 1 }), { policy: fiveUsd() });
      const [runId = ""] = watched.runIds();
      let aheadMs = -20 * SECOND;
      const ports = machine(watched, () => aheadMs);
      await watched.tick(ports);
      aheadMs = 20 * SECOND;
      const given = await watched.run<Given>(give(ports, runId, within(watched, MINUTE)));
      expect(given).toMatchObject({ kind });
    },
  );

  it("takes what another one dated up to a minute later for remembered", async () => {
    const queued = { ...OVER_5_USD, cost: 1, startsAfterMs: 0, readyForMs: 5 * MINUTE };
    const watched = await watch(worldOf(queued), { policy: limited({ runTime: "6h" }) });
    const readyUntil = async () =>
      [...(await watched.ports.state.readLive()).runs.values()][0]?.life.readyUntil;
    await watched.ticks(1);
    watched.advance(20 * SECOND);
    await watched.tick(machine(watched, () => 28 * SECOND));
    const seen = await readyUntil();
    expect(seen).toBeDefined();
    await watched.tick(machine(watched, () => -28 * SECOND));
    expect(await readyUntil()).toEqual(seen);
  });

  it("is seen as late as in the reading before a call", async () => {
    const watched = await watch(worldOf(OVER_5_USD, OVER_5_USD), { policy: fiveUsd() });
    let aheadMs = 0;
    const ports = machine(watched, () => aheadMs);
    const { apify } = ports;
    const report = await watched.tick({
      ...ports,
      apify: instead(apify, {
        readRun: (runId, signal) => {
          aheadMs = -5 * MINUTE;
          return apify.readRun(runId, signal);
        },
      }),
    });
    expect(watched.aborts()).toEqual([]);
    expect(report.attention).toEqual([expect.stringMatching(/^clock: .* 5m behind/)]);
  });

  it("goes on where no answer shows Apify's time, and says so", async () => {
    const world: World = { ...worldOf(OVER_5_USD), date: { as: "missing" } };
    const watched = await watch(world, { policy: fiveUsd() });
    expect((await watched.tick()).skipped).toMatchObject({ "no answer showed Apify's time": 1 });
    expect(watched.aborts()).toHaveLength(1);
  });

  it("refuses an abort by hand from a laptop that is two minutes behind", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const laptop = machine(watched, () => -2 * MINUTE);
    const [runId = ""] = watched.runIds();
    const order = { by: "ada", reason: "wrong shop" };
    const ordered = watched.run(orderAbort(laptop, runId, order, within(watched, MINUTE)));
    await expect(ordered).rejects.toThrow("this machine's clock is 2m behind Apify's");
    expect(watched.aborts()).toEqual([]);
  });

  it("dates an order by Apify's clock, so that 25 s too little bring no call without grace too early", async () => {
    const watched = await watch(worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }), {
      policy: { ...fiveUsd(), escalation: { forceAfter: "30s" } },
    });
    const laptop = machine(watched, () => -25 * SECOND);
    const [runId = ""] = watched.runIds();
    const order = { by: "ada", reason: "wrong shop" };
    await watched.run(orderAbort(laptop, runId, order, within(watched, MINUTE)));
    watched.advance(10 * SECOND);
    await watched.tick();
    expect(watched.aborts().map(({ gracefully }) => gracefully)).toEqual([true]);
  });
});

describe("a reading before a call", () => {
  /** A process to which something happens between its reading and the call: while it writes down its intent. */
  const disturbed = async (happens: (jump: (wallMs: number) => void, watched: Watched) => void) => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    let [wallMs, readMs, calls] = [0, 0, 0];
    const ages: number[] = [];
    const ports = machine(watched, () => wallMs);
    const { apify: real, audit, clock } = ports;
    const apify = instead(real, {
      readRun: async (runId, signal) => {
        const reading = await real.readRun(runId, signal);
        readMs = clock.monotonicMs();
        return reading;
      },
      abortRun: (call, signal) => {
        calls += 1;
        ages.push(clock.monotonicMs() - readMs);
        return real.abortRun(call, signal);
      },
    });
    let happened = false;
    await watched.tick({
      ...ports,
      apify,
      audit: instead(audit, {
        append: async (append) => {
          await audit.append(append);
          if (happened) return;
          happened = true;
          happens((ms) => {
            wallMs = ms;
          }, watched);
        },
      }),
    });
    return { calls, ages };
  };

  it("is not fresh because the clock was set back by five minutes meanwhile", async () => {
    const { calls, ages } = await disturbed((jump, { advance }) => {
      jump(-5 * MINUTE);
      advance(10 * SECOND);
    });
    expect(calls).toBe(0);
    expect(ages).toEqual([]);
  });

  it("is not fresh to a process that was frozen meanwhile", async () => {
    const { ages } = await disturbed((_jump, { advance }) => advance(15 * SECOND));
    expect(ages).toEqual([0]);
  });

  it("is taken again where the clock was set on meanwhile", async () => {
    const { ages } = await disturbed((jump) => jump(20 * SECOND));
    expect(ages).toHaveLength(1);
  });
});

describe("what is dated ahead of now", () => {
  it("counts as not remembered where it is a look, a cursor or a heartbeat", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: limited({ usageTotalUsd: 100 }) });
    await watched.tick();
    const live = await watched.ports.state.readLive();
    const ahead = new Date(watched.emulator.clock.now() + 6 * HOUR);
    const runs = [...live.runs].map(([id, each]) => [id, { ...each, observedAt: ahead }] as const);
    const [heartbeat] = live.heartbeat ? [{ ...live.heartbeat, startedAt: ahead, finishedAt: ahead }] : [];
    const wrong = { ...live, runs: new Map(runs), cursor: ahead, completeAt: ahead };
    await watched.ports.state.writeLive({ ...wrong, ...(heartbeat && { heartbeat }) });
    await watched.push(fiveUsd());
    watched.advance(MINUTE);
    await watched.tick();
    expect(watched.aborts()).toHaveLength(1);
    const after = await watched.ports.state.readLive();
    const now = watched.emulator.clock.now();
    for (const at of [after.cursor, after.completeAt, after.heartbeat?.finishedAt])
      expect(at?.getTime()).toBeLessThanOrEqual(now);
  });

  it("stands where it is an intent: it fills its place, and forces when it has been seen for so long", async () => {
    const stuck: RunScript = { ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } };
    const policy = {
      ...fiveUsd(),
      guards: { maxAborts: { perTick: 1, perHour: 1 } },
      escalation: { forceAfter: "2m" },
    };
    const watched = await watch(worldOf(stuck, stuck), { policy });
    await watched.tick();
    const control = await watched.ports.state.readControl();
    const ahead = new Date(watched.emulator.clock.now() + 3 * HOUR);
    const next = {
      ...stateOf(control),
      recentIntents: control.recentIntents.map((each) => ({ ...each, at: ahead })),
      openIntents: control.openIntents.map((each) => ({ ...each, at: ahead, requestedAt: ahead })),
    };
    await watched.ports.state.writeControl(next, control.version);
    watched.advance(MINUTE);
    await watched.ticks(4);
    expect(watched.aborts().map(({ gracefully }) => gracefully)).toEqual([true, false]);
    watched.advance(55 * MINUTE);
    await watched.ticks(4);
    expect(new Set(watched.aborts().map(({ runId }) => runId)).size).toBe(2);
  });
});
