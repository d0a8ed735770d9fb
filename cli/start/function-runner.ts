import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { TickReport } from "../../src/watchdog/tick/report.ts";
import { TickError, type TickRunner } from "./tick-runner.ts";

export type WorkerData = { readonly file: string; readonly ahead: SharedArrayBuffer };
export type WorkerAnswer =
  | { readonly kind: "report"; readonly report: TickReport }
  | { readonly kind: "error"; readonly name: string; readonly message: string };

/** Beside this file, and of its kind: a source beside the source, bundled beside the bundle. */
const WORKER = new URL(`./function-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/** Runs the built function in a thread, its log in a file, its clock `ahead` of the machine's by that many ms. */
export function functionRunner(options: {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly ahead: SharedArrayBuffer;
}): TickRunner {
  const { file, env, logFile, ahead } = options;
  const data: WorkerData = { file, ahead };
  const worker = new Worker(WORKER, {
    workerData: data,
    env: { ...env },
    stdout: true,
    stderr: true,
  });
  const log = createWriteStream(logFile, { flags: "a" });
  worker.stdout.pipe(log, { end: false });
  worker.stderr.pipe(log, { end: false });
  return {
    async tick() {
      worker.postMessage("tick");
      const [answer] = (await once(worker, "message")) as [WorkerAnswer];
      if (answer.kind === "report") return answer.report;
      throw new TickError(answer.name, answer.message);
    },
    async close() {
      await worker.terminate();
      log.end();
    },
  };
}
