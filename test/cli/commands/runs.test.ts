import { describe, expect, it } from "vitest";
import { attestOpen } from "../../../src/watchdog/tick/outside.ts";
import { instead } from "../../support/instead.ts";
import { ABORT, costRule, fiveUsd, OBSERVED } from "../../support/policies.ts";
import { type Watched, watch, within } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

/** One that Apify does not answer. */
async function deafTick(watched: Watched): Promise<void> {
  const apify = instead(watched.ports.apify, { listRuns: () => Promise.reject(new Error("no answer")) });
  await watched.tick(watched.process({ apify })).catch(() => undefined);
}

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
    await cli(watched, ["abort", watched.runIds()[0] ?? "", "--reason", "x", "--yes"]);
    const { runs } = JSON.parse((await cli(watched, ["runs", "--json"])).out);
    expect(runs.map(({ runId }: { runId: string }) => runId)).toEqual([watched.runIds()[1]]);
  });

  it("shows with --past a run that was stopped since the last tick looked, as it ended", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: fiveUsd() });
    await watched.ticks(1);
    const [runId = ""] = watched.runIds();
    watched.advance(MINUTE / 2);
    await watched.run(attestOpen(watched.ports, within(watched, MINUTE)));
    const [past, ...more] = JSON.parse((await cli(watched, ["runs", "--past", "--json"])).out);
    expect([past, more]).toEqual([expect.objectContaining({ runId, status: "ABORTED" }), []]);
    expect(past.usd).toBeGreaterThan(5);
    expect((await cli(watched, ["runs"])).out).not.toContain(runId);
    await watched.ticks(2);
    expect(JSON.parse((await cli(watched, ["runs", "--past", "--json"])).out)).toHaveLength(1);
  });

  it("says so when no tick has looked yet", async () => {
    const { out, code } = await cli(await watch(worldOf()), ["runs"]);
    expect(out).toContain("No tick has looked yet");
    expect(code).toBe(3);
  });

  it("does not say that no run is live where no tick has seen the account", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    await deafTick(watched);
    const { out, code } = await cli(watched, ["runs"]);
    expect(out).toContain("Live runs: not known, as seen");
    expect(out).not.toContain("0 live runs");
    expect(code).toBe(3);
    const json = await cli(watched, ["runs", "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({ asOf: expect.any(String), completeAt: null });
    expect((await cli(watched, ["runs", "--csv"])).err).toContain("which runs are live is not known");
    expect(JSON.parse((await cli(watched, ["status", "--json"])).out).live).toBeNull();
  });

  it("says when the last tick did not see every run", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    await watched.ticks(1);
    await deafTick(watched);
    expect((await cli(watched, ["runs"])).out).toMatch(/^The last tick did not see every run/);
  });

  it("filters by an Actor's name or id, and says what was meant where no run is of it", async () => {
    const watched = await watch(worldOf(HEALTHY, { ...HEALTHY, actor: "acme/nightly-archive" }), {
      policy: fiveUsd(),
    });
    await watched.ticks(1);
    const ids = async (actor: string) =>
      JSON.parse((await cli(watched, ["runs", "--json", "--actor", actor])).out).runs.map(
        ({ runId }: { runId: string }) => runId,
      );
    const [first = ""] = watched.runIds();
    expect(await ids("acme/shop")).toEqual([first]);
    expect(await ids("ACME~shop")).toEqual([first]);
    expect(await ids(watched.emulator.truth.runs()[0]?.actorId ?? "")).toEqual([first]);
    expect(await cli(watched, ["runs", "--actor", "acme/shoop"])).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        'no live run is of an Actor "acme/shoop", by id or by name. Did you mean acme/shop?',
      ),
    });
  });

  it("marks what is held, by a pause or by maxAborts, and says why", async () => {
    const guards = { maxAborts: { perTick: 0 } };
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: fiveUsd({ guards }) });
    await watched.ticks(1);
    const [runId = ""] = watched.runIds();
    const held = await cli(watched, ["runs"]);
    expect(held.out).toMatch(new RegExp(`${runId} +RUNNING, held `));
    expect(held.out).toContain(
      "Not stopped although over a limit: 1 run, for as many runs as maxAborts.perTick",
    );
    await cli(watched, ["pause", "--reason", "x", "--until", "1h"]);
    const paused = await cli(watched, ["runs"]);
    expect(paused.out).toMatch(new RegExp(`${runId} +RUNNING, PAUSED `));
    expect(paused.out.match(/PAUSED/g)).toHaveLength(1);
    const { runs } = JSON.parse((await cli(watched, ["runs", "--json"])).out);
    expect(runs.map((each: { held: string }) => each.held)).toEqual(["pause", null]);
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
    const { out } = await cli(watched, ["runs"]);
    expect(out).toMatch(/RUNNING, no limit/);
    expect(out).toContain("No limit for 1 run (Standby: no rule names it).");
    expect(out).toContain("A rule must name Standby runs with for: { origins: [STANDBY] }");
    const [row] = JSON.parse((await cli(watched, ["runs", "--json"])).out).runs;
    expect(row.noLimit).toBe("Standby: no rule names it");
  });

  it.each([
    [{ for: { actors: ["acme/other"] } }, "No limit for 1 run (no rule is for it)."],
    [
      { schedule: { days: ["sun"], hours: ["00:00-00:01"] } },
      "No limit for 1 run (outside the schedule of its rules).",
    ],
  ])("says why a run has no limit under a rule with %j", async (overrides, says) => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd({ rules: [costRule(5, overrides)] }) });
    await watched.ticks(1);
    expect((await cli(watched, ["runs"])).out).toContain(says);
  });
});
