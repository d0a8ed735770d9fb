import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { marshall } from "@aws-sdk/util-dynamodb";
import { beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { buildFunctions, builtFunction } from "../../functions/build.ts";
import { createTables, engineMissing, startEngine } from "../support/engines/engine.ts";
import { type Deployed, Lambda } from "../support/lambda/lambda.ts";
import { PretendAws } from "../support/notices/pretend-aws.ts";
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

/** It ends by itself, or else Lambda ends it and the invocation is a `timeout`. */
async function watchdog(timeoutMs = 20_000) {
  const scene = await openScene(worldOf(OVER_5_USD), fiveUsd());
  onTestFinished(() => scene.close());
  const env = { ...scene.env, MAX_WAIT_SECS: "0" };
  return { ...scene, lambda: await deploy("watchdog", { env, timeoutMs }) };
}

const EVENT = { version: "0", source: "aws.scheduler", "detail-type": "Scheduled Event" };
const COMPLETE = { kind: "answer", answer: { policyVersion: 1, listed: 1, complete: true } };

/** Pretend queues, and a DynamoDB with a watchdog's tables. */
async function around() {
  const aws = await PretendAws.start();
  const engine = await startEngine();
  onTestFinished(() => engine.stop());
  const client = engine.client();
  onTestFinished(() => client.destroy());
  await createTables(client, { stateTable: "state", auditTable: "audit" });
  const outboxes = [{ name: "mail", channel: "sns", queueUrl: aws.queueUrl("mail") }];
  const env = {
    ...aws.env,
    AWS_ENDPOINT_URL_DYNAMODB: engine.url,
    STATE_TABLE: "state",
    AUDIT_TABLE: "audit",
    STACK_NAME: "RunWatchdog",
    RUNNER: "npx apify-run-watchdog",
    OUTBOXES: JSON.stringify(outboxes),
    DEAD_LETTER_QUEUE: aws.queueUrl("untold"),
  };
  return { aws, env };
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
      expect(await lambda.invoke(EVENT)).toMatchObject({
        kind: "answer",
        answer: { complete: true, skipped: {} },
      });
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
      const { aws, env } = await around();
      const lambda = await deploy("notifier", { timeoutMs: 20_000, env });
      const Records = texts.map((text, index) => ({
        eventName: "INSERT",
        dynamodb: {
          SequenceNumber: String(index + 1),
          Keys: marshall({ pk: "default#run#abc", sk: index + 1 }),
          NewImage: marshall({ text, kind: "abort.confirmed", hash: "new" }),
        },
      }));
      expect(await lambda.invoke({ Records })).toEqual({ kind: "answer", answer: { batchItemFailures: [] } });
      expect(aws.bodiesIn("mail")).toEqual([expect.stringContaining("abort.confirmed")]);
      expect(lambda.output).toContain("an entry can't be read and is passed over");
    });
  },
);
