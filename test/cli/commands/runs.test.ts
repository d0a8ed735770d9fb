import { describe, expect, it } from "vitest";
import { ABORT, costRule, fiveUsd, OBSERVED } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

describe("watchdog runs", () => {
  it("shows each live run's share of each limit, the nearest first", async () => {
    const watched = await watch(worldOf(HEALTHY, { ...HEALTHY, cost: { startUsd: 4, thenUsdPerHour: 0 } }), {
      policy: fiveUsd(),
    });
    await watched.ticks(1);
    const { code, out } = await cli(watched, ["runs"]);
    expect(out).toContain("2 live runs, as seen");
    expect(out.indexOf("80% of $5.00")).toBeLessThan(out.indexOf("20% of $5.00"));
    expect(out).toContain("acme/shop");
    expect(code).toBe(0);
    const { runs } = JSON.parse((await cli(watched, ["runs", "--json"])).out);
    expect(runs[0]).toMatchObject({
      usageTotalUsd: 4,
      shares: [{ ruleId: "no-run-over-5-usd", share: 0.8 }],
    });
  });

  it("marks what is exempt, of all its rules or of some", async () => {
    const day = { id: "a-day", limit: { runTime: "24h" }, steps: [ABORT] };
    const watched = await watch(worldOf(HEALTHY, HEALTHY), {
      policy: fiveUsd({ rules: [costRule(5), day] }),
    });
    await watched.ticks(1);
    const [runId = ""] = watched.runIds();
    const granting = ["exempt", "add", "--until", "6h", "--reason", "x"];
    await cli(watched, [...granting, "--rule", "a-day", "--yes"]);
    expect((await cli(watched, ["runs"])).out.match(/RUNNING, partly exempt/g)).toHaveLength(2);
    await cli(watched, [...granting, "--run", runId]);
    const { out } = await cli(watched, ["runs"]);
    expect(out).toMatch(new RegExp(`${runId} +RUNNING, exempt `));
    expect(out).toContain("RUNNING, partly exempt");
  });

  it("leaves out a run that was stopped since the last tick looked", async () => {
    const watched = await watch(worldOf(HEALTHY, HEALTHY), { policy: OBSERVED });
    await watched.ticks(1);
    await cli(watched, ["abort", watched.runIds()[0] ?? "", "--reason", "x"]);
    const { runs } = JSON.parse((await cli(watched, ["runs", "--json"])).out);
    expect(runs.map(({ runId }: { runId: string }) => runId)).toEqual([watched.runIds()[1]]);
  });

  it("says so when no tick has looked yet", async () => {
    expect((await cli(await watch(worldOf()), ["runs"])).out).toContain("No tick has looked yet");
  });
});

describe("watchdog runs, in detail", () => {
  it("shows a run in the queue as queued, with no share of the time that it may run", async () => {
    const queued = { ...HEALTHY, readyForMs: 3 * HOUR };
    const policy = fiveUsd({
      rules: [{ id: "r", limit: { runTime: "6h" }, steps: [ABORT] }],
    });
    const watched = await watch(worldOf(queued), { policy });
    await watched.ticks(1);
    const { out } = await cli(watched, ["runs"]);
    expect(out).toMatch(/READY .*queued \w+/);
    expect(out).not.toContain("% of 6h");
  });

  it("rounds a share as the figure beside it, but never up to the limit", async () => {
    const costs = [1.499, 4.999].map((startUsd) => ({ ...HEALTHY, cost: { startUsd, thenUsdPerHour: 0 } }));
    const watched = await watch(worldOf(...costs), { policy: fiveUsd() });
    await watched.ticks(1);
    const { out } = await cli(watched, ["runs"]);
    expect(out).toMatch(/\$1\.50 +30% of \$5\.00/);
    expect(out).toMatch(/\$5\.00 +99% of \$5\.00/);
  });

  it("says why a Standby run has no limits", async () => {
    const standby = { ...HEALTHY, origin: "STANDBY" as const };
    const watched = await watch(worldOf(standby), { policy: fiveUsd() });
    await watched.ticks(1);
    expect((await cli(watched, ["runs"])).out).toContain("a rule must name with for: { origins: [STANDBY] }");
  });
});
