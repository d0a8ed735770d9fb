import { describe, expect, it } from "vitest";
import { ApifyError } from "../../../src/watchdog/model/errors.ts";
import type { TickReport } from "../../../src/watchdog/tick/report.ts";
import { instead } from "../../support/instead.ts";
import { ABORT, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const steps = [ABORT];

describe("one thing that fails never stops the rest", () => {
  it("acts on what can be judged although no name can be read, and however long that takes", async () => {
    const rules = [
      { id: "named", for: { actors: ["acme/nightly-*"] }, limit: { runTime: "1h" }, steps },
      { id: "cost", limit: { usageTotalUsd: 5 }, steps },
    ];
    const { emulator, tick, aborts } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd({ rules }) });
    emulator.faults.add({ match: { kind: "actor" }, fault: { kind: "slow", delayMs: HOUR }, times: 1_000 });
    const report = await tick();
    expect(aborts()).toHaveLength(1);
    expect(report.skipped).toMatchObject({ "name not resolved": 1 });
  });

  it("goes on with the other runs when one can't be read", async () => {
    const { emulator, tick, aborts, runIds } = await watch(worldOf(OVER_5_USD, OVER_5_USD), {
      policy: fiveUsd(),
    });
    const [broken = "", other = ""] = runIds();
    emulator.faults.add({
      match: { kind: "get", runId: broken },
      fault: { kind: "status", status: 500 },
      times: 99,
    });
    const report = await tick();
    expect(aborts().map(({ runId }) => runId)).toEqual([other]);
    expect(report.skipped).toMatchObject({ "reading a run failed: 500 internal-server-error": 1 });
  });

  it("writes its heartbeat and starts nothing more when the token is refused midway", async () => {
    const { ports, process, tick, aborts } = await watch(worldOf(OVER_5_USD, OVER_5_USD, OVER_5_USD), {
      policy: fiveUsd(),
    });
    const refused = {
      status: 401,
      type: "user-or-token-not-found",
      retryable: false,
      attempt: 1,
      path: "/",
    };
    const apify = instead(ports.apify, {
      abortRun: () => Promise.reject(new ApifyError("Apify refused the token", refused)),
    });
    await expect(tick(process({ apify }))).rejects.toThrow("Apify refused the token");
    expect(aborts()).toEqual([]);
    expect((await ports.state.readControl()).openIntents).toHaveLength(1);
    expect((await ports.state.readLive()).heartbeat).toMatchObject({ complete: false });
  });

  it("records and attests although the policy in the store can't be used, and then says so", async () => {
    const { ports, process, ticks, tick, advance, kinds, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    await ticks(1);
    const state = instead(ports.state, { readPolicy: async () => ({ version: 1, rules: [] }) });
    for (let look = 0; look < 3; look++) {
      advance(MINUTE);
      await expect(tick(process({ state }))).rejects.toThrow("rules: got []");
    }
    expect(await ports.state.readRun(runIds()[0] ?? "")).toMatchObject({ run: { status: "ABORTED" } });
    expect((await kinds(runIds()[0] ?? "")).slice(0, 2)).toEqual(["abort.intended", "abort.requested"]);
  });

  it("reads a run in a status that it does not know again, until it knows", async () => {
    const { ports, process, tick, advance, runIds } = await watch(
      worldOf({ ...HEALTHY, ends: { afterMs: HOUR + 5 * MINUTE, status: "SUCCEEDED" } }),
      { policy: fiveUsd() },
    );
    const [runId = ""] = runIds();
    const apify = instead(ports.apify, {
      readRun: async (id, signal) => {
        const reading = await ports.apify.readRun(id, signal);
        return reading.kind === "found"
          ? { ...reading, run: { ...reading.run, status: "MIGRATING" } }
          : reading;
      },
    });
    await tick(process({ apify }));
    advance(10 * MINUTE);
    await tick();
    expect(await ports.state.readRun(runId)).toMatchObject({ run: { status: "SUCCEEDED" } });
  });

  it("escalates a rule on names although the run was not observed in that tick", async () => {
    const rules = [{ id: "named", for: { actors: ["*/shop"] }, limit: { usageTotalUsd: 5 }, steps }];
    const { emulator, tick, advance, aborts } = await watch(
      worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }),
      { policy: fiveUsd({ rules }) },
    );
    await tick();
    advance(2 * MINUTE);
    emulator.faults.add({ match: { kind: "list" }, fault: { kind: "status", status: 500 }, times: 99 });
    await expect(tick()).rejects.toThrow();
    expect(aborts().map(({ gracefully }) => gracefully)).toEqual([true, false]);
  });

  it("says at the next tick what the audit would not take, of runs and of budgets", async () => {
    const NOTIFY = { at: "100%", do: "notify" };
    const rules = [
      { id: "cost", limit: { usageTotalUsd: 5 }, steps: [NOTIFY] },
      { id: "all", budget: { usd: 5, per: "month" }, steps: [NOTIFY] },
    ];
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd({ rules }) });
    const { audit } = watched.ports;
    const refusing = instead(audit, {
      append: (entry) =>
        entry.sealed.entry.kind === "step.notified"
          ? Promise.reject(new Error("throttled"))
          : audit.append(entry),
    });
    const toldIn = (reports: readonly TickReport[]): readonly string[] =>
      reports.flatMap(({ outcomes }) => outcomes.map(({ chain }) => chain.replace(/#.*/, ""))).toSorted();
    expect(toldIn([await watched.tick(watched.process({ audit: refusing }))])).toEqual([]);
    expect(toldIn(await watched.ticks(3))).toEqual(["budget", "run"]);
  });
});
