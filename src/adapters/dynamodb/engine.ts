import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ConfigError } from "../../watchdog/model/errors.ts";

/** A DynamoDB of our own: one process on a port of this machine. */
export type Engine = {
  readonly url: string;
  /** A new client for it. Its keys are made up: the engine takes any. */
  client(): DynamoDBClient;
  stop(): Promise<void>;
};

export type EngineOptions = {
  /** The file to keep the tables in; absent: in memory. */
  readonly dbPath?: string;
};

const PACKAGE = `@dynoxide/${process.platform}-${process.arch}`;

/** The engine's executable, or `undefined` where its optional package does not exist for the platform. */
export function findEngine(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    const executable = join(manifest, "..", "dynoxide");
    return existsSync(executable) ? executable : undefined;
  } catch {
    return undefined;
  }
}

const MAX_STARTS = 3;

/** Starts the engine and waits until it answers. `undefined` where there is none for this platform. */
export async function startEngine(options: EngineOptions = {}): Promise<Engine | undefined> {
  const executable = findEngine();
  if (executable === undefined) return undefined;
  for (let start = 1; ; start++) {
    const port = await freePort();
    const args = ["--port", String(port), ...(options.dbPath ? ["--db-path", options.dbPath] : [])];
    try {
      return await startOn(port, executable, args);
    } catch (error) {
      // Somebody may have taken the port between our look and the engine's.
      if (start === MAX_STARTS) throw unstartable(error as Error, options);
    }
  }
}

/** Three times is no accident: what it was given can't be used. */
const unstartable = (cause: Error, { dbPath }: EngineOptions): ConfigError =>
  new ConfigError(
    `${cause.message}${dbPath ? `\nIts file is ${dbPath}: if that is damaged, remove it, and what it holds is gone.` : ""}`,
    { cause },
  );

/**
 * Runs the engine and ends it when standard input ends, which the kernel sees to however this process dies,
 * SIGKILL included. A signal handler of ours could not promise that.
 */
const LEASHED =
  'exec 3<&0; "$0" "$@" 3<&- & engine=$!; { cat <&3 >/dev/null; kill $engine; } 2>/dev/null & wait $engine';

async function startOn(port: number, executable: string, args: readonly string[]): Promise<Engine> {
  // In a process group of its own: Ctrl-C in a terminal is for its user, who still needs the tables to end cleanly.
  const child = spawn("/bin/sh", ["-c", LEASHED, executable, ...args], {
    stdio: ["pipe", "ignore", "pipe"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const complaint = collect(child);
  const stop = async () => {
    // It was let go of below; now this process must stay to see it end.
    child.ref();
    child.stdin.destroy();
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await answering(url, child);
  } catch (cause) {
    await stop();
    throw new Error(`the DynamoDB engine did not start: ${complaint() || String(cause)}`, { cause });
  }
  // Neither the process nor its pipes keep this one from ending by itself.
  child.unref();
  for (const pipe of [child.stdin, child.stderr]) if ("unref" in pipe) (pipe as { unref(): void }).unref();
  return { url, client: () => localClient(url), stop };
}

/** A client for an engine on this machine. The stores repeat requests themselves. */
export const localClient = (url: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });

function collect({ stderr }: ChildProcess): () => string {
  let text = "";
  stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = `${text}${chunk}`.slice(-2_000);
  });
  return () => text.trim();
}

const START_MS = 10_000;
const POLL_MS = 10;

async function answering(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("it ended at once");
    try {
      await (await fetch(url, { signal: AbortSignal.timeout(1_000) })).text();
      // Whoever answers might sit on the port instead of our engine, which would then be about to end.
      await delay(POLL_MS);
      if (child.exitCode === null) return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(POLL_MS);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port on this machine");
  return address.port;
}
