import { describe, expect, it } from "vitest";
import type { AffectedRun } from "../../../../src/watchdog/explain/policy-effect.ts";
import { grantExemption } from "../../../../src/watchdog/overrule/exemptions.ts";
import { instead } from "../../../support/instead.ts";
import { ABORT, costRule, fiveUsd } from "../../../support/policies.ts";
import { watch } from "../../../support/watch.ts";
import { HEALTHY, HOUR, OVER_5_USD, worldOf } from "../../../support/world.ts";
import { dryRun, policy, push } from "./pushing.ts";

const ids = (runs: readonly { readonly runId: string }[]) => runs.map(({ runId }) => runId);

describe("the preview of a policy", () => {
  it("tells stops, holds, what is only observed, notices and what is spared apart", async () => {
    const watched = await watch(worldOf(OVER_5_USD, OVER_5_USD, HEALTHY, HEALTHY), {
      policy: policy(6, { guards: { maxAborts: { perTick: 1 } } }),
    });
    const [first = "", second = "", healthy = "", exempt = ""] = watched.runIds();
    await watched.run(
      grantExemption(
        watched.ports,
        {
          subject: { kind: "run", id: exempt },
          until: new Date(watched.emulator.clock.now() + HOUR),
          owner: "bob",
          reason: "x",
        },
        "bob",
      ),
    );
    const half = await dryRun(watched, policy(0.5, { guards: { maxAborts: { perTick: 2 } } }));
    const { effect } = half.preview;
    expect(effect).toMatchObject({ source: "apify", liveRuns: 4, unjudged: {} });
    expect(ids(effect.stops).toSorted()).toEqual([first, second].toSorted());
    const guards = new Map(effect.held.map(({ runId, guard }: AffectedRun) => [runId, guard]));
    expect(guards).toEqual(
      new Map([
        [exempt, "exemption"],
        [healthy, "perTick"],
      ]),
    );
    expect(effect.stops[0]).toMatchObject({
      ruleId: "cost",
      step: { at: 100, do: "abort" },
      evidence: { metric: "usageTotalUsd", measured: 7, limit: 0.5, unit: "USD", source: "detail" },
    });

    const observed = (await dryRun(watched, policy(5, { mode: "observe" }))).preview.effect;
    expect([observed.stops, ids(observed.observed).length, ids(observed.spared).length]).toEqual([[], 2, 2]);

    const noticed = { rules: [costRule(10, { steps: [{ at: "50%", do: "notify" }, ABORT] })] };
    const notices = (await dryRun(watched, fiveUsd(noticed))).preview.effect;
    expect(ids(notices.notices).toSorted()).toEqual([first, second].toSorted());
    expect(ids(notices.spared).toSorted()).toEqual([first, second].toSorted());
  });

  it("gives no notice a second time", async () => {
    const noticing = fiveUsd({ rules: [costRule(10, { steps: [{ at: "50%", do: "notify" }, ABORT] })] });
    const watched = await watch(worldOf(OVER_5_USD), { policy: noticing });
    await watched.ticks(1);
    for (const hasApify of [true, false]) {
      const { preview } = await dryRun(watched, noticing, { connection: { hasApify } });
      expect(preview.effect.notices).toEqual([]);
    }
  });

  it("says what would be let go of a stop that no call has left for, and not of one that has", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: policy(5) });
    watched.emulator.faults.add({
      match: { kind: "abort" },
      fault: { kind: "status", status: 500 },
      times: 9,
    });
    await watched.ticks(1);
    const called = await dryRun(watched, policy(9));
    const intent = (await watched.ports.state.readControl()).openIntents[0];
    expect([intent?.callSent, called.preview.effect.spared]).toEqual([true, []]);
    const state = instead(watched.ports.state, {
      readControl: async () => ({
        ...(await watched.ports.state.readControl()),
        openIntents: intent ? [{ ...intent, callSent: false }] : [],
      }),
    });
    const { preview } = await dryRun(watched, policy(9), {
      connection: { ports: { ...watched.ports, state } },
    });
    expect(preview.effect.spared).toMatchObject([{ runId: watched.runIds()[0], ruleId: "cost" }]);
  });

  it("says what a last tick can't tell", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: policy(5) });
    await watched.ticks(1);
    const rules = [{ id: "rx", limit: { "stats.netRxBytes": "1KB" }, steps: [ABORT] }];
    const { preview } = await dryRun(watched, fiveUsd({ rules }), { connection: { hasApify: false } });
    expect(preview.effect.unjudged).toEqual({ "stats.netRxBytes unknown": 1 });
    const fresh = await dryRun(watched, fiveUsd({ rules }));
    expect(fresh.preview.effect).toMatchObject({ stops: [{ ruleId: "rx" }], unjudged: {} });
  });

  it("tells of a run over a limit that takes two looks that it waits for the second, and two ticks later it is stopped", async () => {
    const pace = (usd: number, overrides: object = {}) =>
      fiveUsd({ rules: [{ id: "pace", limit: { usdPerHour: usd }, steps: [ABORT] }], ...overrides });
    const script = { ...OVER_5_USD, cost: { startUsd: 0, thenUsdPerHour: 3 } };
    const watched = await watch(worldOf(script, script), { policy: pace(20) });
    const [exempt = "", over = ""] = watched.runIds();
    const until = new Date(watched.emulator.clock.now() + HOUR);
    const exemption = { subject: { kind: "run", id: exempt }, until, owner: "bob", reason: "x" } as const;
    await watched.run(grantExemption(watched.ports, exemption, "bob"));
    await watched.ticks(3);
    const { effect } = (await dryRun(watched, pace(2))).preview;
    expect(effect.stops).toEqual([]);
    expect(effect.waiting).toMatchObject([
      { runId: exempt, ruleId: "pace", guard: "exemption" },
      { runId: over, ruleId: "pace", step: { at: 100, do: "abort" }, evidence: { limit: 2, unit: "USD/h" } },
    ]);
    expect((await dryRun(watched, pace(4))).preview.effect.waiting).toEqual([]);
    const observed = (await dryRun(watched, pace(2, { mode: "observe" }))).preview.effect.waiting;
    expect(observed).toMatchObject([{ guard: "observe" }, { guard: "observe" }]);
    const { out } = await push(watched, pace(2));
    expect(out).toContain("it would do nothing about them yet.");
    expect(out).toContain("2 runs are over the limit and wait for a second look.");
    expect(out).toMatch(new RegExp(`WAITING +${over} `));
    await watched.ticks(3);
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([over]);
  });

  it("is what the next tick does", async () => {
    const watched = await watch(worldOf(OVER_5_USD, OVER_5_USD, HEALTHY), { policy: policy(9) });
    const { preview } = await dryRun(watched, policy(5));
    await push(watched, policy(5));
    await watched.ticks(1);
    expect(
      watched
        .aborts()
        .map(({ runId }) => runId)
        .toSorted(),
    ).toEqual(ids(preview.effect.stops).toSorted());
  });
});
