import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";

/** What came of an invocation, as Lambda tells the caller. */
export type Invocation =
  | { readonly kind: "answer"; readonly answer: unknown }
  | { readonly kind: "error"; readonly type: string; readonly message: string }
  | { readonly kind: "timeout" };

/** A function as it is deployed. */
export type Deployed = {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

type Reply = { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> };

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
};

const answer = (response: ServerResponse, { status, body = "{}", headers }: Reply): void =>
  void response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);

/** Lambda as a runtime sees it, on loopback: the Runtime API, and the process that asks it for events. */
export class Lambda {
  readonly #deployed: Deployed;
  readonly #runtime: string;
  #server: Server | undefined;
  #child: ChildProcess | undefined;
  #asking: ServerResponse | undefined;
  #ready: (() => void) | undefined;
  #initFailed: ((error: Invocation) => void) | undefined;
  #settle: ((invocation: Invocation) => void) | undefined;
  #count = 0;
  /** All that the function wrote. */
  output = "";

  constructor(runtime: string, deployed: Deployed) {
    this.#runtime = runtime;
    this.#deployed = deployed;
  }

  /** Starts a process where there is none, and waits until it asks for an event. What fails before that is the answer. */
  async #start(): Promise<Invocation | undefined> {
    this.#server ??= await this.#listen();
    if (this.#child) return undefined;
    const { port } = this.#server.address() as AddressInfo;
    const { folder, env } = this.#deployed;
    const ready = new Promise<undefined>((resolve) => {
      this.#ready = () => resolve(undefined);
    });
    const failed = new Promise<Invocation>((resolve) => {
      this.#initFailed = resolve;
    });
    const child = spawn(
      process.execPath,
      ["--require", join(import.meta.dirname, "rapid-client.cjs"), this.#runtime, "index.handler"],
      {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
          AWS_LAMBDA_FUNCTION_NAME: "watchdog",
          AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
          AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/watchdog",
          AWS_LAMBDA_LOG_STREAM_NAME: "stream",
          AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
          LAMBDA_TASK_ROOT: folder,
          LAMBDA_RUNTIME_DIR: dirname(this.#runtime),
          _HANDLER: "index.handler",
          ...env,
        },
      },
    );
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        this.output += chunk;
      });
    child.once("exit", (code) =>
      this.#ended({ kind: "error", type: "Runtime.ExitError", message: `exit ${code}` }),
    );
    return Promise.race([ready, failed]);
  }

  #ended(how: Invocation): void {
    this.#child = undefined;
    this.#asking = undefined;
    this.#initFailed?.(how);
    this.#settle?.(how);
  }

  async #listen(): Promise<Server> {
    const server = createServer((request, response) => void this.#serve(request, response));
    // A runtime waits for its next event for as long as it takes.
    server.requestTimeout = 0;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").replace("/2018-06-01/runtime/", "");
    if (path === "invocation/next") {
      this.#asking = response;
      return this.#ready?.();
    }
    const body = await textOf(request);
    answer(response, { status: 202 });
    if (path.endsWith("/response"))
      return this.#settle?.({ kind: "answer", answer: JSON.parse(body || "null") });
    const { errorType: type, errorMessage: message } = JSON.parse(body);
    const error = { kind: "error", type, message } as const;
    if (path === "init/error") this.#initFailed?.(error);
    else this.#settle?.(error);
  }

  /** As Lambda does: a process kept from one invocation to the next, and ended when its time is over. */
  async invoke(event: unknown): Promise<Invocation> {
    const failed = await this.#start();
    if (failed) return failed;
    const { timeoutMs } = this.#deployed;
    const settled = new Promise<Invocation>((resolve) => {
      this.#settle = resolve;
    });
    const timer = setTimeout(() => {
      this.#child?.kill("SIGKILL");
      this.#ended({ kind: "timeout" });
    }, timeoutMs);
    const asking = this.#asking;
    this.#asking = undefined;
    if (asking === undefined) throw new Error("the runtime does not ask for an event");
    answer(asking, {
      status: 200,
      body: JSON.stringify(event),
      headers: {
        "lambda-runtime-aws-request-id": `request-${++this.#count}`,
        "lambda-runtime-deadline-ms": String(Date.now() + timeoutMs),
        "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:123456789012:function:watchdog",
      },
    });
    const next = new Promise<void>((resolve) => {
      this.#ready = resolve;
    });
    const invocation = await settled;
    clearTimeout(timer);
    // It may still have to finish what it does after its answer, until it asks for the next event.
    if (this.#child) await Promise.race([next, once(this.#child, "exit")]);
    return invocation;
  }

  /** Between invocations Lambda stops a process as it is: no timer runs, no answer is read. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  async close(): Promise<void> {
    this.#child?.removeAllListeners("exit").kill("SIGKILL");
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}
