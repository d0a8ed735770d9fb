import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { builtFunction } from "../../../functions/build.ts";
import { tempFolder } from "../temp-folder.ts";

const run = promisify(execFile);

/** Of each invocation. */
export const REQUEST = "c0ffee00-1111-4222-8333-444455556666";

/**
 * Invokes a built function, its one file alone in an empty folder, in a bare Node.js process. Returns what it answers, or the
 * error that it fails with, and the lines that it logged.
 */
export async function invokeBuilt(name: string, event: unknown, env: Readonly<Record<string, string>>) {
  const folder = await tempFolder();
  await copyFile(builtFunction(name), join(folder, "index.mjs"));
  await writeFile(join(folder, "event.json"), JSON.stringify(event));
  await writeFile(
    join(folder, "invoke.mjs"),
    `import { readFileSync } from "node:fs";
     const { handler } = await import("./index.mjs");
     const event = JSON.parse(readFileSync("event.json", "utf8"));
     const answer = await handler(event, { awsRequestId: "${REQUEST}" }).catch(({ name, message }) => ({ name, message }));
     console.log("ANSWER " + JSON.stringify(answer ?? null));
     process.exit(0);`,
  );
  const { stdout, stderr } = await run(process.execPath, ["invoke.mjs"], { cwd: folder, env });
  const output = stdout + stderr;
  const lines = output.split("\n");
  const answer = lines.find((line) => line.startsWith("ANSWER "))?.slice("ANSWER ".length) ?? "null";
  const logged: readonly Record<string, unknown>[] = lines
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  return { answer: JSON.parse(answer), logged, output };
}
