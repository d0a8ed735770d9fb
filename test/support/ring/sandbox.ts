import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtFunction } from "../../../functions/build.ts";

/** What came of an invocation, as Lambda counts it. */
export type Invoked = {
  readonly isError: boolean;
  /** Ended by Lambda for having taken too long. */
  readonly isTimeout: boolean;
  /** What the function returned, or the error that it ended with. */
  readonly answer: unknown;
  /** What it wrote since the invocation before. */
  readonly output: string;
};

/** Reads an invocation a line, as a runtime asks for the next one. */
const RUNTIME = `
  import { createInterface } from "node:readline";
  const { handler } = await import("./index.mjs");
  console.log("READY");
  for await (const line of createInterface({ input: process.stdin })) {
    const { event, ms } = JSON.parse(line);
    const ends = Date.now() + ms;
    const context = { getRemainingTimeInMillis: () => ends - Date.now() };
    const answer = await handler(event, context).then(
      (value) => ({ value }),
      ({ name, message }) => ({ error: name + ": " + message }),
    );
    console.log("ANSWER " + JSON.stringify(answer));
  }`;

export type SandboxOptions = {
  readonly name: "watchdog" | "notifier";
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In place of the built file. */
  readonly code?: string;
  readonly nodeArgs?: readonly string[];
};

/**
 * The built file alone in an empty folder, invoked as Lambda does: one process that is kept from invocation to invocation,
 * ended when its time is over, and replaced then.
 */
export class Sandbox {
  readonly #options: SandboxOptions;
  #folder: string | undefined;
  #child: ChildProcess | undefined;
  #output = "";

  readonly #keep = (chunk: string): void => {
    this.#output += chunk;
  };

  constructor(options: SandboxOptions) {
    this.#options = options;
  }

  async invoke(event: unknown, ms: number): Promise<Invoked> {
    const child = this.#child ?? (await this.#start());
    let timer: NodeJS.Timeout | undefined;
    const ended = new Promise<"ended" | "timeout" | "answer">((resolve) => {
      // Its streams, too: what it wrote last counts.
      child.once("close", () => resolve("ended"));
      if (child.exitCode !== null || child.signalCode !== null) resolve("ended");
      child.stdout?.on("data", () => {
        if (/^ANSWER .*\n/m.test(this.#output)) resolve("answer");
      });
      timer = setTimeout(() => resolve("timeout"), ms);
    });
    // Whoever has ended meanwhile reads nothing more.
    child.stdin?.on("error", () => undefined);
    child.stdin?.write(`${JSON.stringify({ event, ms })}\n`);
    const how = await ended;
    clearTimeout(timer);
    child.stdout?.removeAllListeners("data").on("data", this.#keep);
    if (how !== "answer") this.#kill();
    const output = this.#output;
    this.#output = "";
    const answer = JSON.parse(/^ANSWER (.*)$/m.exec(output)?.[1] ?? "{}");
    const isError = how !== "answer" || "error" in answer;
    return { isError, isTimeout: how === "timeout", answer: answer.value ?? answer.error, output };
  }

  async end(): Promise<void> {
    this.#kill();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true });
  }

  #kill(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  async #start(): Promise<ChildProcess> {
    const { name, env, code, nodeArgs = [] } = this.#options;
    if (this.#folder === undefined) {
      this.#folder = await mkdtemp(join(tmpdir(), "sandbox-"));
      if (code === undefined) await copyFile(builtFunction(name), join(this.#folder, "index.mjs"));
      else await writeFile(join(this.#folder, "index.mjs"), code);
      await writeFile(join(this.#folder, "runtime.mjs"), RUNTIME);
    }
    const child = spawn(process.execPath, [...nodeArgs, "runtime.mjs"], {
      cwd: this.#folder,
      env: env as NodeJS.ProcessEnv,
    });
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", this.#keep);
    child.stderr.setEncoding("utf8").on("data", this.#keep);
    // Loading the code is not of an invocation's time.
    await new Promise<void>((resolve) => {
      child.once("close", () => resolve());
      child.stdout.on("data", () => {
        if (this.#output.includes("READY")) resolve();
      });
    });
    return child;
  }
}
