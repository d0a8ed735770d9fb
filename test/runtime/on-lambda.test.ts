import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { marshall } from "@aws-sdk/util-dynamodb";
import { beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { buildFunctions, builtFunction } from "../../functions/build.ts";
import { engineMissing } from "../support/engine.ts";
import { type Deployed, Lambda } from "../support/lambda/lambda.ts";
import { fiveUsd } from "../support/policies.ts";
import { openScene } from "../support/ring/scene.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { watch } from "../support/watch.ts";
import { OVER_5_USD, worldOf } from "../support/world.ts";

/** A server closes a connection that nobody used for five seconds, as Node.js has it by default. */
const LONGER_THAN_IDLE_MS = 6_000;

async function deploy(
  name: string,
  deployed: Omit<Deployed, "folder">,
  spoil: (code: string) => string | undefined = (code) => code,
) {
  const folder = await tempFolder();
  await cp(dirname(builtFunction(name)), folder, { recursive: true });
  const file = join(folder, "index.mjs");
  const code = spoil(await readFile(file, "utf8"));
  await (code === undefined ? rm(file) : writeFile(file, code));
  const lambda = new Lambda(inject("runtime"), { folder, ...deployed });
  onTestFinished(() => lambda.close());
  return lambda;
}

async function watchdog(timeoutMs = 30_000) {
  const scene = await openScene(worldOf(OVER_5_USD), fiveUsd());
  onTestFinished(() => scene.close());
  const env = { ...scene.env, MAX_WAIT_SECS: "0" };
  return { ...scene, lambda: await deploy("watchdog", { env, timeoutMs }) };
}

const EVENT = { version: "0", source: "aws.scheduler", "detail-type": "Scheduled Event" };
const COMPLETE = { kind: "answer", answer: { policyVersion: 1, listed: 1, complete: true } };

/** A pretend SNS that takes everything. */
async function topic() {
  const subjects: (string | null)[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    subjects.push(new URLSearchParams(body).get("Subject"));
    response.end(
      "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return { subjects, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe.skipIf(engineMissing)(
  `the built functions under Lambda's own runtime${engineMissing ? ` (${engineMissing})` : ""}`,
  () => {
    beforeAll(() => buildFunctions());

    it("tick on a scheduled event, in a process that is kept, and log by the request", async () => {
      const { lambda, emulator } = await watchdog();
      expect(await lambda.invoke(EVENT)).toMatchObject(COMPLETE);
      expect(await lambda.invoke({})).toMatchObject(COMPLETE);
      expect(emulator.truth.calls.filter(({ kind }) => kind === "abort")).toHaveLength(1);
      expect(lambda.output).toContain('"requestId":"request-2"');
    });

    it("go on after a freeze between invocations, in which every connection was closed", async () => {
      const { lambda } = await watchdog();
      expect(await lambda.invoke(EVENT)).toMatchObject(COMPLETE);
      lambda.freeze();
      await delay(LONGER_THAN_IDLE_MS);
      lambda.thaw();
      const began = performance.now();
      expect(await lambda.invoke(EVENT)).toMatchObject({
        ...COMPLETE,
        answer: { complete: true, skipped: {} },
      });
      expect(performance.now() - began).toBeLessThan(20_000);
    });

    it("answer before Lambda ends them, where what they wait for hangs, and work again when it does", async () => {
      const { lambda, meet } = await watchdog(12_000);
      let hangs = true;
      meet(() => hangs, { kind: "hang" });
      const hung = await lambda.invoke(EVENT);
      expect(hung.kind).toBe("error");
      expect(lambda.output).toMatch(/"message":"tick failed"/);
      hangs = false;
      expect(await lambda.invoke(EVENT)).toMatchObject({ kind: "answer" });
    });

    it.each([
      {
        what: "code that is cut off",
        spoil: (code: string) => code.slice(0, 50_000),
        type: "Runtime.UserCodeSyntaxError",
      },
      {
        what: "code that is not there",
        spoil: () => undefined,
        type: "Runtime.ImportModuleError",
      },
    ])("fail at init with the error that the runbook names: $what", async ({ spoil, type }) => {
      const lambda = await deploy("watchdog", { env: {}, timeoutMs: 5_000 }, spoil);
      expect(await lambda.invoke(EVENT)).toMatchObject({ kind: "error", type });
    });

    it("send what can be read of a stream's batch, and pass over the record that can't", async () => {
      const { ticks, ports, runIds } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
      await ticks(3);
      const chain = await ports.audit.readChain(`run#${runIds()[0]}`);
      const texts = [
        "no entry",
        ...chain.filter(({ copies }) => copies.kind === "abort.confirmed").map(({ text }) => text),
      ];
      const { subjects, url } = await topic();
      const lambda = await deploy("notifier", {
        timeoutMs: 20_000,
        env: {
          STOP_TOPIC: "arn:aws:sns:us-east-1:123456789012:stops",
          AWS_ENDPOINT_URL_SNS: url,
          AWS_REGION: "us-east-1",
          AWS_ACCESS_KEY_ID: "local",
          AWS_SECRET_ACCESS_KEY: "local",
        },
      });
      const Records = texts.map((text, index) => ({
        eventName: "INSERT",
        dynamodb: {
          SequenceNumber: String(index + 1),
          Keys: marshall({ pk: "default#run#abc", sk: index + 1 }),
          NewImage: marshall({ text }),
        },
      }));
      expect(await lambda.invoke({ Records })).toEqual({ kind: "answer", answer: { batchItemFailures: [] } });
      expect(subjects).toEqual([expect.stringContaining("STOPPED")]);
      expect(lambda.output).toContain("an entry can't be read and is passed over");
    });
  },
);
