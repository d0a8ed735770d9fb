import { describe, expect, it } from "vitest";
import { endExemption, grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { pause, resume } from "../../../src/watchdog/policies/operate.ts";
import { pushPolicy } from "../../../src/watchdog/policies/policies.ts";
import { engineMissing } from "../../support/engines/engine.ts";
import { instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const inHours = (now: number, hours: number) => new Date(now + hours * HOUR);

describe("exempt means exempt, paused means paused", () => {
  it("stops no exempt run until its exemption ends, and says that it was held", async () => {
    const { emulator, ports, run, ticks, kinds, aborts, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    const [runId = ""] = runIds();
    const until = inHours(emulator.clock.now(), 0.1);
    const wish = { subject: { kind: "run", id: runId }, until, owner: "ann", reason: "a big crawl" } as const;
    await run(grantExemption(ports, wish, "ann"));
    await ticks(6);
    expect(aborts()).toEqual([]);
    expect(await kinds(runId)).toEqual(["abort.held"]);
    await ticks(2);
    expect(aborts()).toHaveLength(1);
  });

  it("ends an exemption for the run that reaches its ceiling", async () => {
    const { emulator, ports, run, ticks, aborts, entries, runIds } = await watch(
      worldOf({ ...OVER_5_USD, cost: { startUsd: 7, thenUsdPerHour: 60 } }),
      { policy: fiveUsd() },
    );
    const wish = {
      subject: { kind: "rule", id: "no-run-over-5-usd" },
      until: inHours(emulator.clock.now(), 9),
      ceilingMicroUsd: 70_000_000,
      owner: "ann",
      reason: "up to 70 USD",
    } as const;
    await run(grantExemption(ports, wish, "ann"));
    await ticks(2);
    expect(aborts()).toEqual([]);
    await ticks(3);
    expect(aborts().map(({ runId }) => runId)).toEqual(runIds());
    const intent = (await entries(runIds()[0] ?? "")).find(({ kind }) => kind === "abort.intended");
    expect(intent?.reason).toMatch(
      /^its cost has reached \$70\.00, the ceiling of the exemption of rule no-run-over-5-usd \(ann: up to 70 USD\)$/,
    );
  });

  it("honours an exemption granted between the decision and the call", async () => {
    const { ports, emulator, process, tick, aborts, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    const [id = ""] = runIds();
    const wish = {
      subject: { kind: "run", id },
      until: inHours(emulator.clock.now(), 9),
      owner: "ann",
      reason: "no",
    } as const;
    const apify: typeof ports.apify = {
      ...ports.apify,
      readRun: async (runId, signal) => {
        await grantExemption(ports, wish, "ann");
        return ports.apify.readRun(runId, signal);
      },
    };
    await tick(process({ apify }));
    expect(aborts()).toEqual([]);
  });

  it("sends no call while paused, keeps recording and attesting, and acts again when resumed", async () => {
    const { ports, run, ticks, kinds, aborts, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    await run(pause(ports, { by: "ann", reason: "an incident" }));
    const [report] = await ticks(3);
    expect(aborts()).toEqual([]);
    expect(report?.decisions).toMatchObject([{ action: "hold", guard: "pause" }]);
    expect(await ports.state.readRun(runIds()[0] ?? "")).toMatchObject({ run: { status: "RUNNING" } });
    await run(resume(ports, "ann", "it is over"));
    await ticks(3);
    expect(await kinds(runIds()[0] ?? "")).toEqual([
      "abort.held",
      "abort.intended",
      "abort.requested",
      "abort.confirmed",
    ]);
  });

  it("sends no forced call while paused", async () => {
    const { ports, run, ticks, aborts } = await watch(
      worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }),
      {
        policy: fiveUsd(),
      },
    );
    await ticks(1);
    await run(pause(ports, { by: "ann", reason: "wait" }));
    await ticks(5);
    expect(aborts().map(({ gracefully }) => gracefully)).toEqual([true]);
    await run(resume(ports, "ann", "go on"));
    await ticks(1);
    expect(aborts().map(({ gracefully }) => gracefully)).toEqual([true, false]);
  });

  it("sends no call when paused between the intent being decided and being written", async () => {
    const { ports, process, tick, aborts, kinds, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    let paused = false;
    const audit = instead(ports.audit, {
      append: async (append) => {
        if (!paused) {
          paused = true;
          await pause(ports, { by: "ann", reason: "now" });
        }
        return ports.audit.append(append);
      },
    });
    await tick(process({ audit }));
    expect(aborts()).toEqual([]);
    expect(await kinds(runIds()[0] ?? "")).toEqual(["abort.held"]);
  });

  it("protects the subject of an exemption that can't be read", async () => {
    const { ports, process, tick, aborts, runIds } = await watch(worldOf(OVER_5_USD, OVER_5_USD), {
      policy: fiveUsd(),
    });
    const [broken = "", other = ""] = runIds();
    const state = instead(ports.state, {
      readControl: async () => ({
        ...(await ports.state.readControl()),
        exemptions: [
          { kind: "malformed", subject: { kind: "run", id: broken }, problem: "until is no date" },
        ],
      }),
    });
    await tick(process({ state }));
    expect(aborts().map(({ runId }) => runId)).toEqual([other]);
  });

  it("stops again once an exemption was ended early", async () => {
    const { emulator, ports, run, ticks, aborts, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    const subject = { kind: "run", id: runIds()[0] ?? "" } as const;
    const wish = { subject, until: inHours(emulator.clock.now(), 9), owner: "ann", reason: "a while" };
    await run(grantExemption(ports, wish, "ann"));
    await ticks(2);
    await run(endExemption(ports, subject, { by: "ann", reason: "enough" }));
    await ticks(1);
    expect(aborts()).toHaveLength(1);
  });

  it("ends a pause by itself when it has an end", async () => {
    const { emulator, ports, run, ticks, aborts } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await run(
      pause(ports, { by: "ann", reason: "lunch", until: new Date(emulator.clock.now() + 3 * MINUTE) }),
    );
    await ticks(3);
    expect(aborts()).toEqual([]);
    await ticks(1);
    expect(aborts()).toHaveLength(1);
  });

  it("sends no call when paused while the intent is being written", async () => {
    const { ports, process, tick, aborts, kinds, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    const audit = instead(ports.audit, {
      append: async (append) => {
        await ports.audit.append(append);
        if (append.sealed.entry.kind === "abort.intended") await pause(ports, { by: "ann", reason: "now" });
      },
    });
    await tick(process({ audit }));
    expect(aborts()).toEqual([]);
    expect(await kinds(runIds()[0] ?? "")).toEqual(["abort.intended", "abort.withdrawn"]);
  });

  it("keeps every promise of operators who act at once", async () => {
    const { emulator, ports, run, ticks, aborts, runIds } = await watch(worldOf(OVER_5_USD, OVER_5_USD), {
      policy: fiveUsd(),
      on: engineMissing ? "memory" : "engine",
    });
    const until = inHours(emulator.clock.now(), 9);
    const grants = runIds().map((id) =>
      grantExemption(ports, { subject: { kind: "run", id }, until, owner: "ann", reason: "keep" }, "ann"),
    );
    expect(await run(Promise.all(grants))).toMatchObject([{ granted: true }, { granted: true }]);
    expect((await ports.state.readControl()).exemptions).toHaveLength(2);
    await ticks(2);
    expect(aborts()).toEqual([]);
    const versions = await run(
      Promise.all([pushPolicy(ports, fiveUsd(), "a"), pushPolicy(ports, fiveUsd(), "b")]),
    );
    expect([...versions].sort()).toEqual([2, 3]);
  });
});
