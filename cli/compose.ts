import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildFunctions, builtFunction } from "../functions/build.ts";
import { WATCHDOG_ENV } from "../functions/contract.ts";
import { type Engine, startEngine } from "../src/adapters/dynamodb/engine.ts";
import { createDynamoStores } from "../src/adapters/dynamodb/stores.ts";
import { createTables } from "../src/adapters/dynamodb/tables.ts";
import { MemoryDatabase } from "../src/adapters/memory/database.ts";
import { createMemoryStores } from "../src/adapters/memory/stores.ts";
import { systemClock, systemRandom } from "../src/adapters/system.ts";
import type { Ports } from "../src/watchdog/ports.ts";
import { runTick } from "../src/watchdog/tick.ts";
import { functionRunner, TickError, type TickRunner } from "./function-runner.ts";
import { localApify, localPorts, shiftedClock, TABLES } from "./local-ports.ts";
import { DATABASE_FILE, keepSitting, MEMORY_FILE } from "./sitting.ts";

const TICK_MS = 60_000;

/** A watchdog set up on this machine. */
export type LocalWatchdog = {
  readonly ports: Ports;
  readonly runner: TickRunner;
  /** Where the tables are kept, in words. */
  readonly database: string;
  /** What runs the ticks, in words. */
  readonly function: string;
  /** Where the function logs; absent where it runs in this process. */
  readonly logFile?: string;
  close(): Promise<void>;
};

type LocalOptions = {
  readonly folder: string;
  readonly apifyApiUrl: string;
  readonly apifyToken: string;
  /** Begin with empty tables. */
  readonly fresh: boolean;
  /** How far the watchdog's clock is ahead of the machine's, in ms: one double that may move. */
  readonly ahead: SharedArrayBuffer;
};

const portsOf = (options: LocalOptions, stores: Pick<Ports, "state" | "audit">): Ports => {
  const clock = shiftedClock(() => new Float64Array(options.ahead)[0] ?? 0);
  return localPorts({ clock, apify: localApify(options.apifyApiUrl, options.apifyToken, clock), ...stores });
};

async function onEngine(options: LocalOptions, engine: Engine, database: string): Promise<LocalWatchdog> {
  const client = engine.client();
  await createTables(client, TABLES);
  await buildFunctions();
  const logFile = join(options.folder, "watchdog.log");
  const runner = functionRunner({
    file: builtFunction("watchdog"),
    logFile,
    ahead: options.ahead,
    env: {
      [WATCHDOG_ENV.stateTable]: TABLES.stateTable,
      [WATCHDOG_ENV.auditTable]: TABLES.auditTable,
      [WATCHDOG_ENV.apifyApiUrl]: options.apifyApiUrl,
      [WATCHDOG_ENV.apifyToken]: options.apifyToken,
      AWS_ENDPOINT_URL_DYNAMODB: engine.url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    },
  });
  const sleep = (ms: number) => systemClock.sleep(ms);
  const stores = createDynamoStores({ client, ...TABLES, account: "default", random: systemRandom, sleep });
  return {
    ports: portsOf(options, stores),
    runner,
    database: `DynamoDB, the embedded engine, in ${database}`,
    function: "dist/functions/watchdog/index.mjs, the file that AWS Lambda runs",
    logFile,
    async close() {
      await runner.close();
      client.destroy();
      await engine.stop();
    },
  };
}

/** Where the engine has no binary: the same use case in this process, on a twin of the stores kept in a file. */
function inProcess(options: LocalOptions, file: string): LocalWatchdog {
  const read = () => MemoryDatabase.fromJSON(JSON.parse(readFileSync(file, "utf8")));
  const database = existsSync(file) ? read() : new MemoryDatabase();
  const ports = portsOf(options, createMemoryStores({ account: "default", database }));
  const save = (): void => writeFileSync(file, JSON.stringify(database));
  const runner: TickRunner = {
    async tick() {
      const endsBy = new Date(ports.clock.now().getTime() + TICK_MS);
      try {
        return await runTick(ports, { signal: new AbortController().signal, endsBy });
      } catch (error) {
        throw error instanceof Error ? new TickError(error.name, error.message) : error;
      } finally {
        save();
      }
    },
    close: async () => save(),
  };
  return {
    ports,
    runner,
    database: `a file, ${file}: the embedded DynamoDB engine has no build for ${process.platform}-${process.arch}`,
    function: "in this process, for the same reason",
    close: () => runner.close(),
  };
}

/** Sets a watchdog up on this machine: tables on the embedded engine, the built function, and ports on both. */
export async function composeLocal(options: LocalOptions): Promise<LocalWatchdog> {
  const { folder, fresh } = options;
  if (fresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dbPath = join(folder, DATABASE_FILE);
  const engine = await startEngine({ dbPath });
  const sitting = keepSitting(options, engine?.url);
  const watchdog = await (engine
    ? onEngine(options, engine, dbPath)
    : inProcess(options, join(folder, MEMORY_FILE)));
  return {
    ...watchdog,
    async close() {
      sitting.end();
      await watchdog.close();
    },
  };
}
