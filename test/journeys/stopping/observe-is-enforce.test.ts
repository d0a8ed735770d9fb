import { describe, expect, it } from "vitest";
import type { WorldName } from "../../../emulator/index.ts";
import type { ReportedDecision } from "../../../src/watchdog/tick/report.ts";
import { instead } from "../../support/instead.ts";
import { namedWorldFor } from "../../support/named-world.ts";
import { ABORT, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf, YOUNG_OVER_5_USD } from "../../support/world.ts";

const withoutMode = ({ guard, ...decision }: ReportedDecision) => ({
  ...decision,
  ...(guard && guard !== "observe" && { guard }),
});

describe("observe is enforce without the call", () => {
  it.each<WorldName>(["runaway", "burst", "missing-cost", "stuck", "busy-day"])(
    "takes the same decisions on the first tick of the world %s",
    async (name) => {
      const rules = [
        {
          id: "cost",
          limit: { usageTotalUsd: 5 },
          steps: [{ at: "80%", do: "notify" }, ABORT],
        },
        { id: "time", limit: { runTime: "1h" }, steps: [ABORT] },
      ];
      const [observe, enforce] = await Promise.all(
        (["observe", "enforce"] as const).map(async (mode) => {
          const watched = await watch(namedWorldFor(name), { policy: fiveUsd({ mode, rules }) });
          watched.advance(20 * 60_000);
          return { report: await watched.tick(), aborts: watched.aborts() };
        }),
      );
      expect(observe?.aborts).toEqual([]);
      expect(observe?.report.decisions.map(withoutMode)).toEqual(enforce?.report.decisions.map(withoutMode));
      expect(enforce?.report.decisions.length).toBeGreaterThan(0);
    },
  );

  it("writes abort.observed where enforce would write an intent", async () => {
    const { ticks, kinds, aborts, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd({ mode: "observe" }),
    });
    await ticks(3);
    expect(aborts()).toEqual([]);
    expect(await kinds(runIds()[0] ?? "")).toEqual(["abort.observed"]);
  });

  it("calls nothing when the mode turns to observe between the decision and the call", async () => {
    const { ports, push, process, tick, aborts, kinds, runIds } = await watch(worldOf(YOUNG_OVER_5_USD), {
      policy: fiveUsd(),
    });
    const apify = instead(ports.apify, {
      readRun: async (id, signal) => {
        await push(fiveUsd({ mode: "observe" }));
        return ports.apify.readRun(id, signal);
      },
    });
    await tick(process({ apify }));
    expect(aborts()).toEqual([]);
    expect(await kinds(runIds()[0] ?? "")).toEqual(["abort.observed"]);
  });

  it("lets a rule's own mode win, and an observed rule never shield a run from an enforced one", async () => {
    const steps = [ABORT];
    const rules = [
      { id: "only-observed", mode: "observe", limit: { usageTotalUsd: 5 }, steps },
      { id: "enforced", limit: { usageTotalUsd: 6 }, steps },
    ];
    const { tick, aborts, entries, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd({ rules }),
    });
    await tick();
    expect(aborts()).toHaveLength(1);
    const [intended] = await entries(runIds()[0] ?? "");
    expect(intended).toMatchObject({ ruleId: "enforced", evidence: { also: [{ ruleId: "only-observed" }] } });
  });

  it("writes down no stop that the run's own reading does not bear out, in either mode", async () => {
    for (const mode of ["observe", "enforce"]) {
      const { emulator, tick, aborts, kinds, runIds } = await watch(
        worldOf({ ...YOUNG_OVER_5_USD, ends: { afterMs: 5 * MINUTE, status: "SUCCEEDED" } }),
        { policy: fiveUsd({ mode }) },
      );
      emulator.faults.add({ match: { kind: "list" }, fault: { kind: "lagging", byMs: MINUTE }, times: 9 });
      emulator.clock.advance(1_000);
      expect((await tick()).decisions).toHaveLength(1);
      expect(aborts()).toEqual([]);
      expect(await kinds(runIds()[0] ?? "")).toEqual([]);
    }
  });
});
