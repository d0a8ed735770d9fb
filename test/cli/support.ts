import { spawn } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import type { Connection, Courier } from "../../cli/command.ts";
import { runCli } from "../../cli/run-cli.ts";
import { writtenData, writtenLines } from "../../cli/show/terminal.ts";
import type { Explanation } from "../../src/watchdog/explain/explanation.ts";
import { runTick } from "../../src/watchdog/tick/tick.ts";
import { fiveUsd } from "../support/policies.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { type Watched, watch } from "../support/watch.ts";
import { HEALTHY, OVER_5_USD, worldOf } from "../support/world.ts";
import { unpasteable } from "./hints.ts";

export { words } from "./hints.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** One that has a channel, which takes everything. */
const COURIER: Courier = {
  test: async () => [
    {
      channel: "mail",
      taken: true,
      says: "Amazon SNS took it",
      reaches: 1,
      backlog: { waiting: 0, givenUp: 0 },
    },
  ],
  resend: async () => [{ channel: "mail", again: 0 }],
};

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

export type RunOptions = {
  /** A terminal of this width, with colours; absent: a pipe. */
  readonly columns?: number;
  /** How many lines it has: what is longer goes to `page`. */
  readonly rows?: number;
  readonly page?: (text: string) => Promise<boolean>;
  /** What a person types who is asked, in this order; absent: nobody can be asked. */
  readonly answers?: readonly string[];
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  /** Changes what `connect` gives. */
  readonly connection?: Partial<Connection>;
};

/** Runs one command line in this process, on the pretend account of a test. */
export async function cli(
  watched: Watched,
  argv: readonly string[],
  { columns, rows, page, answers, signal, env = {}, connection }: RunOptions = {},
): Promise<Ran> {
  const typed = [...(answers ?? [])];
  let out = "";
  let err = "";
  let hasTarget = false;
  const isTty = columns !== undefined;
  const code = await watched.run(
    runCli(argv, {
      terminal: {
        columns: columns ?? Number.POSITIVE_INFINITY,
        isTty,
        ...(rows !== undefined && { rows }),
        colour: isTty,
        out: (text) => {
          out += writtenLines(text);
        },
        data: (text) => {
          out += writtenData(text);
        },
        err: (text) => {
          err += writtenData(text);
        },
        progress: () => undefined,
        canAsk: answers !== undefined,
        async ask(question) {
          err += `${question}\n`;
          return typed.shift() ?? "";
        },
      },
      env,
      ...(page && { page }),
      signal: signal ?? new AbortController().signal,
      version: "0.0.0",
      connect: async () => {
        hasTarget = true;
        return {
          ports: watched.ports,
          target: { kind: "folder", name: "the test's", account: watched.ports.account },
          hasApify: true,
          courier: COURIER,
          operator: async () => "ann@laptop",
          close: async () => undefined,
          ...connection,
        };
      },
    }),
  );
  // Whatever a test tries: what its answer shows to be pasted can be.
  const problems = await unpasteable({ out, err }, { hasTarget });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return { code, out, err };
}

/** Ports on which ticks come while a command waits, as a schedule would send them. */
export const whileTicking = ({ ports, process }: Watched) => ({
  ...ports,
  clock: {
    ...ports.clock,
    now: () => ports.clock.now(),
    async sleep(ms: number) {
      const endsBy = new Date(ports.clock.now().getTime() + 60_000);
      await runTick(process(), { signal: new AbortController().signal, endsBy }).catch(() => undefined);
      await ports.clock.sleep(ms);
    },
  },
});

/** Two runs over 5 USD and a healthy one; the two were stopped in three ticks. */
export async function afterStops(): Promise<Watched> {
  const watched = await watch(worldOf(OVER_5_USD, OVER_5_USD, HEALTHY), { policy: fiveUsd() });
  await watched.ticks(3);
  return watched;
}

/** What `explain` tells a program of a run. */
export const explained = async (watched: Watched, runId: string): Promise<Explanation> =>
  JSON.parse((await cli(watched, ["explain", runId, "--json"])).out);

/** An empty folder that has only the policy in it, or not even that. */
export async function emptyFolder({ policy = true } = {}): Promise<string> {
  const cwd = await tempFolder();
  if (policy) await symlink(join(root, "policy.yaml"), join(cwd, "policy.yaml"));
  return cwd;
}

/** A file with a policy in it, in JSON, which is YAML. */
export async function policyFile(document: unknown): Promise<string> {
  const file = join(await emptyFolder(), "mine.yaml");
  await writeFile(file, JSON.stringify(document));
  return file;
}

/** Runs a file of the project as a process of its own, its output in pipes. */
export function program(
  file: string,
  argv: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
  options: { readonly detached?: boolean } = {},
) {
  const child = spawn(process.execPath, [join(root, file), ...argv], {
    cwd,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk;
  });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, told: () => out, ended: async () => ({ code: await closed, out, err }) };
}

/** How many columns a line takes as it was written. */
export const widthOf = (line: string): number => [...stripVTControlCharacters(line)].length;
