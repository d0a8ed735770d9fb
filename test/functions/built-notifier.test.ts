import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { marshall } from "@aws-sdk/util-dynamodb";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildFunctions, builtFunction } from "../../functions/build.ts";
import { NOTIFIED_KINDS, readNotifierEnv } from "../../functions/contract.ts";
import { LONGEST_TELL_MS } from "../../src/adapters/notify/sns-topic.ts";
import { actingIn, HOSTILE } from "../support/hostile.ts";
import { fiveUsd } from "../support/policies.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { watch } from "../support/watch.ts";
import { OVER_5_USD, worldOf } from "../support/world.ts";

const run = promisify(execFile);
const TOPIC = "arn:aws:sns:us-east-1:123456789012:stops";

/** A pretend SNS that takes so many messages and then answers 500, or hangs. */
async function topic(takes = Number.POSITIVE_INFINITY, then: "fails" | "hangs" = "fails") {
  const messages: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const isTaken = messages.length < takes;
    if (isTaken) messages.push(new URLSearchParams(body));
    else if (then === "hangs") return;
    response.writeHead(isTaken ? 200 : 500, { "content-type": "text/xml" });
    const id = "<MessageId>1</MessageId>";
    response.end(
      isTaken
        ? `<PublishResponse><PublishResult>${id}</PublishResult></PublishResponse>`
        : "<ErrorResponse/>",
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections()),
  );
  return { messages, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A record of the stream, as DynamoDB writes it. */
const recordOf = (index: number, text: string) => ({
  eventName: "INSERT",
  dynamodb: {
    SequenceNumber: String(index + 1),
    Keys: marshall({ pk: "default#run#abc", sk: index + 1 }),
    NewImage: marshall({ text }),
  },
});

/** The records of a run that costs 7 USD, under the policy that stops it unless another is given. */
async function records(policy: unknown = fiveUsd()) {
  const { ticks, ports, runIds } = await watch(worldOf(OVER_5_USD), { policy });
  await ticks(3);
  const chain = await ports.audit.readChain(`run#${runIds()[0]}`);
  return chain.map(({ text }, index) => recordOf(index, text));
}

type Circumstances = { readonly env?: Record<string, string>; readonly leftMs?: number };

/** What the function answers, and the lines that it logs. */
async function invoke(
  url: string,
  event: unknown,
  { env = { STOP_TOPIC: TOPIC }, leftMs }: Circumstances = {},
) {
  const folder = await tempFolder();
  await copyFile(builtFunction("notifier"), join(folder, "index.mjs"));
  await writeFile(join(folder, "event.json"), JSON.stringify(event));
  await writeFile(
    join(folder, "invoke.mjs"),
    `import { readFileSync } from "node:fs";
     const { handler } = await import("./index.mjs");
     const event = JSON.parse(readFileSync("event.json", "utf8"));
     const context = ${leftMs === undefined ? "{}" : `{ getRemainingTimeInMillis: () => ${leftMs} }`};
     const answer = await handler(event, context).catch(({ name, message }) => ({ name, message }));
     console.log(JSON.stringify(answer));`,
  );
  const { stdout, stderr } = await run(process.execPath, ["invoke.mjs"], {
    cwd: folder,
    env: {
      ...env,
      AWS_ENDPOINT_URL_SNS: url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    },
  });
  return { answer: JSON.parse(stdout), logged: stderr.trim() };
}

describe("the built notifier", () => {
  beforeAll(() => buildFunctions());

  it("tells of each entry in its order, with the run, the rule and the evidence", async () => {
    const { messages, url } = await topic();
    const { answer } = await invoke(url, { Records: await records() }, { leftMs: 30_000 });
    expect(answer).toEqual({ batchItemFailures: [] });
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
    const { answer, logged } = await invoke(url, { Records: await records() });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
    expect(messages).toHaveLength(1);
    expect(JSON.parse(logged)).toMatchObject({ message: "a notice could not be sent", record: "2" });
  });

  it("gives up one that hangs, so that those before it are not told again", async () => {
    const { messages, url } = await topic(1, "hangs");
    const { answer } = await invoke(url, { Records: await records() });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
    expect(messages).toHaveLength(1);
  });

  it("begins none for which the time left may be too short", async () => {
    const { messages, url } = await topic();
    const { answer } = await invoke(url, { Records: await records() }, { leftMs: LONGEST_TELL_MS - 1 });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }] });
    expect(messages).toHaveLength(0);
  });

  it.each(["no JSON, a s3cret", "null"])(
    "passes over what is no entry, logs which, and tells of the others: %s",
    async (bad) => {
      const { messages, url } = await topic();
      const [first, , last] = await records();
      const { answer, logged } = await invoke(url, { Records: [first, recordOf(1, bad), last] });
      expect(answer).toEqual({ batchItemFailures: [] });
      expect(messages).toHaveLength(2);
      expect(JSON.parse(logged)).toEqual({
        message: "an entry can't be read and is passed over",
        entry: { pk: { S: "default#run#abc" }, sk: { N: "2" } },
        record: "2",
      });
    },
  );

  it("logs nothing that acts, whatever a record is called", async () => {
    const { url } = await topic();
    const Records = HOSTILE.map(([, text], at) => {
      const { dynamodb } = recordOf(at, "no entry");
      return { dynamodb: { ...dynamodb, Keys: marshall({ pk: text, sk: 1 }) } };
    });
    const { logged } = await invoke(url, { Records });
    expect(actingIn(logged)).toEqual([]);
    const keys = logged.split("\n").map((line) => JSON.parse(line).entry.pk.S);
    expect(keys).toEqual(HOSTILE.map(([, text]) => text));
  });

  it("tells of a step that only notifies, which it is invoked with", async () => {
    const { messages, url } = await topic();
    const notice = { at: "80%", do: "notify" };
    const rules = [{ id: "five", limit: { usageTotalUsd: 8 }, steps: [notice] }];
    const told = (await records({ version: 1, rules })).filter(({ dynamodb }) =>
      NOTIFIED_KINDS.includes(JSON.parse(dynamodb.NewImage.text?.S ?? "").kind),
    );
    await invoke(url, { Records: told });
    expect(messages.map((each) => each.get("Subject")?.replace(/run \w+/, "run …"))).toEqual([
      "[default] NOTICE: run … (five)",
    ]);
    expect(messages[0]?.get("Message")).toContain("NOTICE: cost $7.00 of $8.00 (five) has passed 80%");
  });

  it("says which variable is missing", async () => {
    const { answer } = await invoke("http://127.0.0.1:1", { Records: [] }, { env: {} });
    expect(answer).toMatchObject({ name: "ConfigError" });
    expect(answer.message).toContain("STOP_TOPIC is missing: wanted the ARN of the SNS topic");
  });
});

describe("readNotifierEnv()", () => {
  it("reads the topic", () => {
    expect(readNotifierEnv({ STOP_TOPIC: TOPIC })).toEqual({ STOP_TOPIC: TOPIC });
  });
});
