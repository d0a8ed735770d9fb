import { describe, expect, it } from "vitest";
import { changeControl } from "../../../src/watchdog/audit/append.ts";
import { stateOf } from "../../../src/watchdog/model/control.ts";
import type { Ports } from "../../../src/watchdog/model/ports.ts";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { pause, resume } from "../../../src/watchdog/policies/operate.ts";
import { orderAbort } from "../../../src/watchdog/tick/outside.ts";
import { instead } from "../../support/instead.ts";
import { fiveUsd, OBSERVED } from "../../support/policies.ts";
import { type Watched, watch, within } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, SECOND, worldOf } from "../../support/world.ts";

const ORDER = { by: "arn:aws:iam::1:user/ann", reason: "crawls the wrong shop" };

/** Ann orders a run to be stopped. */
const order = ({ run, ports, emulator }: Watched, runId: string, as: Ports = ports) =>
  run(orderAbort(as, runId, ORDER, within({ emulator }, MINUTE)));

describe("abort by hand: never a false kill", () => {
  it("stops a healthy run that was named, in observe mode too, and attests it", async () => {
    const watched = await watch(worldOf(HEALTHY, HEALTHY), { policy: OBSERVED });
    const [runId = ""] = watched.runIds();
    expect(await order(watched, runId)).toMatchObject({ kind: "ordered", runId });
    await watched.ticks(3);
    expect(watched.aborts().map((call) => call.runId)).toEqual([runId]);
    expect(await watched.kinds(runId)).toEqual(["abort.intended", "abort.requested", "abort.confirmed"]);
  });

  it("calls nothing for a run that has ended, is on its way out, or does not exist", async () => {
    const ended = { ...HEALTHY, ends: { afterMs: HOUR / 2, status: "SUCCEEDED" as const } };
    const watched = await watch(worldOf(ended), { policy: fiveUsd() });
    const [runId = ""] = watched.runIds();
    expect(await order(watched, runId)).toEqual({ kind: "not-running", status: "SUCCEEDED" });
    expect(await order(watched, "nosuchrun00000000")).toEqual({ kind: "missing" });
    expect(watched.aborts()).toEqual([]);
    expect(await watched.entries(runId)).toEqual([]);
  });

  it("says that the order stands when its call fails, frees its allowance, and lets a tick carry it out", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: OBSERVED });
    const [runId = ""] = watched.runIds();
    const apify = instead(watched.ports.apify, { abortRun: () => Promise.reject(new Error("no way out")) });
    const result = await order(watched, runId, watched.process({ apify }));
    expect(result).toMatchObject({ kind: "ordered", runId, error: { message: "no way out" } });
    const { recentIntents } = await watched.ports.state.readControl();
    expect(recentIntents[0]?.tickEndsBy).toEqual(watched.ports.clock.now());
    watched.advance(MINUTE);
    await watched.ticks(2);
    expect(watched.aborts()).toHaveLength(1);
    expect((await watched.kinds(runId)).at(-1)).toBe("abort.confirmed");
  });

  it("calls nothing on a reading older than five seconds, but reads again", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const { ports, emulator } = watched;
    let slow = 1;
    const audit = instead(ports.audit, {
      append: async (append) => {
        emulator.clock.advance(slow-- > 0 ? 8 * SECOND : 0);
        return ports.audit.append(append);
      },
    });
    await order(watched, watched.runIds()[0] ?? "", watched.process({ audit }));
    const [abort] = watched.aborts();
    const read = emulator.truth.calls.filter(({ kind }) => kind === "get").at(-1);
    expect((abort?.atMs ?? 0) - (read?.atMs ?? 0)).toBeLessThanOrEqual(5 * SECOND);
  });

  it("stays condemned although no rule condemns it, until it is forced out", async () => {
    const watched = await watch(worldOf({ ...HEALTHY, onAbort: { kind: "ignoresGraceful" } }), {
      policy: OBSERVED,
    });
    const [runId = ""] = watched.runIds();
    await order(watched, runId);
    await watched.ticks(4);
    expect(watched.aborts().map(({ gracefully }) => gracefully)).toEqual([true, false]);
    expect(await watched.kinds(runId)).toContain("abort.confirmed");
  });
});

describe("abort by hand: every kill is written first", () => {
  it("says in each entry who ordered it, and in the first why", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const [runId = ""] = watched.runIds();
    await order(watched, runId);
    await watched.ticks(2);
    const entries = await watched.entries(runId);
    expect(entries[0]).toMatchObject({ kind: "abort.intended", reason: ORDER.reason, ruleId: "by hand" });
    expect(entries.map(({ by }) => by)).toEqual([ORDER.by, ORDER.by, ORDER.by]);
  });

  it("calls nothing when the intent can't be written", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const audit = instead(watched.ports.audit, { append: () => Promise.reject(new Error("no table")) });
    await expect(order(watched, watched.runIds()[0] ?? "", watched.process({ audit }))).rejects.toThrow(
      "no table",
    );
    expect(watched.aborts()).toEqual([]);
  });
});

describe("abort by hand: once", () => {
  it("refuses a second order while the first is open", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const [runId = ""] = watched.runIds();
    await order(watched, runId);
    expect(await order(watched, runId)).toMatchObject({ kind: "already", intent: { order: ORDER } });
    expect(watched.aborts()).toHaveLength(1);
  });

  it("makes one intent and one call of three orders and a tick at once", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const { run, process, emulator } = watched;
    const [runId = ""] = watched.runIds();
    const endsBy = new Date(emulator.clock.now() + MINUTE);
    const orders = [1, 2, 3].map(() =>
      orderAbort(process(), runId, ORDER, { signal: new AbortController().signal, endsBy }),
    );
    await run(Promise.all([...orders, watched.tick(process())]));
    expect(watched.aborts()).toHaveLength(1);
    expect((await watched.kinds(runId)).filter((kind) => kind === "abort.intended")).toHaveLength(1);
  });
});

describe("abort by hand: bounded blast, exemption and pause", () => {
  it.each(["perTick", "perHour", "percentOfLive"])("stops none at %s: 0", async (guard) => {
    const policy = fiveUsd({ guards: { maxAborts: { [guard]: 0 } } });
    const watched = await watch(worldOf(HEALTHY), { policy });
    expect(await order(watched, watched.runIds()[0] ?? "")).toMatchObject({ kind: "held", guard });
    expect(watched.aborts()).toEqual([]);
  });

  it.each([
    ["perTick", 0, /maxAborts\.perTick is 0, so nothing may be stopped: push a policy/],
    ["percentOfLive", 0, /maxAborts\.percentOfLive is 0, so nothing may be stopped/],
    ["perHour", 1, /maxAborts\.perHour is 1, with 1 run stopped in the last hour; wait, or push/],
  ])("says at %s: %d what it counted and what helps", async (guard, allowed, says) => {
    const policy = fiveUsd({ guards: { maxAborts: { percentOfLive: 100, [guard]: allowed } } });
    const watched = await watch(worldOf(OVER_5_USD, OVER_5_USD, HEALTHY), { policy });
    await watched.ticks(2);
    const refused = await order(watched, watched.runIds()[2] ?? "");
    expect(refused).toMatchObject({ kind: "held", guard, why: expect.stringMatching(says) });
  });

  it("does not count what was stopped more than an hour ago", async () => {
    const perHour = (most: number) =>
      fiveUsd({ guards: { maxAborts: { perHour: most, percentOfLive: 100 } } });
    const watched = await watch(worldOf(HEALTHY, HEALTHY, HEALTHY), { policy: perHour(2) });
    const [first = "", second = "", third = ""] = watched.runIds();
    await order(watched, first);
    watched.advance(50 * MINUTE);
    await order(watched, second);
    watched.advance(20 * MINUTE);
    await watched.push(perHour(1));
    expect(await order(watched, third)).toMatchObject({ why: expect.stringContaining("with 1 run stopped") });
  });

  it("counts with what ticks stopped in the last hour, and is counted", async () => {
    const policy = fiveUsd({ guards: { maxAborts: { perHour: 2, percentOfLive: 100 } } });
    const watched = await watch(worldOf(HEALTHY, OVER_5_USD, HEALTHY), { policy });
    const [first = "", , third = ""] = watched.runIds();
    await order(watched, first);
    await watched.tick();
    expect(await order(watched, third)).toMatchObject({ kind: "held", guard: "perHour" });
    expect(watched.aborts()).toHaveLength(2);
  });

  it("counts what the audit has of the last hour where the control state was put back", async () => {
    const policy = fiveUsd({ guards: { maxAborts: { perHour: 1, percentOfLive: 100 } } });
    const watched = await watch(worldOf(HEALTHY, HEALTHY), { policy });
    const { ports } = watched;
    const [first = "", second = ""] = watched.runIds();
    const before = stateOf(await ports.state.readControl());
    await order(watched, first);
    await watched.run(changeControl(ports, () => ({ next: before })));
    expect(await order(watched, second)).toMatchObject({ kind: "held", guard: "perHour" });
    expect(watched.aborts()).toHaveLength(1);
  });

  it("is refused while paused, with who paused it and why, and goes through once resumed", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const [runId = ""] = watched.runIds();
    await watched.run(pause(watched.ports, { by: "bob", reason: "an incident" }));
    expect(await order(watched, runId)).toMatchObject({
      kind: "held",
      guard: "pause",
      why: expect.stringMatching(/paused by bob since .*: an incident/),
    });
    await watched.run(resume(watched.ports, "bob", "over"));
    expect(await order(watched, runId)).toMatchObject({ kind: "ordered" });
  });

  it("withdraws when somebody pauses between the intent and the call", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const { ports } = watched;
    const [runId = ""] = watched.runIds();
    const audit = instead(ports.audit, {
      append: async (append) => {
        await ports.audit.append(append);
        if (append.sealed.entry.kind !== "abort.intended") return;
        await pause(ports, { by: "bob", reason: "now" });
        watched.advance(6 * SECOND);
      },
    });
    await order(watched, runId, watched.process({ audit }));
    expect(watched.aborts()).toEqual([]);
    expect(await watched.kinds(runId)).toEqual(["abort.intended", "abort.withdrawn"]);
  });

  it("does not stop an exempt run, whether the exemption is the run's or the Actor's", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const [runId = ""] = watched.runIds();
    const until = new Date(watched.emulator.clock.now() + HOUR);
    const subject = { kind: "run", id: runId } as const;
    await watched.run(grantExemption(watched.ports, { subject, until, owner: "bob", reason: "mine" }, "bob"));
    expect(await order(watched, runId)).toMatchObject({ kind: "held", guard: "exemption" });
    expect(watched.aborts()).toEqual([]);
  });

  it("stops nothing where no policy was ever pushed: nobody said how far it may go", async () => {
    const watched = await watch(worldOf(HEALTHY));
    expect(await order(watched, watched.runIds()[0] ?? "")).toEqual({ kind: "no-policy" });
    expect(watched.aborts()).toEqual([]);
  });
});
