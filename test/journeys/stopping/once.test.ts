import { describe, expect, it } from "vitest";
import { engineMissing } from "../../support/engines/engine.ts";
import { costRule, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const on = engineMissing ? "memory" : "engine";

describe("once", () => {
  it.each([
    {
      name: "the connection dies after the call had its effect",
      fault: { kind: "reset", afterEffect: true },
    },
    { name: "the answer is HTML after the effect", fault: { kind: "html", status: 502, afterEffect: true } },
    { name: "the answer is no JSON", fault: { kind: "bad-json" } },
  ] as const)("sends no second call when $name", async ({ fault }) => {
    const { emulator, tick, aborts, entries, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    emulator.faults.add({ match: { kind: "abort" }, fault });
    await tick();
    expect(aborts()).toHaveLength(1);
    const all = await entries(runIds()[0] ?? "");
    expect(all.map(({ kind }) => kind)).toEqual(["abort.intended", "abort.requested"]);
    expect(all[1]?.response).toBe("lost");
  });

  it.each([
    {
      name: "the connection dies before the call had an effect",
      fault: { kind: "reset", afterEffect: false },
    },
    { name: "Apify answers 503", fault: { kind: "status", status: 503 } },
    { name: "Apify answers 429", fault: { kind: "rate-limit" } },
  ] as const)("calls again, after another look, when $name", async ({ fault }) => {
    const { emulator, tick, aborts, kinds, runIds } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    emulator.faults.add({ match: { kind: "abort" }, fault });
    await tick();
    expect(aborts().map(({ effect }) => effect)).toEqual(["none", "aborting"]);
    expect(await kinds(runIds()[0] ?? "")).toEqual(["abort.intended", "abort.requested"]);
    const order = emulator.truth.calls.map(({ kind }) => kind);
    const [first = 0, second = 0] = order.flatMap((kind, index) => (kind === "abort" ? [index] : []));
    expect(order.slice(first, second)).toContain("get");
  });

  it("writes a failing call down once, however often ticks try", async () => {
    const { emulator, ticks, kinds, runIds } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "status", status: 400 }, times: 1_000 });
    await ticks(8);
    expect(await kinds(runIds()[0] ?? "")).toEqual(["abort.intended", "abort.failed", "abort.unconfirmed"]);
  });

  it("makes one intent and one graceful call for each run although three ticks run at once", async () => {
    const { run, process, tick, aborts, kinds, runIds } = await watch(
      worldOf(OVER_5_USD, OVER_5_USD, OVER_5_USD),
      {
        policy: fiveUsd(),
        on,
      },
    );
    await run(Promise.all([1, 2, 3].map(() => tick(process()))));
    for (const runId of runIds()) {
      expect(aborts(runId).map(({ gracefully }) => gracefully)).toEqual([true]);
      expect((await kinds(runId)).filter((kind) => kind === "abort.intended")).toHaveLength(1);
    }
    expect(runIds()).toHaveLength(3);
  });

  it("leaves the call to the tick that holds the claim, until the claim runs out", async () => {
    const { ports, process, tick, advance, aborts } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const stuck: typeof ports.apify = { ...ports.apify, abortRun: () => Promise.reject(new Error("stuck")) };
    await tick(process({ apify: stuck }));
    await tick();
    expect(aborts()).toEqual([]);
    advance(MINUTE);
    await tick();
    expect(aborts()).toHaveLength(1);
  });

  it("writes a notice once per rule, share and limit, and again when the limit changes", async () => {
    const noticeAt = (usd: number) =>
      fiveUsd({
        rules: [{ id: "warn", limit: { usageTotalUsd: usd }, steps: [{ at: "80%", do: "notify" }] }],
      });
    const { push, ticks, kinds, runIds } = await watch(worldOf(OVER_5_USD), { policy: noticeAt(8) });
    await ticks(4);
    expect(await kinds(runIds()[0] ?? "")).toEqual(["step.notified"]);
    await push(noticeAt(7));
    await ticks(4);
    expect(await kinds(runIds()[0] ?? "")).toEqual(["step.notified", "step.notified"]);
  });

  it("never lets a notice or an observed stop keep a later tick from acting", async () => {
    const { push, ticks, kinds, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd({ mode: "observe" }),
    });
    await ticks(2);
    await push(fiveUsd());
    await ticks(3);
    expect(await kinds(runIds()[0] ?? "")).toEqual([
      "abort.observed",
      "abort.intended",
      "abort.requested",
      "abort.confirmed",
    ]);
  });

  it("sends one call without grace although three ticks escalate at once", async () => {
    const { run, process, tick, advance, aborts, kinds, runIds } = await watch(
      worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }),
      { policy: fiveUsd(), on },
    );
    await tick();
    advance(2 * MINUTE);
    await run(Promise.all([1, 2, 3].map(() => tick(process()))));
    expect(aborts().map(({ gracefully }) => gracefully)).toEqual([true, false]);
    expect((await kinds(runIds()[0] ?? "")).filter((kind) => kind === "abort.forced")).toHaveLength(1);
  });

  it("tries the call without grace again when Apify turned it away unseen, on another look", async () => {
    const { emulator, tick, advance, aborts, status, runIds } = await watch(
      worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }),
      { policy: fiveUsd() },
    );
    await tick();
    advance(2 * MINUTE);
    emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "rate-limit" } });
    await tick();
    expect(aborts().map(({ effect }) => effect)).toEqual(["aborting", "none", "aborted"]);
    expect(status(runIds()[0] ?? "")).toBe("ABORTED");
  });

  it.each(["abort", "abort-now"] as const)(
    "tries the call without grace of %s again when its answer was lost and another look shows the run alive",
    async (step) => {
      const { emulator, ticks, aborts, status, kinds, runIds } = await watch(
        worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }),
        { policy: fiveUsd({ rules: [costRule(5, { steps: [{ at: "100%", do: step }] })] }) },
      );
      if (step === "abort") await ticks(1);
      emulator.clock.advance(MINUTE);
      emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "reset", afterEffect: false } });
      await ticks(4);
      expect(aborts().map(({ gracefully, effect }) => [gracefully, effect])).toEqual([
        ...(step === "abort" ? [[true, "aborting"]] : []),
        [false, "none"],
        [false, "aborted"],
      ]);
      expect(status(runIds()[0] ?? "")).toBe("ABORTED");
      expect((await kinds(runIds()[0] ?? "")).filter((kind) => kind === "abort.forced")).toHaveLength(1);
    },
  );

  it("keeps the promise of a call without grace for the next tick when Apify turned away all its tries", async () => {
    const { emulator, ticks, aborts, status, kinds, runIds } = await watch(
      worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }),
      { policy: fiveUsd() },
    );
    await ticks(1);
    emulator.clock.advance(MINUTE);
    emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "rate-limit" }, times: 3 });
    await ticks(4);
    expect(aborts().map(({ effect }) => effect)).toEqual(["aborting", "none", "none", "none", "aborted"]);
    expect(status(runIds()[0] ?? "")).toBe("ABORTED");
    expect(await kinds(runIds()[0] ?? "")).toEqual([
      "abort.intended",
      "abort.requested",
      "abort.forced",
      "abort.failed",
      "abort.requested",
      "abort.confirmed",
    ]);
  });

  it("alarms once while Apify turns every forced call away", async () => {
    const { emulator, ticks, kinds, runIds } = await watch(
      worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }),
      { policy: fiveUsd() },
    );
    await ticks(1);
    emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "rate-limit" }, times: 1_000 });
    await ticks(10);
    expect((await kinds(runIds()[0] ?? "")).filter((kind) => kind === "abort.unconfirmed")).toHaveLength(1);
  });

  it("tells each entry in the report of the tick that wrote it, and in no other", async () => {
    const { emulator, ticks } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "status", status: 400 }, times: 1_000 });
    const reports = await ticks(3);
    expect(reports.map(({ outcomes }) => outcomes.map(({ kind }) => kind))).toEqual([
      ["abort.intended", "abort.failed"],
      [],
      [],
    ]);
  });
});
