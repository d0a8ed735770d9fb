import { describe, expect, it } from "vitest";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { ABORT, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const steps = [{ at: "80%", do: "notify" }, ABORT];
const rules = [
  { id: "cost", limit: { usageTotalUsd: 5 }, steps },
  { id: "time", limit: { runTime: "30m" }, steps },
];

describe("everything is explainable", () => {
  it("says in every entry of a run what, when, which rule of which policy, on what evidence, by whom", async () => {
    const { ticks, entries, runIds } = await watch(
      worldOf({ ...OVER_5_USD, task: "shop-eu", origin: "SCHEDULER", onAbort: { kind: "ignoresGraceful" } }),
      { policy: fiveUsd({ rules }) },
    );
    await ticks(6);
    const [runId = ""] = runIds();
    const all = await entries(runId);
    expect(all.map(({ kind }) => kind)).toEqual([
      "abort.intended",
      "abort.requested",
      "abort.forced",
      "abort.requested",
      "abort.confirmed",
    ]);
    expect(all[0]?.evidence?.also).toMatchObject([
      { ruleId: "time", metric: "runTime", limit: 1800, unit: "secs" },
    ]);
    for (const entry of all) {
      expect(entry).toMatchObject({
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        account: "default",
        subject: { kind: "run", runId, life: 0 },
        runId,
        actorId: expect.any(String),
        actorTaskId: expect.any(String),
        ruleId: "cost",
        step: { at: 100, do: "abort" },
        mode: "enforce",
        policyVersion: 1,
        by: "watchdog",
        tickId: expect.any(String),
        evidence: {
          metric: "usageTotalUsd",
          measured: 7,
          limit: 5,
          unit: "USD",
          observedAt: expect.any(String),
          source: "detail",
          basis: "actual",
        },
        run: { origin: "SCHEDULER", startedAt: expect.any(String), usageTotalUsd: 7 },
      });
    }
  });

  it("rests the intent on the reading taken just before it, not on the listing", async () => {
    const { ports, emulator, tick, process, entries, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    const apify: typeof ports.apify = {
      ...ports.apify,
      readRun: (id, signal) => {
        emulator.clock.advance(3_000);
        return ports.apify.readRun(id, signal);
      },
    };
    await tick(process({ apify }));
    const [intended] = await entries(runIds()[0] ?? "");
    const lastRead = emulator.truth.calls.filter(({ kind }) => kind === "get").at(-1);
    const observedAt = new Date(lastRead?.atMs ?? 0).toISOString();
    expect(intended?.evidence).toMatchObject({ source: "detail", observedAt });
  });

  it("says which guard held a run", async () => {
    const { ports, run, tick, entries, runIds } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await run(pause(ports, { by: "ann", reason: "an incident" }));
    await tick();
    expect(await entries(runIds()[0] ?? "")).toMatchObject([
      { kind: "abort.held", guard: "pause", evidence: { measured: 7, limit: 5 } },
    ]);
  });

  it("says who changed the control plane, to what, and why", async () => {
    const { ports, run, push } = await watch(worldOf(), { policy: fiveUsd() });
    await push(fiveUsd({ mode: "observe" }));
    await run(pause(ports, { by: "arn:aws:iam::1:user/ann", reason: "an incident" }));
    const chain = await ports.audit.readChain("control");
    expect(chain.map(({ text }) => JSON.parse(text))).toMatchObject([
      { kind: "policy.pushed", by: "tester", change: { version: 1, previousVersion: null } },
      { kind: "policy.pushed", by: "tester", change: { version: 2, previousVersion: 1 } },
      { kind: "control.paused", by: "arn:aws:iam::1:user/ann", change: { reason: "an incident" } },
    ]);
  });

  it("speaks of the intent's own rule and policy version in all that follows it", async () => {
    const { push, tick, advance, entries, runIds } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await tick();
    await push(fiveUsd({ rules }));
    advance(MINUTE);
    await tick();
    const versions = (await entries(runIds()[0] ?? "")).map(({ kind, policyVersion }) => [
      kind,
      policyVersion,
    ]);
    expect(versions).toEqual([
      ["abort.intended", 1],
      ["abort.requested", 1],
      ["abort.confirmed", 1],
    ]);
  });

  it("names the owner of the rule that condemns the run now, when it is forced by another than it was stopped for", async () => {
    const over = (id: string, owner?: string) => ({ id, owner, limit: { usageTotalUsd: 5 }, steps });
    const pushed = (rule: object) => fiveUsd({ rules: [JSON.parse(JSON.stringify(rule))] });
    const forcedBy = async (now: object) => {
      const { push, tick, ticks, entries, runIds } = await watch(
        worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }),
        { policy: pushed(over("shops", "shop-team")) },
      );
      await tick();
      await push(pushed(now));
      await ticks(3);
      const owners = (await entries(runIds()[0] ?? "")).map(({ kind, owner }) => [kind, owner]);
      return new Map(owners as [string, string | undefined][]);
    };
    const by = await forcedBy(over("all", "ops@example.com"));
    expect([by.get("abort.intended"), by.get("abort.forced"), by.get("abort.confirmed")]).toEqual([
      "shop-team",
      "ops@example.com",
      "shop-team",
    ]);
    const byNobodys = await forcedBy(over("all"));
    expect([byNobodys.has("abort.forced"), byNobodys.get("abort.forced")]).toEqual([true, undefined]);
  });
});
