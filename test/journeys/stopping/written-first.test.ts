import { describe, expect, it } from "vitest";
import { CLOSING_KINDS, type EntryKind } from "../../../src/watchdog/model/entry.ts";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { instead } from "../../support/instead.ts";
import { ANY_SHARE, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, SECOND, worldOf } from "../../support/world.ts";

const closings = (kinds: readonly EntryKind[]) =>
  kinds.filter((kind) => (CLOSING_KINDS as readonly string[]).includes(kind));

describe("every kill is written first", () => {
  it("has the intent in the audit before the call reaches Apify", async () => {
    const { ports, process, tick, entries, runIds } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const [runId = ""] = runIds();
    let written: readonly string[] = [];
    const apify: typeof ports.apify = {
      ...ports.apify,
      abortRun: async (call, signal) => {
        written = (await entries(runId)).map(({ kind }) => kind);
        return ports.apify.abortRun(call, signal);
      },
    };
    await tick(process({ apify }));
    expect(written).toEqual(["abort.intended"]);
  });

  it("aborts nothing when the audit can't be written", async () => {
    const { ports, process, tick, aborts, warnings } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    const audit = instead(ports.audit, {
      append: () => Promise.reject(new Error("the audit table is not there")),
    });
    const report = await tick(process({ audit }));
    expect(aborts()).toEqual([]);
    expect(report.skipped).toMatchObject({ "acting on a run failed": 1 });
    expect(warnings.join()).toContain("the audit table is not there");
  });

  it("decides again when the control state moved under the intent", async () => {
    const { ports, process, tick, aborts, kinds, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    let refused = 0;
    const audit = instead(ports.audit, {
      append: (append) => {
        if (refused++ < 2) return Promise.reject(new ConflictError("the control state has moved"));
        return ports.audit.append(append);
      },
    });
    await tick(process({ audit }));
    expect(aborts()).toHaveLength(1);
    expect(await kinds(runIds()[0] ?? "")).toEqual(["abort.intended", "abort.requested"]);
  });

  it("closes a confirmed intent with the figures that the run ended at", async () => {
    const { ticks, entries, runIds } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await ticks(3);
    const all = await entries(runIds()[0] ?? "");
    expect(all.map(({ kind }) => kind)).toEqual(["abort.intended", "abort.requested", "abort.confirmed"]);
    expect(all.at(-1)).toMatchObject({
      intentId: all[0]?.entryId,
      finalUsageTotalUsd: 7,
      overshootUsd: 2,
      run: { status: "ABORTED" },
    });
  });

  it("closes as moot when the run ends otherwise before the abort takes", async () => {
    const { ticks, entries, runIds } = await watch(
      worldOf({ ...OVER_5_USD, onAbort: { kind: "winsRace", afterMs: 4 * SECOND } }),
      { policy: fiveUsd() },
    );
    await ticks(3);
    const all = await entries(runIds()[0] ?? "");
    expect(all.map(({ kind }) => kind)).toEqual(["abort.intended", "abort.requested", "abort.moot"]);
    expect(all.at(-1)?.reason).toContain("SUCCEEDED");
  });

  it("withdraws an intent whose call was never sent once the policy forbids it", async () => {
    const { ports, process, push, tick, advance, kinds, aborts, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    const apify: typeof ports.apify = {
      ...ports.apify,
      abortRun: () => Promise.reject(new Error("the process died")),
    };
    await tick(process({ apify }));
    await push(fiveUsd({ mode: "observe" }));
    advance(MINUTE);
    await tick();
    await tick();
    expect(aborts()).toEqual([]);
    expect(await kinds(runIds()[0] ?? "")).toEqual(["abort.intended", "abort.withdrawn", "abort.observed"]);
  });

  it("calls in the next tick when the process died between the intent and the call", async () => {
    const { ports, process, tick, advance, kinds, aborts, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    const apify: typeof ports.apify = {
      ...ports.apify,
      abortRun: () => Promise.reject(new Error("the process died")),
    };
    await tick(process({ apify }));
    advance(MINUTE);
    await tick();
    expect(aborts()).toHaveLength(1);
    expect(await kinds(runIds()[0] ?? "")).toEqual(["abort.intended", "abort.requested"]);
  });

  it("escalates once to an abort without grace, then alarms once and keeps looking", async () => {
    const { ticks, kinds, aborts, runIds } = await watch(
      worldOf({ ...OVER_5_USD, onAbort: { kind: "unstoppable" } }),
      { policy: fiveUsd() },
    );
    await ticks(15);
    expect(aborts().map(({ gracefully }) => gracefully)).toEqual([true, false]);
    expect(await kinds(runIds()[0] ?? "")).toEqual([
      "abort.intended",
      "abort.requested",
      "abort.forced",
      "abort.requested",
      "abort.unconfirmed",
    ]);
  });

  it("confirms a run that only force could end", async () => {
    const { ticks, kinds, runIds } = await watch(
      worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }),
      {
        policy: fiveUsd(),
      },
    );
    await ticks(5);
    const all = await kinds(runIds()[0] ?? "");
    expect(all).toEqual([
      "abort.intended",
      "abort.requested",
      "abort.forced",
      "abort.requested",
      "abort.confirmed",
    ]);
  });

  it("aborts at once without grace where the rule says abort-now", async () => {
    const rules = [{ id: "now", limit: { usageTotalUsd: 5 }, steps: [{ at: "100%", do: "abort-now" }] }];
    const { ticks, kinds, aborts, runIds } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd({ rules }) });
    await ticks(3);
    expect(aborts().map(({ gracefully }) => gracefully)).toEqual([false]);
    expect(await kinds(runIds()[0] ?? "")).toEqual([
      "abort.intended",
      "abort.forced",
      "abort.requested",
      "abort.confirmed",
    ]);
  });

  it("takes a run for gone when Apify has had none for ten minutes, not before", async () => {
    const { emulator, ticks, kinds, runIds } = await watch(
      worldOf({ ...OVER_5_USD, onAbort: { kind: "unstoppable" } }),
      { policy: fiveUsd() },
    );
    const [runId = ""] = runIds();
    await ticks(1);
    emulator.handle({
      method: "DELETE",
      url: `/v2/actor-runs/${runId}`,
      headers: { authorization: "Bearer x" },
    });
    emulator.faults.add({ match: { runId }, fault: { kind: "young-404", forMs: 2 * HOUR }, times: 1_000 });
    await ticks(10);
    expect(closings(await kinds(runId))).toEqual([]);
    await ticks(3);
    expect(closings(await kinds(runId))).toEqual(["abort.moot"]);
  });

  it("gives every intent exactly one closing entry over many lives", async () => {
    const { emulator, ports, run, ticks, kinds, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(ANY_SHARE),
    });
    const [runId = ""] = runIds();
    for (let life = 0; life < 3; life++) {
      await ticks(4);
      await run(ports.apify.resurrectRun(runId, {}, new AbortController().signal));
      emulator.clock.advance(MINUTE);
    }
    await ticks(4);
    const all = await kinds(runId);
    expect(all.filter((kind) => kind === "abort.intended")).toHaveLength(4);
    expect(closings(all)).toHaveLength(4);
  });

  it("withdraws nothing whose call may have left when the tick ran out of time", async () => {
    const { emulator, ports, run, process, tick, advance, aborts, kinds, runIds } = await watch(
      worldOf(OVER_5_USD),
      { policy: fiveUsd() },
    );
    const [runId = ""] = runIds();
    const out = new AbortController();
    const apify = instead(ports.apify, {
      abortRun: async (call, signal) => {
        emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "reset", afterEffect: false } });
        const answer = await ports.apify.abortRun(call, signal);
        out.abort();
        return answer;
      },
    });
    await tick(process({ apify }), out.signal);
    const until = new Date(emulator.clock.now() + HOUR);
    await run(
      grantExemption(ports, { subject: { kind: "run", id: runId }, until, owner: "a", reason: "b" }, "a"),
    );
    advance(MINUTE);
    await tick();
    expect(aborts()).toHaveLength(1);
    expect(await kinds(runId)).toEqual(["abort.intended"]);
  });

  it("does not withdraw while another tick's call is on its way", async () => {
    const { ports, process, tick, kinds, runIds } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const apify = instead(ports.apify, {
      abortRun: async (call, signal) => {
        await pause(ports, { by: "ann", reason: "now" });
        await tick(process());
        return ports.apify.abortRun(call, signal);
      },
    });
    await tick(process({ apify }));
    expect(await kinds(runIds()[0] ?? "")).toEqual(["abort.intended", "abort.requested"]);
  });

  it("forces at once a run that hangs in somebody else's abort, and invents no call of its own", async () => {
    const rules = [{ id: "hangs", limit: { abortingTime: "5m" }, steps: [{ at: "100%", do: "abort-now" }] }];
    const { emulator, ticks, entries, aborts, runIds } = await watch(
      worldOf({ ...HEALTHY, onAbort: { kind: "ignoresGraceful" } }),
      { policy: fiveUsd({ rules }) },
    );
    const [runId = ""] = runIds();
    const url = `/v2/actor-runs/${runId}/abort?gracefully=true`;
    emulator.handle({ method: "POST", url, headers: { authorization: "Bearer owner" } });
    await ticks(8);
    expect(aborts().map(({ gracefully }) => gracefully)).toEqual([true, false]);
    const all = await entries(runId);
    expect(all.map(({ kind, response }) => response ?? kind)).toEqual([
      "abort.intended",
      "abort.forced",
      "ABORTED",
      "abort.confirmed",
    ]);
  });

  it("leaves a trace of a lost call although the run then ended by itself", async () => {
    const { emulator, ticks, kinds, runIds } = await watch(
      worldOf({ ...OVER_5_USD, ends: { afterMs: HOUR + 2 * SECOND, status: "SUCCEEDED" } }),
      { policy: fiveUsd() },
    );
    const reset = { kind: "reset", afterEffect: false } as const;
    emulator.faults.add({ match: { kind: "abort" }, fault: reset, times: 3 });
    await ticks(3);
    expect((await kinds(runIds()[0] ?? "")).slice(0, 2)).toEqual(["abort.intended", "abort.requested"]);
  });

  it("closes as moot when the run was resurrected before its end was seen", async () => {
    const { emulator, ports, run, tick, advance, kinds, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    await tick();
    emulator.clock.advance(40 * SECOND);
    await run(ports.apify.resurrectRun(runIds()[0] ?? "", {}, new AbortController().signal));
    advance(20 * SECOND);
    await tick();
    expect((await kinds(runIds()[0] ?? "")).slice(0, 3)).toEqual([
      "abort.intended",
      "abort.requested",
      "abort.moot",
    ]);
  });
});
