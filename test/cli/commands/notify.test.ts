import { describe, expect, it, onTestFinished, vi } from "vitest";
import { connectAws } from "../../../cli/target/connect-aws.ts";
import { courierOf } from "../../../cli/target/courier.ts";
import { pointerDocument } from "../../../functions/pointer.ts";
import { pretendStacks } from "../../support/deployed/pretend-stacks.ts";
import { fiveUsd } from "../../support/policies.ts";
import { serve } from "../../support/serve.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

/** AWS Lambda, which answers every invocation so; and what it was asked. */
async function lambda(answer: unknown, headers: Readonly<Record<string, string>> = {}) {
  const asked: { readonly path: string | undefined; readonly event: unknown }[] = [];
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push({ path: request.url, event: JSON.parse(body) });
    response.writeHead(200, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(answer));
  });
  const env = {
    AWS_ENDPOINT_URL_LAMBDA: url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  return asked;
}

const someAccount = () => watch(worldOf(HEALTHY), { policy: fiveUsd() });
const GOOD = { channel: "slack", taken: true, says: "Slack answered 200" };

describe("notify test", () => {
  it("says of each channel what came of it, and ends with 0 where all took it", async () => {
    const asked = await lambda({
      channels: [GOOD, { ...GOOD, channel: "mail", says: "Amazon SNS took it", reaches: 2 }],
    });
    const { code, out } = await cli(await someAccount(), ["notify", "test"], {
      connection: { courier: courierOf("Courier") },
    });
    expect(out.split("\n")).toEqual([
      "slack: sent: Slack answered 200",
      "mail: sent: Amazon SNS took it; 2 subscribers confirmed",
      "",
    ]);
    expect(code).toBe(0);
    expect(asked).toEqual([
      {
        path: "/2015-03-31/functions/Courier/invocations",
        event: { test: expect.stringMatching(/^[\w-]{36}$/) },
      },
    ]);
  });

  it.each([
    {
      tried: {
        channel: "slack",
        taken: false,
        says: "the answer was HTTP 404",
        backlog: { waiting: 1, givenUp: 3 },
      },
      line: "slack: NOT SENT: the answer was HTTP 404; 1 waiting, 3 given up",
    },
    {
      tried: { channel: "mail", taken: true, says: "Amazon SNS took it", reaches: 0 },
      line: "mail: sent: Amazon SNS took it; no subscriber has confirmed yet, so it arrives nowhere",
    },
  ])("ends with 1, and says why: $line", async ({ tried, line }) => {
    await lambda({ channels: [GOOD, tried] });
    const { code, out } = await cli(await someAccount(), ["notify", "test"], {
      connection: { courier: courierOf("Courier") },
    });
    expect(out).toContain(line);
    expect(code).toBe(1);
  });

  it("says what the function failed with", async () => {
    await lambda(
      { errorMessage: "the courier's environment can't be used" },
      { "x-amz-function-error": "Unhandled" },
    );
    const { code, err } = await cli(await someAccount(), ["notify", "test"], {
      connection: { courier: courierOf("Courier") },
    });
    expect(err).toContain(
      "The function Courier failed: the courier's environment can't be used. Its log says more.",
    );
    expect(code).toBe(1);
  });

  it("says what to do where nothing sends notifications", async () => {
    const watched = await someAccount();
    const { code, err } = await cli(watched, ["notify", "test"], {
      connection: { courier: undefined as never },
    });
    expect(err).toContain(
      "Nothing sends notifications for folder the test's, account default: give --stack NAME",
    );
    expect(code).toBe(2);
  });
});

describe("--stack", () => {
  const connectionTo = async (more: { readonly courierName?: string }) => {
    const tables = { stateTable: "state", auditTable: "audit" };
    const place = { account: "acme", region: "us-east-1", functionName: "f" };
    const { env } = await pretendStacks({
      stacks: { Acme: { CommandLine: JSON.stringify(pointerDocument({ ...place, ...tables, ...more })) } },
    });
    vi.stubEnv("AWS_ENDPOINT_URL_CLOUDFORMATION", env.AWS_ENDPOINT_URL_CLOUDFORMATION);
    const log = { info: () => undefined, warn: () => undefined };
    return connectAws({}, { stack: "Acme" }, log);
  };

  it("finds what sends the notifications of a stack, by the output that it wrote for the command line", async () => {
    const asked = await lambda({ channels: [] });
    const { courier } = await connectionTo({ courierName: "Acme-Courier" });
    expect(await courier?.resend()).toEqual([]);
    expect(asked.map(({ path }) => path)).toEqual(["/2015-03-31/functions/Acme-Courier/invocations"]);
    expect((await connectionTo({})).courier).toBeUndefined();
  });
});

describe("notify resend", () => {
  it("says of each channel how many are on their way again, and ends with 1 where that failed", async () => {
    const asked = await lambda({
      channels: [
        { channel: "mail", again: 0 },
        { channel: "slack", again: 3 },
        { channel: "webhook", again: 0, problem: "AccessDenied" },
      ],
    });
    const { code, out } = await cli(await someAccount(), ["notify", "resend"], {
      connection: { courier: courierOf("Courier") },
    });
    expect(out.split("\n")).toEqual([
      "mail: nothing was given up",
      "slack: about 3 on their way again",
      "webhook: FAILED: AccessDenied",
      "",
    ]);
    expect(code).toBe(1);
    expect(asked.map(({ event }) => event)).toEqual([{ resend: true }]);
  });

  it("names its target in JSON, as every answer does", async () => {
    const { out } = await cli(await someAccount(), ["notify", "resend", "--json"]);
    expect(JSON.parse(out)).toEqual({
      target: { kind: "folder", name: "the test's", account: "default" },
      channels: [{ channel: "mail", again: 0 }],
    });
  });
});
