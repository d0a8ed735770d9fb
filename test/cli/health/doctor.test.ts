import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Connection } from "../../../cli/command.ts";
import { AUDIT_CHANGES } from "../../../src/watchdog/model/deployed/deployment.ts";
import {
  type Answer,
  alarms,
  denying,
  described,
  muteAlarms,
  POINTER,
  pretendDeployment,
  subscribed,
} from "../../support/deployed/pretend-deployment.ts";
import { fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { HEALTHY, MINUTE, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

const guarded = async (): Promise<Watched> => {
  const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
  await watched.ticks(2);
  return watched;
};

type Check = {
  readonly id: string;
  readonly ok: boolean | null;
  readonly says: string;
  readonly fix?: string;
};

const AWS = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "pretend", AWS_SECRET_ACCESS_KEY: "pretend" };

/** A doctor on a stack whose AWS answers like this, and whose watchdog is well. */
async function examined(changed: Record<string, () => Answer> = {}, more: Partial<Connection> = {}) {
  const watched = await guarded();
  const { url } = await pretendDeployment(changed);
  for (const [name, value] of Object.entries({ ...AWS, AWS_ENDPOINT_URL: url })) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { stateTable, auditTable } = POINTER;
  const target = { kind: "stack" as const, name: "Acme", account: "default" };
  const connection = { target, pointer: POINTER, tables: { stateTable, auditTable }, ...more };
  // AWS answers in real time, on a socket.
  const { code, out } = await cli({ ...watched, run: (work) => work }, ["doctor", "--json"], { connection });
  const { checks } = JSON.parse(out) as { checks: readonly Check[] };
  return { code, checks, notOk: checks.filter(({ ok }) => ok !== true) };
}

const OWN = ["token", "clock", "tick", "policy", "attention"];

describe("watchdog doctor", () => {
  it("finds nothing wrong with a stack that is well, and makes every check", async () => {
    const { code, checks, notOk } = await examined();
    expect(notOk).toEqual([]);
    expect(code).toBe(0);
    expect(checks.map(({ id }) => id)).toEqual([
      ...["state-table", "audit-table", "stream", "backups", "audit-policy"],
      ...OWN,
      ...["function", "function-errors", "schedule", "alarms", "recipients", "notifier"],
      ...["second-watchdog", "rules"],
    ]);
  });

  const table = (more: object) => () => ({
    Table: { TableStatus: "ACTIVE", TableArn: "arn:t", DeletionProtectionEnabled: true, ...more },
  });
  const lambda = (more: object) => () => ({ FunctionArn: "arn:f", State: "Active", Timeout: 90, ...more });
  it.each<readonly [string, Record<string, () => Answer>, RegExp]>([
    ["state-table", { DescribeTable: () => ({ error: "ResourceNotFoundException" }) }, /no table acme-state/],
    ["audit-table", { DescribeTable: table({ DeletionProtectionEnabled: false }) }, /protection is off/],
    ["stream", { DescribeTable: table({}) }, /shows nothing/],
    ["backups", { DescribeContinuousBackups: () => ({}) }, /recovery is off for acme-state and acme-audit/],
    [
      "audit-policy",
      { GetResourcePolicy: () => ({ error: "PolicyNotFoundException" }) },
      /no policy is attached/,
    ],
    [
      "audit-policy",
      { GetResourcePolicy: () => denying(AUDIT_CHANGES.slice(1)) },
      /deny dynamodb:UpdateItem to everyone/,
    ],
    [
      "audit-policy",
      {
        GetResourcePolicy: () =>
          denying(AUDIT_CHANGES, { Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      },
      /does not deny dynamodb:UpdateItem/,
    ],
    [
      "audit-policy",
      {
        GetResourcePolicy: () =>
          denying(AUDIT_CHANGES, {}, { Condition: { Null: { "aws:userid": "true" } } }),
      },
      /does not deny dynamodb:PutItem/,
    ],
    ["function", { GetFunctionConfiguration: () => ({ error: "ResourceNotFoundException" }) }, /no function/],
    ["function", { GetFunctionConcurrency: () => ({ ReservedConcurrentExecutions: 0 }) }, /switched off/],
    ["function", { GetFunctionConfiguration: lambda({}) }, /differs from the stack's output in STATE_TABLE/],
    [
      "function-errors",
      { GetMetricData: () => ({ MetricDataResults: [{ Id: "errors", Values: [1, 2] }] }) },
      /3 failed/,
    ],
    [
      "schedule",
      { GetSchedule: () => ({ State: "DISABLED", Target: { Arn: `arn:x:${POINTER.functionName}` } }) },
      /acme-ticks is disabled/,
    ],
    [
      "schedule",
      { GetSchedule: () => ({ State: "ENABLED", Target: { Arn: "arn:x:other" } }) },
      /no schedule/,
    ],
    ["alarms", { DescribeAlarms: () => alarms("OK", "ALARM") }, /in ALARM: alarm-1/],
    ["alarms", { DescribeAlarms: () => alarms() }, /no alarm/],
    ["alarms", { DescribeAlarms: () => muteAlarms("OK", "OK") }, /they notify no one/],
    [
      "recipients",
      { GetTopicAttributes: () => subscribed(0, 1) },
      /no confirmed subscription; 1 not confirmed/,
    ],
    [
      "notifier",
      { ListEventSourceMappings: () => ({ EventSourceMappings: [{ State: "Disabled" }] }) },
      /Disabled/,
    ],
    ["notifier", { ListEventSourceMappings: () => ({ EventSourceMappings: [] }) }, /nothing feeds/],
  ])("ends with 1 and says what to do where %s fails: %j", async (id, changed, says) => {
    const { code, checks } = await examined(changed);
    const check = checks.find((each) => each.id === id);
    expect(check).toMatchObject({ ok: false, says: expect.stringMatching(says), fix: expect.any(String) });
    expect(code).toBe(1);
  });

  it("ends with 1 where no recipient is deployed at all", async () => {
    const { stopTopic: _topic, notifierName: _notifier, ...pointer } = POINTER;
    const { code, notOk } = await examined({}, { pointer });
    expect(notOk).toMatchObject([{ id: "recipients", ok: false, says: expect.stringContaining("no one") }]);
    expect(code).toBe(1);
  });

  it("counts a channel that is no topic for a recipient, and looks whether the courier is fed", async () => {
    const CHANNELS = JSON.stringify([
      { name: "ops", target: { kind: "slack" } },
      { name: "mail", target: { kind: "sns" } },
    ]);
    const { stopTopic: _topic, ...pointer } = { ...POINTER, courierName: "acme-courier" };
    const variables = {
      STATE_TABLE: "acme-state",
      AUDIT_TABLE: "acme-audit",
      ACCOUNT: "default",
      APIFY_TOKEN_PARAMETER: "/acme/token",
    };
    const config = {
      FunctionArn: `arn:${POINTER.functionName}`,
      State: "Active",
      Timeout: 90,
      Environment: { Variables: { ...variables, CHANNELS } },
    };
    const { code, checks } = await examined({ GetFunctionConfiguration: () => config }, { pointer });
    expect(checks.find(({ id }) => id === "recipients")).toMatchObject({ ok: true, says: "ops" });
    expect(checks.find(({ id }) => id === "courier")).toMatchObject({ ok: true });
    expect(code).toBe(0);
  });

  it.each([
    ["DescribeAlarms", "alarms"],
    ["GetSchedule", "schedule"],
    ["GetResourcePolicy", "audit-policy"],
    ["GetTopicAttributes", "recipients"],
    ["ListStackResources", "schedule"],
    ["DescribeStacks", "second-watchdog"],
  ])("ends with 3 where only %s is denied, and names the permission", async (operation, id) => {
    const { code, notOk } = await examined({ [operation]: () => ({ error: "AccessDeniedException" }) });
    expect(notOk.find((each) => each.id === id)).toMatchObject({
      ok: null,
      fix: expect.stringContaining(operation),
    });
    expect(notOk.every(({ ok }) => ok === null)).toBe(true);
    expect(code).toBe(3);
  });

  it("says that a second watchdog of another stack can't be told from its own where its tables can't be read", async () => {
    const other = { ...POINTER, account: "shop", stateTable: "shop-state" };
    const { checks } = await examined({
      DescribeStacks: () => described({ Acme: [POINTER], Shop: [other] }),
    });
    expect(checks.find(({ id }) => id === "second-watchdog")).toMatchObject({
      ok: true,
      says: expect.stringMatching(
        /none among 1 others .* 1 of which the Apify user is unknown.*in other regions/,
      ),
    });
  });

  it("on this machine checks what there is, and ends with 1 once no tick comes", async () => {
    const watched = await guarded();
    const well = await cli(watched, ["doctor"]);
    expect(well.out).toMatch(/^ok {6}token .*\n.*\nok {6}tick /);
    expect(well.out).toMatch(/All is well: 6 checks\.\n$/);
    expect(well.code).toBe(0);
    watched.advance(5 * MINUTE);
    const late = await cli(watched, ["doctor"]);
    expect(late.out).toMatch(/FAILED {2}tick .*began 6m ago.*\n +→ start it: npm start/);
    expect(late.code).toBe(1);
  });

  it("tells a bad token, another user's, and a name that selects nothing", async () => {
    const checksOf = async (watched: Watched, connection: Partial<Connection> = {}) =>
      JSON.parse((await cli(watched, ["doctor", "--json"], { connection })).out).checks as readonly Check[];
    const of = (checks: readonly Check[], wanted: string) => checks.find(({ id }) => id === wanted);

    const bad = await watch(worldOf(HEALTHY), { policy: fiveUsd(), token: "bad-token" });
    expect(of(await checksOf(bad), "token")).toMatchObject({ ok: false });

    const watched = await guarded();
    const { revision, recentIntents, openIntents, version } = await watched.ports.state.readControl();
    const theirs = { revision, recentIntents, openIntents, policyVersion: 1, apifyUserId: "another" };
    await watched.ports.state.writeControl(theirs, version);
    expect(of(await checksOf(watched), "token")).toMatchObject({
      ok: false,
      says: expect.stringContaining("this watchdog guards user another"),
    });

    const named = await watch(worldOf(HEALTHY), {
      policy: fiveUsd({
        rules: [
          {
            id: "r",
            for: { actors: ["acme/gone"] },
            limit: { runTime: "1h" },
            steps: [{ at: "100%", do: "abort" }],
          },
        ],
      }),
    });
    expect(of(await checksOf(named), "rules")).toMatchObject({
      ok: false,
      says: expect.stringContaining("acme/gone"),
    });
  });
});
