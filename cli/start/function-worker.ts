import "../older-node.ts";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { WorkerAnswer, WorkerData } from "./function-runner.ts";

/**
 * Runs a built function in a thread of its own, as Lambda would in a process of its own, on a clock that is ahead of
 * the machine's. Only `Date` is shifted: timers and the durations between readings stay real.
 */
const { file, ahead: shared } = workerData as WorkerData;
const ahead = new Float64Array(shared);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...parts: [] | [string | number | Date]) {
    if (parts.length === 0) super(RealDate.now() + (ahead[0] ?? 0));
    else super(...(parts as [string]));
  }
  static override now(): number {
    return RealDate.now() + (ahead[0] ?? 0);
  }
} as DateConstructor;

const { handler } = (await import(pathToFileURL(file).href)) as {
  handler: (event: unknown, context: unknown) => Promise<unknown>;
};

parentPort?.on("message", async () => {
  const answer: WorkerAnswer = await handler({}, {}).then(
    (report) => ({ kind: "report", report }) as WorkerAnswer,
    (error: Error) => ({ kind: "error", name: error.name, message: error.message }),
  );
  parentPort?.postMessage(answer);
});
