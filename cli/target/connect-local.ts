import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localClient, startEngine } from "../../src/adapters/dynamodb/engine.ts";
import { createDynamoStores } from "../../src/adapters/dynamodb/stores.ts";
import { MemoryDatabase } from "../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import { systemClock, systemRandom } from "../../src/adapters/system.ts";
import type { Apify, Clock, Ports } from "../../src/watchdog/model/ports.ts";
import type { Connection } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import { CALLS } from "../package.ts";
import { PRETEND_FOLDER } from "./folder.ts";
import { localFolder, localUser } from "./local-folder.ts";
import { absentApify, localApify, localPorts, PRETEND_TOKEN, shiftedClock, TABLES } from "./local-ports.ts";
import { DATABASE_FILE, MEMORY_FILE, readSitting, type Sitting, visit } from "./sitting.ts";

type Env = Readonly<Record<string, string | undefined>>;
type Stores = Pick<Ports, "state" | "audit"> & { close(): Promise<void> };

const SITTING_MS = 25;

/** The clock of the account, which on a pretend one leaps ahead while `npm start` runs. */
function clockOf(folder: string): Clock {
  let read = { aheadMs: 0, at: Number.NEGATIVE_INFINITY };
  return shiftedClock(() => {
    const at = performance.now();
    if (at - read.at > SITTING_MS) read = { aheadMs: readSitting(folder)?.aheadMs ?? read.aheadMs, at };
    return read.aheadMs;
  });
}

/** An engine that runs is used; else one is started on the file, for as long as the command takes. */
async function openStores(folder: string, sitting: Sitting | undefined): Promise<Stores> {
  const sleep = (ms: number): Promise<void> => systemClock.sleep(ms);
  const options = { ...TABLES, account: "default", random: systemRandom, sleep };
  const runningAt = sitting?.running?.engineUrl;
  if (runningAt) {
    const client = localClient(runningAt);
    const leave = visit(folder);
    const close = async (): Promise<void> => {
      leave();
      client.destroy();
    };
    return { ...createDynamoStores({ client, ...options }), close };
  }
  const engine = await startEngine({ dbPath: join(folder, DATABASE_FILE) });
  if (engine) {
    const client = engine.client();
    const close = async (): Promise<void> => {
      client.destroy();
      await engine.stop();
    };
    return { ...createDynamoStores({ client, ...options }), close };
  }
  const file = join(folder, MEMORY_FILE);
  const database = MemoryDatabase.fromJSON(JSON.parse(readFileSync(file, "utf8")));
  const close = async (): Promise<void> => writeFileSync(file, JSON.stringify(database));
  return { ...createMemoryStores({ account: "default", database }), close };
}

/** Where the watchdog of the folder looked, unless the caller says another place. */
const apiUrlOf = ({ apifyApiUrl }: Sitting, env: Env): string => env.APIFY_API_URL || apifyApiUrl;

/** Is what looks at the tables the same process as before, or still none? */
const isSameSitting = (before: Sitting | undefined, now: Sitting | undefined): boolean =>
  before?.running?.pid === now?.running?.pid && before?.running?.engineUrl === now?.running?.engineUrl;

function apifyOf(folder: string, sitting: Sitting | undefined, env: Env, clock: Clock): Apify | string {
  if (folder === PRETEND_FOLDER) {
    return sitting?.running
      ? localApify(sitting.apifyApiUrl, PRETEND_TOKEN, clock)
      : `The pretend Apify account lives only while ${CALLS.start} runs: start it in another terminal, then run this again.`;
  }
  const token = env.APIFY_TOKEN;
  return token && sitting
    ? localApify(apiUrlOf(sitting, env), token, clock)
    : "This needs Apify: set APIFY_TOKEN.";
}

/** The tables that `npm start` keeps, while it runs or afterwards. */
export async function connectLocal(env: Env): Promise<Connection> {
  const folder = localFolder(env) ?? localFolder({});
  if (folder === undefined) {
    throw new UsageError(
      `There are no tables of ${CALLS.start} here: run ${CALLS.start} in this folder first.`,
    );
  }
  const sitting = readSitting(folder);
  const clock = clockOf(folder);
  const apify = apifyOf(folder, sitting, env, clock);
  const hasApify = typeof apify !== "string";
  const { close, ...stores } = await openStores(folder, sitting);
  return {
    ports: localPorts({ clock, apify: hasApify ? apify : absentApify(apify), ...stores }),
    target: { kind: "folder", name: folder, account: "default" },
    isWatched: sitting?.running !== undefined,
    isStale: () => !isSameSitting(sitting, readSitting(folder)),
    hasApify,
    ...(hasApify && sitting && { apifyApiUrl: apiUrlOf(sitting, env) }),
    operator: async () => localUser(),
    close,
  };
}
