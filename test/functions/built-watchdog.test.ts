import { execFile } from "node:child_process";
import { copyFile, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createEmulator, runningClock, type WorldName } from "../../emulator/index.ts";
import { buildFunctions, builtFunction } from "../../functions/build.ts";
import { ATTENTION_METRIC, COMPLETE_METRIC } from "../../functions/contract.ts";
import { createDynamoStores } from "../../src/adapters/dynamodb/stores.ts";
import { newTickId, systemClock } from "../../src/adapters/system.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { grantExemption } from "../../src/watchdog/overrule/exemptions.ts";
import { pushPolicy } from "../../src/watchdog/policies/policies.ts";
import { createTables, engineMissing, startEngine } from "../support/engines/engine.ts";
import { ABORT, ANY_SHARE, fiveUsd } from "../support/policies.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { OVER_5_USD, worldOf } from "../support/world.ts";

const run = promisify(execFile);
const tables = { stateTable: "watchdog-state", auditTable: "watchdog-audit" };
const SECRET = "apify_api_do_not_tell";

/** The built file alone in an empty folder, a pretend Apify, a DynamoDB, and a policy in it. */
async function deployed(
  world: WorldName | ReturnType<typeof worldOf> = worldOf(OVER_5_USD),
  policy = fiveUsd(),
) {
  const folder = await tempFolder();
  await copyFile(builtFunction("watchdog"), join(folder, "index.mjs"));
  const emulator = createEmulator({ world, clock: runningClock() });
  const server = await emulator.listen();
  onTestFinished(() => server.close());
  const engine = await startEngine();
  onTestFinished(() => engine.stop());
  const client = engine.client();
  onTestFinished(() => client.destroy());
  await createTables(client, tables);
  const sleep = async () => undefined;
  const stores = createDynamoStores({ client, ...tables, account: "default", random: () => 0.5, sleep });
  const ports = {
    account: "default",
    ...stores,
    clock: systemClock,
    newTickId,
  } as unknown as Ports;
  await pushPolicy(ports, policy, "tester");
  const env = {
    STATE_TABLE: tables.stateTable,
    AUDIT_TABLE: tables.auditTable,
    APIFY_API_URL: server.url,
    APIFY_TOKEN: SECRET,
    AWS_ENDPOINT_URL_DYNAMODB: engine.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  return { folder, emulator, stores, ports, env };
}

/** Invokes the handler in a bare Node.js process, as a runtime would: with an event and, if given, the time left. */
async function invoke(folder: string, env: Record<string, string | undefined>, remainingMs?: number) {
  const context = remainingMs === undefined ? "{}" : `{ getRemainingTimeInMillis: () => ends - Date.now() }`;
  await writeFile(
    join(folder, "invoke.mjs"),
    // As of Lambda, a function's time is its invocation's: what it takes to load is not in it.
    `const { handler } = await import("./index.mjs");
     const ends = Date.now() + ${remainingMs ?? 0};
     const answer = await handler({}, ${context}).then((report) => ({ report }), ({ name, message }) => ({ name, message }));
     console.log("ANSWER " + JSON.stringify(answer));
     process.exit(0);`,
  );
  const { stdout, stderr } = await run(process.execPath, ["invoke.mjs"], {
    cwd: folder,
    env: env as NodeJS.ProcessEnv,
  });
  const line = stdout.split("\n").find((each) => each.startsWith("ANSWER "));
  return { ...JSON.parse(line?.slice(7) ?? "{}"), output: stdout + stderr };
}

/** The lines that are JSON. */
const logged = (output: string): readonly Record<string, unknown>[] =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

type Decided = { readonly runId: string };
type Directive = { readonly Metrics: readonly { readonly Name: string }[] };

/** What CloudWatch makes metrics of, as the embedded metric format says: those of this name. */
const metricsIn = (output: string, wanted: string) =>
  logged(output)
    .flatMap(({ _aws }) => (_aws ? (_aws as { CloudWatchMetrics: Directive[] }).CloudWatchMetrics : []))
    .filter(({ Metrics }) => Metrics.some(({ Name }) => Name === wanted));

describe.skipIf(engineMissing)(`the built watchdog${engineMissing ? ` (${engineMissing})` : ""}`, () => {
  beforeAll(() => buildFunctions());

  it("runs a tick from its one file alone, in a bare node process", async () => {
    const { folder, emulator, env } = await deployed();
    expect(await readdir(folder)).toEqual(["index.mjs"]);
    const { report } = await invoke(folder, env);
    expect(report).toMatchObject({
      account: "default",
      policyVersion: 1,
      mode: "enforce",
      listed: 1,
      evaluated: 1,
      skipped: {},
      decisions: [{ ruleId: "no-run-over-5-usd", action: "abort" }],
      outcomes: [{ kind: "abort.intended" }, { kind: "abort.requested" }],
      unknownCost: 0,
    });
    expect(report.apiRequests).toBeGreaterThan(3);
    expect(report.consumedCapacity.writeUnits).toBeGreaterThan(0);
    expect(emulator.truth.calls.filter(({ kind }) => kind === "abort")).toHaveLength(1);
  });

  it.each([
    {
      maxWait: "60",
      does: "waits for a limit that is about to be reached, and stops the run just then",
      calls: 1,
    },
    { maxWait: "0", does: "leaves such a limit to the next tick where it is not to wait", calls: 0 },
  ])("$does", async ({ maxWait, calls }) => {
    const aMinute = [{ id: "a-minute", limit: { runTime: "1m" }, steps: [ABORT] }];
    const young = { ...OVER_5_USD, startsAfterMs: -56_000 };
    const { folder, emulator, env } = await deployed(worldOf(young), fiveUsd({ rules: aMinute }));
    const { report } = await invoke(folder, { ...env, MAX_WAIT_SECS: maxWait }, 40_000);
    expect(report.decisions).toEqual([]);
    expect(report.watched).toBe(calls);
    expect(emulator.truth.calls.filter(({ kind }) => kind === "abort")).toHaveLength(calls);
  });

  it("holds back one rule for one Actor alone, below the ceiling of its raise", async () => {
    const other = { ...OVER_5_USD, actor: "acme/nightly-archive" };
    const policy = fiveUsd(ANY_SHARE);
    const { folder, emulator, ports, env } = await deployed(worldOf(OVER_5_USD, other), policy);
    const [first] = emulator.truth.runs();
    const raise = {
      subject: { kind: "actor", id: first?.actorId ?? "", ruleId: "no-run-over-5-usd" },
      until: new Date(Date.now() + 3_600_000),
      ceilingMicroUsd: 4_000_000_000,
      owner: "ann",
      reason: "a sale",
    } as const;
    await grantExemption(ports, raise, "ann");
    const { report } = await invoke(folder, env);
    const [held, stopped] = report.decisions.toSorted(
      (a: Decided, b: Decided) => Number(b.runId === first?.id) - Number(a.runId === first?.id),
    );
    expect(held).toMatchObject({ runId: first?.id, action: "hold", guard: "exemption" });
    expect(stopped).toMatchObject({ action: "abort", ruleId: "no-run-over-5-usd" });
  });

  it("uses the deprecated abort endpoint where it is told to", async () => {
    const { folder, emulator, env } = await deployed();
    await invoke(folder, { ...env, APIFY_ABORT_ENDPOINT: "acts" });
    expect(emulator.truth.calls.filter(({ kind }) => kind === "abort")).toMatchObject([
      { effect: "aborting" },
    ]);
  });

  it("never logs the token, nor what Apify tells of the user", async () => {
    const { folder, env } = await deployed("runaway");
    const { output } = await invoke(folder, env);
    expect(output).toContain("tick");
    expect(output).not.toContain(SECRET);
    expect(output).not.toMatch(/password/i);
  });

  it("calls for a person by a metric and a line with the reasons, and by neither where nobody is needed", async () => {
    const { folder, env } = await deployed();
    const called = await invoke(folder, {
      ...env,
      ACCOUNT: "acme",
      POLICY: '{"policy":{"version":1,"rules":[]}}',
    });
    const problem = expect.stringMatching(
      /^policy: the deployment's policy can't be used; .*rules: got \[\]/,
    );
    const reasons = [problem, "policy: no policy was pushed: nothing is stopped"];
    expect(called.report.attention).toEqual(reasons);
    expect(logged(called.output)).toContainEqual(
      expect.objectContaining({ level: "WARN", message: "needs attention", account: "acme", reasons }),
    );
    expect(metricsIn(called.output, ATTENTION_METRIC.name)).toEqual([
      {
        Namespace: ATTENTION_METRIC.namespace,
        Dimensions: [[ATTENTION_METRIC.dimension, ATTENTION_METRIC.emitter]],
        Metrics: [{ Name: ATTENTION_METRIC.name, Unit: "Count" }],
      },
    ]);
    expect(logged(called.output)).toContainEqual(
      expect.objectContaining({ [ATTENTION_METRIC.dimension]: "acme", [ATTENTION_METRIC.name]: 1 }),
    );
    const calm = await invoke(folder, env);
    expect(calm.report.attention).toEqual([]);
    expect(calm.output).not.toMatch(/NeedsAttention|needs attention/);
  });

  it("calls for a person when a tick fails on what only a person can mend", async () => {
    const { folder, env } = await deployed();
    const { output } = await invoke(folder, { ...env, APIFY_TOKEN: "bad-token" });
    expect(metricsIn(output, ATTENTION_METRIC.name)).toHaveLength(1);
    expect(output).toMatch(/needs attention.*Apify refused the token/);
    const refused = await invoke(folder, { ...env, APIFY_API_URL: "http://127.0.0.1:1" });
    expect(refused.name).toBe("ApifyError");
    expect(metricsIn(refused.output, ATTENTION_METRIC.name)).toEqual([]);
  });

  it("emits whether the tick was complete: by account, and also where it failed", async () => {
    const { folder, emulator, env } = await deployed();
    const emitted = async (more: Record<string, string> = {}) => {
      const { output } = await invoke(folder, { ...env, ...more });
      expect(metricsIn(output, COMPLETE_METRIC.name)).toMatchObject([
        { Dimensions: [["account", "function"]] },
      ]);
      const lines = logged(output).filter((line) => COMPLETE_METRIC.name in line);
      return lines.map(({ account, [COMPLETE_METRIC.name]: complete }) => ({ account, complete }));
    };
    expect(await emitted()).toEqual([{ account: "default", complete: 1 }]);
    expect(await emitted({ APIFY_TOKEN: "bad-token" })).toEqual([{ account: "default", complete: 0 }]);
    emulator.faults.add({ match: { kind: "list" }, fault: { kind: "rate-limit" }, times: 99 });
    expect(await emitted()).toEqual([{ account: "default", complete: 0 }]);
  });

  it("says what it waits for, just before it is cut off", async () => {
    const { folder, env } = await deployed();
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void silent.close().closeAllConnections());
    const { port } = silent.address() as AddressInfo;
    const hanging = { ...env, AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}` };
    const { output } = await invoke(folder, hanging, 500);
    expect(logged(output)).toContainEqual(
      expect.objectContaining({
        message: "tick is about to be cut off by Lambda's timeout",
        account: "default",
        waitingFor: ["DynamoDB GetItem"],
      }),
    );
  });

  it("says that a deployment's policy is passed over, for somebody pushed another by hand", async () => {
    const { folder, env } = await deployed();
    const { report, output } = await invoke(folder, { ...env, POLICY: '{"maxUsdPerRun":9}' });
    expect(report).toMatchObject({ policyVersion: 1, attention: [] });
    expect(logged(output)).toContainEqual(
      expect.objectContaining({
        level: "INFO",
        message: "the deployment's policy is passed over, for another was pushed by hand",
        inForce: 1,
      }),
    );
  });

  it("winds up before Lambda's time is over, and still writes its heartbeat", async () => {
    const { folder, emulator, stores, env } = await deployed();
    emulator.faults.add({ match: { kind: "get" }, fault: { kind: "slow", delayMs: 60_000 }, times: 100 });
    const { report } = await invoke(folder, env, 10_000);
    expect(report.skipped).not.toEqual({});
    const { heartbeat } = await stores.state.readLive();
    expect(heartbeat).toMatchObject({ complete: false });
    expect(emulator.truth.calls.filter(({ kind }) => kind === "abort")).toEqual([]);
  });

  it("says which variable is missing", async () => {
    const { folder, env } = await deployed();
    const { name, message } = await invoke(folder, { ...env, STATE_TABLE: undefined });
    expect(name).toBe("ConfigError");
    expect(message).toContain("STATE_TABLE is missing");
  });

  it("says which table is missing", async () => {
    const { folder, env } = await deployed();
    const { name, message } = await invoke(folder, { ...env, STATE_TABLE: "no-such-table" });
    expect(name).toBe("ConfigError");
    expect(message).toContain('"no-such-table"');
    expect(message).toContain("STATE_TABLE");
  });

  it("says which secret to look at when Apify refuses the token", async () => {
    const { folder, env } = await deployed();
    const { message } = await invoke(folder, { ...env, APIFY_TOKEN: "bad-token" });
    expect(message).toContain("401");
    expect(message).toContain("APIFY_TOKEN in the environment");
  });
});
