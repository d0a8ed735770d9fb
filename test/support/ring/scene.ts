import { createEmulator, type Emulator, runningClock, type World } from "../../../emulator/index.ts";
import { createApify, fetchTransport } from "../../../src/adapters/apify/index.ts";
import { createDynamoStores } from "../../../src/adapters/dynamodb/stores.ts";
import { newTickId, systemClock } from "../../../src/adapters/system.ts";
import { environmentToken } from "../../../src/adapters/token/index.ts";
import { emptyMemory, type Ports } from "../../../src/watchdog/model/ports.ts";
import { pushPolicy } from "../../../src/watchdog/policies/policies.ts";
import { runTick } from "../../../src/watchdog/tick/tick.ts";
import { createTables, startEngine } from "../engines/engine.ts";
import { type Fate, type Seen, startProxy } from "../proxy.ts";
import { startSecrets } from "./secrets.ts";

const TABLES = { stateTable: "watchdog-state", auditTable: "watchdog-audit" };
const PASS: Fate = { kind: "pass" };
const TOKEN = "apify_api_good";

/** Everything that a tick depends on, on loopback, each of which can be made to fail. */
export type Scene = {
  readonly emulator: Emulator;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Awaited<ReturnType<typeof startSecrets>>["secrets"];
  /** Requests to DynamoDB from now on meet this fate. Returns those that did. */
  meet(isMet: (seen: Seen) => boolean, fate: Fate): readonly Seen[];
  /** All requests to DynamoDB so far. */
  readonly requests: readonly Seen[];
  push(policy: unknown): Promise<unknown>;
  /** A tick while all is well, in this process: a function takes half a second to load. */
  tick(): Promise<unknown>;
  close(): Promise<void>;
};

type Item = Readonly<Record<string, { readonly TableName?: string }>>;

/** An operation, the tables that it is on, and the index: `Query audit by-time`. */
export function operationOf({ operation, body }: Seen): string {
  const { TableName, IndexName, RequestItems, TransactItems } = body as {
    TableName?: string;
    IndexName?: string;
    RequestItems?: object;
    TransactItems?: readonly Item[];
  };
  const tables = [
    ...(TableName ? [TableName] : []),
    ...Object.keys(RequestItems ?? {}),
    ...(TransactItems ?? []).flatMap((item) => Object.values(item).map((write) => write.TableName ?? "")),
  ].map((name) => name.replace("watchdog-", ""));
  return [operation, [...new Set(tables)].sort().join("+"), IndexName].filter(Boolean).join(" ");
}

/** A pretend Apify with this world, a DynamoDB, a secret and a parameter, and a policy in the tables. */
export async function openScene(world: World, policy: unknown, parameter = false): Promise<Scene> {
  const emulator = createEmulator({ world, clock: runningClock() });
  const apify = await emulator.listen();
  const engine = await startEngine();
  const fates: { isMet: (seen: Seen) => boolean; fate: Fate; met: Seen[] }[] = [];
  const proxy = await startProxy(engine.url, (seen) => {
    const found = fates.find(({ isMet }) => isMet(seen));
    found?.met.push(seen);
    return found?.fate ?? PASS;
  });
  const { secrets, url, stop } = await startSecrets(TOKEN);
  const client = engine.client();
  const close = async () => {
    client.destroy();
    await Promise.all([apify.close(), proxy.stop(), stop()]);
    await engine.stop();
  };
  await createTables(client, TABLES);
  const sleep = async () => undefined;
  const stores = createDynamoStores({ client, ...TABLES, account: "default", random: () => 0.5, sleep });
  const clock = systemClock;
  const ports: Ports = {
    ...{ account: "default", ...stores, clock, newTickId, memory: emptyMemory() },
    log: { info: () => undefined, warn: () => undefined },
    apify: createApify({
      ...{ baseUrl: apify.url, token: environmentToken(TOKEN), transport: fetchTransport, clock },
      ...{ random: () => 0.5, abortEndpoint: "actor-runs" },
    }),
  };
  const push = (document: unknown) => pushPolicy(ports, document, "tester");
  await push(policy);
  return {
    emulator,
    secrets,
    requests: proxy.requests,
    push,
    tick: () =>
      runTick(ports, { signal: new AbortController().signal, endsBy: new Date(Date.now() + 60_000) }),
    close,
    meet(isMet, fate) {
      const met: Seen[] = [];
      fates.push({ isMet, fate, met });
      return met;
    },
    env: {
      STATE_TABLE: TABLES.stateTable,
      AUDIT_TABLE: TABLES.auditTable,
      APIFY_API_URL: apify.url,
      ...(parameter ? { APIFY_TOKEN_PARAMETER: "/apify" } : { APIFY_TOKEN_SECRET: "apify" }),
      AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      AWS_ENDPOINT_URL_SSM: url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    },
  };
}
