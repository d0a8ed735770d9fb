import { describe, expect, it } from "vitest";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { holding, storm } from "../../journeys/holding/storm.ts";
import { costRule, fiveUsd, OBSERVED } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, OVER_5_USD, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

describe("watchdog tick", () => {
  it("stops what the policy in force says, and ends with 1", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: fiveUsd() });
    const { code, out } = await cli(watched, ["tick"]);
    expect(out).toContain("2 live runs, 2 looked at; policy version 1, enforce");
    expect(out).toMatch(/STOP +\w+ +\$7\.00 +\$5\.00 +no-run-over-5-usd/);
    expect(out).toMatch(/ASKED .*Apify answered ABORTING/);
    expect(watched.aborts()).toHaveLength(1);
    expect(code).toBe(1);
  });

  it("prints the tick report alone with --json", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: OBSERVED });
    const { out, err } = await cli(watched, ["tick", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ account: "default", mode: "observe", listed: 1 });
    expect(err).toBe("");
  });
});

describe("watchdog scan", () => {
  it("shows what the policy in force would do, and does nothing", async () => {
    const observed = costRule(0.5, { id: "half", mode: "observe" });
    const policy = fiveUsd({ rules: [costRule(5), observed] });
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy });
    const before = JSON.stringify(await watched.ports.state.readControl());
    const { code, out } = await cli(watched, ["scan"]);
    expect(out).toContain("policy version 1, enforce, looked at only: nothing is stopped or written");
    expect(out).toMatch(/\nSTOP +\w+ +\$7\.00 +\$5\.00 /);
    expect(out).toMatch(/\nWOULD STOP +\w+ +\$1\.00 +\$0\.50 /);
    expect(code).toBe(1);
    expect(watched.aborts()).toEqual([]);
    expect(JSON.stringify(await watched.ports.state.readControl())).toBe(before);
    expect((await watched.ports.state.readLive()).version).toBe(0);
  });

  it("says of schedules that they are held, and not that runs are stopped", async () => {
    const enforced = await storm(holding());
    await enforced.ticks(20);
    const { out } = await cli(enforced, ["scan"]);
    expect(out).toMatch(/\nHOLD +the account +\$\d+\.\d\d +\$2\.00 +an-hour\n/);
    expect(out).not.toContain("STOP");
    const observed = await storm({ ...holding(), mode: "observe" });
    await observed.ticks(20);
    expect((await cli(observed, ["tick"])).out).toMatch(/\nWOULD HOLD +the account /);
  });

  it("says that no policy was pushed", async () => {
    const { code, out } = await cli(await watch(worldOf(OVER_5_USD)), ["scan"]);
    expect(out).toContain("no policy was pushed: nothing is stopped or written");
    expect(code).toBe(0);
  });

  it("ends with 0 when nothing is over a limit", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    expect(await cli(watched, ["scan"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("Nothing is over a limit."),
    });
  });

  it("tries a limit without stopping, pushing or writing anything", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: fiveUsd() });
    const before = JSON.stringify(await watched.ports.state.readControl());
    const { code, out } = await cli(watched, ["scan", "--max-usd-per-run", "0.5"]);
    expect(out).toContain("on trial: nothing is stopped or written");
    expect(out.match(/WOULD STOP/g)).toHaveLength(2);
    expect(code).toBe(1);
    expect(watched.aborts()).toEqual([]);
    expect(JSON.stringify(await watched.ports.state.readControl())).toBe(before);
    expect((await watched.ports.state.readLive()).version).toBe(0);
  });

  it("calls nothing on trial, even for runs that are being stopped", async () => {
    const watched = await watch(worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }), {
      policy: fiveUsd(),
    });
    await watched.ticks(1);
    watched.advance(HOUR);
    await cli(watched, ["scan", "--max-usd-per-run", "1"]);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("knows pauses and exemptions on trial", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const subject = { kind: "run", id: watched.runIds()[0] ?? "" } as const;
    const until = new Date(watched.emulator.clock.now() + HOUR);
    await watched.run(grantExemption(watched.ports, { subject, until, owner: "bob", reason: "x" }, "bob"));
    const { out } = await cli(watched, ["scan", "--policy", "policy.yaml"]);
    expect(out).toMatch(/HELD .*no-run-over-5-usd: it is exempt/);
  });

  it("prints the tick report alone with --json", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: OBSERVED });
    const { out, err } = await cli(watched, ["scan", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ account: "default", mode: "observe", listed: 1 });
    expect(err).toBe("");
  });

  it.each([
    [["--once", "--every", "1m"], "contradict each other"],
    [["--every", "1s"], "wanted 10s or more"],
    [["--every", "soon"], '--every: got "soon", wanted a duration'],
    [["--max-usd-per-month", "lots"], '--max-usd-per-month: got "lots", wanted an amount in USD'],
    [["--max-usd-per-run", "lots"], '--max-usd-per-run: got "lots", wanted an amount in USD'],
    [["--policy", "no-such.yaml"], "no-such.yaml can't be read"],
    [["--policy", "policy.yaml", "--max-usd-per-day", "5"], "two ways to say the same"],
    [["--policy", "policy.yaml", "--max-run-time", "6h"], "two ways to say the same"],
  ])("answers %j with what is wrong, and 2", async (options, says) => {
    const { code, err } = await cli(await watch(worldOf()), ["scan", ...options]);
    expect(err).toContain(says);
    expect(code).toBe(2);
  });
});
