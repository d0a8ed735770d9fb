import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WATCHDOG_ENV } from "../../functions/contract.ts";
import { readOnly } from "../../src/adapters/apify/index.ts";
import { type Engine, startEngine } from "../../src/adapters/dynamodb/engine.ts";
import { createDynamoStores } from "../../src/adapters/dynamodb/stores.ts";
import { createTables } from "../../src/adapters/dynamodb/tables.ts";
import { MemoryDatabase } from "../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import { systemClock, systemRandom } from "../../src/adapters/system.ts";
import { ConfigError } from "../../src/watchdog/model/errors.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { inPackage } from "../package.ts";
import { claimFolder } from "../target/folder.ts";
import { hasTables } from "../target/local-folder.ts";
import { localApify, localPorts, shiftedClock, TABLES } from "../target/local-ports.ts";
import { DATABASE_FILE, keepSitting, MEMORY_FILE } from "../target/sitting.ts";
import { functionRunner } from "./function-runner.ts";
import { fileLog, inProcessRunner, type TickRunner } from "./tick-runner.ts";

/** A watchdog set up on this machine. */
export type LocalWatchdog = {
  readonly ports: Ports;
  readonly runner: TickRunner;
  /** Where the tables are kept, in words. */
  readonly database: string;
  /** What runs the ticks, in words. */
  readonly function: string;
  /** Where the ticks log; absent where they do not. */
  readonly logFile?: string;
  /** Were there tables in the folder before this sitting? */
  readonly hadTables: boolean;
  close(): Promise<void>;
};

type LocalOptions = {
  readonly folder: string;
  readonly apifyApiUrl: string;
  readonly apifyToken: string;
  /** Under observe no call but reads can leave, whatever policy is pushed. */
  readonly mode: "observe" | "enforce";
  /** Begin with empty tables. */
  readonly fresh: boolean;
  /** How far the watchdog's clock is ahead of the machine's, in ms: one double that may move. */
  readonly ahead: SharedArrayBuffer;
};

function portsOf(options: LocalOptions, stores: Pick<Ports, "state" | "audit">): Ports {
  const clock = shiftedClock(() => new Float64Array(options.ahead)[0] ?? 0);
  const apify = localApify(options.apifyApiUrl, options.apifyToken, clock);
  return localPorts({ clock, apify: options.mode === "observe" ? readOnly(apify) : apify, ...stores });
}

const FUNCTION = "dist/functions/watchdog/index.mjs";

/** The file that Lambda runs, in a thread of its own. It has a client that may abort, so it is for enforcing alone. */
function builtRunner(options: LocalOptions, engineUrl: string, logFile: string): TickRunner {
  const file = inPackage(FUNCTION);
  if (!existsSync(file)) {
    throw new ConfigError(
      `${file} is not there: install apify-run-watchdog again or, in a checkout, build it with "npm run build".`,
    );
  }
  return functionRunner({
    file,
    logFile,
    ahead: options.ahead,
    env: {
      [WATCHDOG_ENV.stateTable]: TABLES.stateTable,
      [WATCHDOG_ENV.auditTable]: TABLES.auditTable,
      [WATCHDOG_ENV.allowHolds]: "true",
      [WATCHDOG_ENV.apifyApiUrl]: options.apifyApiUrl,
      [WATCHDOG_ENV.apifyToken]: options.apifyToken,
      AWS_ENDPOINT_URL_DYNAMODB: engineUrl,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    },
  });
}

const READS_ONLY = "its tick, in this process, with an Apify client that can only read";

async function onEngine(
  options: LocalOptions,
  engine: Engine,
  database: string,
): Promise<Omit<LocalWatchdog, "hadTables">> {
  const client = engine.client();
  const sleep = (ms: number) => systemClock.sleep(ms);
  const stores = createDynamoStores({ client, ...TABLES, account: "default", random: systemRandom, sleep });
  const ports = portsOf(options, stores);
  await createTables(client, TABLES, { hasReader: false });
  const logFile = join(options.folder, "watchdog.log");
  const observeOnly = options.mode === "observe";
  const runner = observeOnly
    ? inProcessRunner({ ...ports, log: fileLog(logFile) }, { observeOnly })
    : builtRunner(options, engine.url, logFile);
  return {
    ports,
    runner,
    database: `the embedded DynamoDB engine, in ${database}`,
    function: observeOnly ? READS_ONLY : `${FUNCTION}, the file that AWS Lambda runs`,
    logFile,
    async close() {
      await runner.close();
      client.destroy();
    },
  };
}

/** Where the engine has no binary: the same use case in this process, on a twin of the stores kept in a file. */
function inProcess(options: LocalOptions, file: string): Omit<LocalWatchdog, "hadTables"> {
  const read = () => MemoryDatabase.fromJSON(JSON.parse(readFileSync(file, "utf8")));
  const database = existsSync(file) ? read() : new MemoryDatabase();
  const ports = portsOf(options, createMemoryStores({ account: "default", database }));
  const save = (): void => writeFileSync(file, JSON.stringify(database));
  const runner = inProcessRunner(ports, { observeOnly: options.mode === "observe", save });
  return {
    ports,
    runner,
    database: `a file, ${file}: the embedded DynamoDB engine is not installed here (there is one for Linux on x64)`,
    function: "in this process: the file that AWS Lambda runs needs a DynamoDB",
    close: () => runner.close(),
  };
}

/**
 * Sets a watchdog up on this machine: tables on the embedded engine, what runs the ticks, and ports on both. What was
 * opened is closed again when something further on can't be had.
 */
export async function composeLocal(options: LocalOptions): Promise<LocalWatchdog> {
  const { folder, fresh } = options;
  const hadTables = hasTables(folder);
  const closings: (() => unknown)[] = [claimFolder(folder, { fresh })];
  const close = async (): Promise<void> => {
    for (const each of closings.splice(0).reverse()) await each();
  };
  try {
    const dbPath = join(folder, DATABASE_FILE);
    const engine = await startEngine({ dbPath });
    if (engine) closings.push(() => engine.stop());
    const sitting = keepSitting(options, engine?.url);
    closings.push(() => sitting.end());
    const watchdog = await (engine
      ? onEngine(options, engine, dbPath)
      : inProcess(options, join(folder, MEMORY_FILE)));
    closings.push(() => watchdog.close());
    return { ...watchdog, hadTables, close };
  } catch (error) {
    await close();
    throw error;
  }
}
