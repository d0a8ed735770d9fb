import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createApify, fetchTransport, type Transport } from "../../src/adapters/apify/index.ts";
import { createDynamoStores } from "../../src/adapters/dynamodb/stores.ts";
import { newTickId, systemClock, systemRandom } from "../../src/adapters/system.ts";
import { environmentToken } from "../../src/adapters/token/index.ts";
import { type Clock, emptyMemory, type Ports } from "../../src/watchdog/model/ports.ts";
import { runTick } from "../../src/watchdog/tick/tick.ts";

/**
 * One tick in a process of its own, which kills itself by SIGKILL once its nth outgoing request (Apify's and
 * DynamoDB's together) has been answered and before it has seen the answer. Prints how many requests it sent.
 */
const env = (name: string): string => process.env[name] ?? "";
const dieAt = Number(env("DIE_AT"));
let sent = 0;
let answered = 0;

async function counted<T>(send: () => Promise<T>): Promise<T> {
  sent += 1;
  const answer = await send();
  answered += 1;
  if (answered === dieAt) process.kill(process.pid, "SIGKILL");
  return answer;
}

const began = systemClock.now().getTime();
const clock: Clock = {
  ...systemClock,
  now: () => new Date(new Date(env("NOW")).getTime() + systemClock.now().getTime() - began),
};
const transport: Transport = (request) => counted(() => fetchTransport(request));
const client = new DynamoDBClient({
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  maxAttempts: 1,
});
client.middlewareStack.add((next) => (args) => counted(() => next(args)), {
  step: "deserialize",
  priority: "low",
});

const ports: Ports = {
  account: "default",
  apify: createApify({
    baseUrl: env("APIFY_API_URL"),
    token: environmentToken("good-token"),
    transport,
    clock,
    random: systemRandom,
    abortEndpoint: "actor-runs",
  }),
  ...createDynamoStores({
    client,
    stateTable: env("STATE_TABLE"),
    auditTable: env("AUDIT_TABLE"),
    account: "default",
    random: systemRandom,
    sleep: (ms) => systemClock.sleep(ms),
  }),
  clock,
  log: { info: () => undefined, warn: (text, fields) => console.error(text, fields) },
  newTickId,
  memory: emptyMemory(),
};
const endsBy = new Date(clock.now().getTime() + 50_000);
await runTick(ports, { signal: new AbortController().signal, endsBy });
console.log(sent);
client.destroy();
