import { describe, expect, it } from "vitest";
import { pause } from "../../../../src/watchdog/policies/operate.ts";
import { instead } from "../../../support/instead.ts";
import { ABORT, costRule, fiveUsd } from "../../../support/policies.ts";
import { controlEntries } from "../../../support/recorded.ts";
import { type Watched, watch } from "../../../support/watch.ts";
import { HEALTHY, HOUR, OVER_5_USD, worldOf } from "../../../support/world.ts";
import { cli } from "../../support.ts";
import { policy, push } from "./pushing.ts";

/** Tables that nothing can be written to. */
function locked({ ports }: Watched) {
  const never = async (): Promise<never> => {
    throw new Error("a preview wrote to the tables");
  };
  const state = instead(ports.state, {
    writeControl: never,
    writeLive: never,
    writeNames: never,
    writeLedger: never,
  });
  return { ...ports, state, audit: instead(ports.audit, { append: never }) };
}

describe("watchdog policy push", () => {
  it("shows per rule and key what differs, what it would do now, and then puts it in force", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: policy(9) });
    const [over = ""] = watched.runIds();
    const { code, out } = await push(watched, policy(5), ["--reason", "month end"]);
    expect(out).toContain("Against version 1, in force:\n  ~ cost  limit.usageTotalUsd: 9 → 5\n");
    expect(out).toContain("Of 2 live runs, read just now, it would stop 1 run:");
    expect(out).toMatch(new RegExp(`STOP +${over} +\\$7\\.00 +\\$5\\.00 +acme/shop +cost`));
    expect(out).toContain("Version 2 is in force (after 1), pushed by ann@laptop.");
    expect(out).toContain("Mode enforce: from the next tick on, what breaches is stopped.");
    expect(code).toBe(0);
    expect((await controlEntries(watched)).at(-1)).toMatchObject({
      kind: "policy.pushed",
      by: "ann@laptop",
      change: { version: 2, previousVersion: 1, reason: "month end" },
    });
  });

  it("pushes the policy of this project, and shows it again", async () => {
    const watched = await watch(worldOf(), { policy: fiveUsd() });
    const { out } = await cli(watched, ["policy", "push", "policy.yaml", "--yes"]);
    expect(out).toContain("~ mode: enforce → observe");
    expect(out).toContain("+ six-hours-are-enough  limit.runTime: 6h; steps: 80% notify, 100% abort");
    expect(out).toContain("No run is live, read just now.");
    const shown = await cli(watched, ["policy", "show"]);
    expect(shown.out).toMatch(/^# version 2, in force, pushed .* by ann@laptop\nversion: 1\nmode: observe/);
    expect((await cli(watched, ["policy", "show", "1"])).out).toContain("not in force: version 2 is");
    expect((await cli(watched, ["policy", "show", "7"])).err).toContain("There is no policy version 7");
  });

  it("changes nothing when somebody pushed while the difference was being shown, says so and ends with 1", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: policy(9) });
    const operator = async (): Promise<string> => {
      await watched.push(policy(8));
      return "ann";
    };
    const { code, err, out } = await push(watched, policy(5), [], { connection: { operator } });
    expect(code).toBe(1);
    expect(err).toMatch(/Somebody pushed version 2 meanwhile.*nothing was changed/);
    expect(out).not.toContain("is in force (");
    expect(await watched.ports.state.readPolicy(2)).toEqual(policy(8));
    expect((await watched.ports.state.readControl()).policyVersion).toBe(2);
  });

  it("pushes all the same when an operator did something else meanwhile", async () => {
    const watched = await watch(worldOf(), { policy: policy(9) });
    const operator = async (): Promise<string> => {
      await pause(watched.ports, { by: "bob", reason: "lunch" });
      return "ann";
    };
    expect((await push(watched, policy(5), [], { connection: { operator } })).code).toBe(0);
    expect(await watched.ports.state.readControl()).toMatchObject({ policyVersion: 2, pause: { by: "bob" } });
  });

  it("writes nothing for its preview, in the tables or at Apify", async () => {
    const watched = await watch(
      worldOf(OVER_5_USD, { ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }, HEALTHY),
      { policy: policy(5) },
    );
    await watched.ticks(1);
    watched.advance(HOUR);
    const calls = watched.emulator.truth.calls.length;
    const ports = locked(watched);
    const rules = [
      costRule(0.5),
      { id: "named", for: { actors: ["acme/*"] }, limit: { runTime: "1m" }, steps: [ABORT] },
    ];
    for (const hasApify of [true, false]) {
      const { code, out, err } = await push(watched, fiveUsd({ rules }), ["--dry-run"], {
        connection: { ports, hasApify },
      });
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain("Nothing was changed: this was a dry run.");
      expect(out).toContain("STOP");
      expect(out).toContain(hasApify ? "read just now" : "as the last tick saw them");
    }
    expect(watched.emulator.truth.calls.slice(calls).map(({ kind }) => kind)).not.toContain("abort");
  });

  it("goes by the last tick where Apify can't be asked, and says how old that is", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: policy(9) });
    await watched.ticks(1);
    const { out } = await push(watched, policy(5), [], { connection: { hasApify: false } });
    expect(out).toMatch(/as the last tick saw them .* UTC \(1m ago\), it would stop 1 run:/);
  });

  it("goes by the last tick where Apify does not answer, and says why", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: policy(9) });
    await watched.ticks(1);
    watched.emulator.faults.add({ match: {}, fault: { kind: "status", status: 403 }, times: 99 });
    const { code, out } = await push(watched, policy(5));
    expect(out).toMatch(/Apify could not be asked: ApifyError: .*403/);
    expect(out).toContain("it would stop 1 run:");
    expect(code).toBe(0);
  });

  it("says why there is no preview, and goes on", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: policy(9) });
    const { code, out } = await push(watched, policy(5), [], { connection: { hasApify: false } });
    expect(out).toContain(
      "No preview of its effect: no tick has looked yet, and Apify can't be asked from here.",
    );
    expect(out).toContain("Version 2 is in force");
    expect(code).toBe(0);
  });

  it("ends with 1 on a policy that can't be used, dry or not, and changes nothing", async () => {
    const watched = await watch(worldOf(), { policy: policy(9) });
    for (const options of [[], ["--dry-run"], ["--if-changed"]]) {
      const { code, err } = await push(watched, policy(-5), options);
      expect(err).toMatch(/mine\.yaml:1:\d+ {2}rules\[0\]\.limit\.usageTotalUsd: got -5/);
      expect(code).toBe(1);
    }
    const { code, out } = await push(watched, policy(-5), ["--json"]);
    expect([code, JSON.parse(out)]).toMatchObject([1, { valid: false, problems: [{ line: 1 }] }]);
    expect((await watched.ports.state.readControl()).policyVersion).toBe(1);
  });

  it("puts the first policy in force, and a good one where none can be used", async () => {
    const watched = await watch(worldOf(OVER_5_USD));
    const first = await push(watched, policy(5));
    expect(first.out).toContain("The first policy. What it has:\n  + cost  limit.usageTotalUsd: 5");
    const state = instead(watched.ports.state, {
      readPolicy: async (version) => (version === 1 ? {} : watched.ports.state.readPolicy(version)),
    });
    const ports = { ...watched.ports, state };
    const { code, out } = await push(watched, policy(6), [], { connection: { ports } });
    expect(out).toMatch(
      /policy version 1 is in force but can't be used .*\nWhat the new one has:\n {2}\+ cost/,
    );
    expect(out).toContain("it would stop 1 run:");
    expect(code).toBe(0);
  });
});

describe("watchdog policy push of what is in force", () => {
  it("makes no version, however its keys are written", async () => {
    const watched = await watch(worldOf(), { policy: policy(5) });
    const { rules, mode, version } = policy(5);
    const spelled = { rules, version, mode, timeZone: "UTC", escalation: { forceAfter: "60s" } };
    expect((await push(watched, spelled)).out).toContain("it is the same: nothing was changed");
    const { code, out } = await push(watched, { rules, version, mode }, ["--if-changed"]);
    expect({ code, out }).toEqual({
      code: 0,
      out: "Version 1 is in force, and it is the same: nothing was changed.\n",
    });
    expect((await watched.ports.state.readControl()).policyVersion).toBe(1);
    const { out: json } = await push(watched, policy(5), ["--if-changed", "--json"]);
    expect(JSON.parse(json)).toMatchObject({ pushed: false, version: 1, changes: [] });
  });

  it("pushes what differs, and also what only stands in for a version that can't be used", async () => {
    const watched = await watch(worldOf(), { policy: policy(5) });
    await push(watched, policy(6), ["--if-changed"]);
    expect((await watched.ports.state.readControl()).policyVersion).toBe(2);
    const state = instead(watched.ports.state, {
      readPolicy: async (version) => (version === 2 ? {} : watched.ports.state.readPolicy(version)),
    });
    const { out } = await push(watched, policy(5), ["--if-changed"], {
      connection: { ports: { ...watched.ports, state } },
    });
    expect(out).toContain("It is the same as version 1, in force.");
    expect((await watched.ports.state.readControl()).policyVersion).toBe(3);
  });
});
