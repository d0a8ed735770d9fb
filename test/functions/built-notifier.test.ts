import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { marshall } from "@aws-sdk/util-dynamodb";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildFunctions, builtFunction } from "../../functions/build.ts";
import { readNotifierEnv } from "../../functions/contract.ts";
import { fiveUsd, OVER_5_USD, watch, worldOf } from "../support/world.ts";

const run = promisify(execFile);
const TOPIC = "arn:aws:sns:us-east-1:123456789012:stops";

/** A pretend SNS that takes so many messages and then answers 500. */
async function topic(takes = Number.POSITIVE_INFINITY) {
  const messages: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const isTaken = messages.length < takes;
    if (isTaken) messages.push(new URLSearchParams(body));
    response.writeHead(isTaken ? 200 : 500, { "content-type": "text/xml" });
    const id = "<MessageId>1</MessageId>";
    response.end(
      isTaken
        ? `<PublishResponse><PublishResult>${id}</PublishResult></PublishResponse>`
        : "<ErrorResponse/>",
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { messages, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** The stream's records of a stopped run, as DynamoDB writes them. */
async function records() {
  const { ticks, ports, runIds } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
  await ticks(3);
  const chain = await ports.audit.readChain(`run#${runIds()[0]}`);
  return chain.map(({ text, hash }, index) => ({
    eventName: "INSERT",
    dynamodb: { SequenceNumber: String(index + 1), NewImage: marshall({ text, hash }) },
  }));
}

async function invoke(url: string, event: unknown, env: Record<string, string> = { STOP_TOPIC: TOPIC }) {
  const folder = await mkdtemp(join(tmpdir(), "notifier-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await copyFile(builtFunction("notifier"), join(folder, "index.mjs"));
  await writeFile(join(folder, "event.json"), JSON.stringify(event));
  await writeFile(
    join(folder, "invoke.mjs"),
    `import { readFileSync } from "node:fs";
     const { handler } = await import("./index.mjs");
     const event = JSON.parse(readFileSync("event.json", "utf8"));
     const answer = await handler(event, {}).catch(({ name, message }) => ({ name, message }));
     console.log(JSON.stringify(answer));`,
  );
  const { stdout } = await run(process.execPath, ["invoke.mjs"], {
    cwd: folder,
    env: {
      ...env,
      AWS_ENDPOINT_URL_SNS: url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    },
  });
  return JSON.parse(stdout);
}

describe("the built notifier", () => {
  beforeAll(() => buildFunctions());

  it("tells of each entry in its order, with the run, the rule and the evidence", async () => {
    const { messages, url } = await topic();
    expect(await invoke(url, { Records: await records() })).toEqual({ batchItemFailures: [] });
    expect(messages.map((each) => each.get("Subject")?.replace(/run \w+/, "run …"))).toEqual([
      "[default] STOPPING: run … (no-run-over-5-usd)",
      "[default] ASKED: run … (no-run-over-5-usd)",
      "[default] STOPPED: run … (no-run-over-5-usd)",
    ]);
    const last = messages.at(-1);
    expect(last?.get("TopicArn")).toBe(TOPIC);
    expect(last?.get("Message")).toContain("STOPPED: ABORTED at $7.00, $2.00 over the limit");
    expect(last?.get("Message")).toContain("https://console.apify.com/view/runs/");
    expect(last?.get("Message")).toContain("Measured usageTotalUsd 7 of 5 USD");
  });

  it("names the first entry that could not be told, and tells none behind it", async () => {
    const { messages, url } = await topic(1);
    const answer = await invoke(url, { Records: await records() });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
    expect(messages).toHaveLength(1);
  });

  it("says which variable is missing", async () => {
    const answer = await invoke("http://127.0.0.1:1", { Records: [] }, {});
    expect(answer).toMatchObject({ name: "ConfigError" });
    expect(answer.message).toContain("STOP_TOPIC is missing: wanted the ARN of the SNS topic");
  });
});

describe("readNotifierEnv()", () => {
  it("reads the topic", () => {
    expect(readNotifierEnv({ STOP_TOPIC: TOPIC })).toEqual({ STOP_TOPIC: TOPIC });
  });
});
