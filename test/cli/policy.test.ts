import { describe, expect, it } from "vitest";
import type { AffectedRun } from "../../src/watchdog/explain/policy-effect.ts";
import { grantExemption } from "../../src/watchdog/overrule/exemptions.ts";
import { pause } from "../../src/watchdog/policies/operate.ts";
import { instead } from "../support/instead.ts";
import { ABORT, costRule, fiveUsd } from "../support/policies.ts";
import { controlEntries } from "../support/recorded.ts";
import { type Watched, watch } from "../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../support/world.ts";
import { cli, policyFile, type RunOptions } from "./support.ts";

const policy = (usd: number, overrides: object = {}) => fiveUsd({ rules: [costRule(usd)], ...overrides });

/** `policy push` of a document, and the options behind it. */
async function push(
  watched: Watched,
  document: unknown,
  options: readonly string[] = [],
  run: RunOptions = {},
) {
  return cli(watched, ["policy", "push", await policyFile(document), ...options], run);
}
const dryRun = async (watched: Watched, document: unknown, run: RunOptions = {}) =>
  JSON.parse((await push(watched, document, ["--dry-run", "--json"], run)).out);

const ids = (runs: readonly { readonly runId: string }[]) => runs.map(({ runId }) => runId);

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
    const { out } = await cli(watched, ["policy", "push", "policy.yaml"]);
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

describe("watchdog policy push --if-changed", () => {
  it("changes nothing when the document is in force, however its keys are written", async () => {
    const watched = await watch(worldOf(), { policy: policy(5) });
    const { rules, mode, version } = policy(5);
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

describe("watchdog policy list, diff and rollback", () => {
  async function threeVersions(): Promise<Watched> {
    const watched = await watch(worldOf(OVER_5_USD), { policy: policy(9) });
    await push(watched, policy(8), ["--reason", "a bit less"]);
    await push(watched, policy(7));
    return watched;
  }

  it("lists every version: when, by whom, why, and which is in force", async () => {
    const watched = await threeVersions();
    const { out } = await cli(watched, ["policy", "list"]);
    expect(out.split("\n").map((line) => line.trim())).toEqual([
      expect.stringMatching(/^VERSION +PUSHED \(UTC\) +BY +WHY$/),
      expect.stringMatching(/^1 +\d{4}-\d\d-\d\d \d\d:\d\d +tester$/),
      expect.stringMatching(/^2 +.* +ann@laptop +a bit less$/),
      expect.stringMatching(/^3 +in force +.* +ann@laptop$/),
      "",
    ]);
    expect((await cli(await watch(worldOf()), ["policy", "list"])).out).toContain("No policy was pushed yet");
  });

  it("goes back by pushing what the version before says as a new one, with the reason in the audit", async () => {
    const watched = await threeVersions();
    const { code, out } = await cli(watched, ["policy", "rollback", "--reason", "too strict"]);
    expect(out).toContain("~ cost  limit.usageTotalUsd: 7 → 8");
    expect(out).toContain("it would no longer stop 1:");
    expect(out).toContain("Version 4 is in force (after 3), with what version 2 says, pushed by ann@laptop.");
    expect(code).toBe(0);
    expect(await watched.ports.state.readPolicy(4)).toEqual(policy(8));
    expect(await watched.ports.state.readPolicy(3)).toEqual(policy(7));
    expect((await controlEntries(watched)).at(-1)?.change).toEqual({
      version: 4,
      previousVersion: 3,
      rolledBackTo: 2,
      reason: "too strict",
    });
    expect((await cli(watched, ["policy", "list"])).out).toMatch(/4 +in force .* back to 2: too strict/);
    expect((await cli(watched, ["audit", "show", "control"])).out).toContain(
      "version 4, after 3, back to what version 2 says: too strict",
    );
  });

  it("goes back to the version that is named, or only shows it", async () => {
    const watched = await threeVersions();
    const dry = await cli(watched, ["policy", "rollback", "1", "--reason", "x", "--dry-run"]);
    expect(dry.out).toContain("~ cost  limit.usageTotalUsd: 7 → 9");
    expect((await watched.ports.state.readControl()).policyVersion).toBe(3);
    await cli(watched, ["policy", "rollback", "1", "--reason", "x"]);
    expect(await watched.ports.state.readPolicy(4)).toEqual(policy(9));
  });

  it.each([
    [["3"], 0, "Version 3 is in force: nothing was changed."],
    [["7"], 1, "Version 7 can't be used: it is not in the store. See watchdog policy list."],
    [["0"], 1, "Version 0 can't be used: it is not in the store."],
  ])("answers rollback %j with %d", async (version, code, says) => {
    const ran = await cli(await threeVersions(), ["policy", "rollback", ...version, "--reason", "x"]);
    expect(ran.code).toBe(code);
    expect(ran.out + ran.err).toContain(says);
  });

  it("has nothing to go back to from the first version, nor from none", async () => {
    const rollback = async (watched: Watched) => cli(watched, ["policy", "rollback", "--reason", "x"]);
    const first = await rollback(await watch(worldOf(), { policy: policy(5) }));
    expect(first).toMatchObject({ code: 1, err: expect.stringContaining("Version 1 is the first one") });
    const none = await rollback(await watch(worldOf()));
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining("No policy was pushed yet") });
  });

  it("compares versions and files, each with what is in force where it stands alone", async () => {
    const watched = await threeVersions();
    const file = await policyFile(policy(2));
    const diff = async (...sides: string[]) =>
      (await cli(watched, ["policy", "diff", ...sides])).out.replaceAll(file, "FILE").split("\n").slice(0, 2);
    const limit = (from: number, to: number) => `  ~ cost  limit.usageTotalUsd: ${from} → ${to}`;
    expect(await diff()).toEqual(["version 2 → version 3, in force", limit(8, 7)]);
    expect(await diff("1")).toEqual(["version 1 → version 3, in force", limit(9, 7)]);
    expect(await diff("1", "2")).toEqual(["version 1 → version 2", limit(9, 8)]);
    expect(await diff(file)).toEqual(["version 3, in force → FILE", limit(7, 2)]);
    expect(await diff(file, "1")).toEqual(["FILE → version 1", limit(2, 9)]);
    expect(await diff("2", "2")).toEqual(["version 2 → version 2", "No difference."]);
    const { code, err } = await cli(watched, ["policy", "diff", "8"]);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("Version 8 can't be used") });
  });

  it("tell of a version that can't be used, and go back to the one that stands in for it", async () => {
    const watched = await threeVersions();
    const state = instead(watched.ports.state, {
      readPolicy: async (version) => (version === 3 ? undefined : watched.ports.state.readPolicy(version)),
    });
    const ports = { ...watched.ports, state };
    watched.advance(11 * MINUTE);
    await watched.tick(watched.process({ state }));
    const options = { connection: { ports } };
    expect((await cli(watched, ["policy", "list"], options)).out).toMatch(
      /2 +in force .*\n +3 +can't be used/,
    );
    const shown = await cli(watched, ["policy", "show"], options);
    expect(shown.err).toContain(
      "Version 3 can't be used, so version 2 stays in force: it is not in the store",
    );
    expect(shown.out).toContain("# version 2, in force");
    expect((await cli(watched, ["audit", "list"])).out).toMatch(
      /FELL BACK .*version 3 can't be used \(it is not in the store\); version 2 stays in force \(watchdog\)/,
    );
    const back = await cli(watched, ["policy", "rollback", "--reason", "repair"], options);
    expect(back.out).toContain("It is the same as version 2, in force.");
    expect(back.out).toContain("Version 4 is in force (after 3), with what version 2 says");
  });
});
