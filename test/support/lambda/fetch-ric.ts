import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

/**
 * AWS's own runtime interface client: what runs a function on Lambda. It compiles C++ when it is installed as a dependency, so
 * it is none: it is fetched when asked for, without its scripts, and `rapid-client.cjs` stands in for what they compile.
 */
const PACKAGE = "aws-lambda-ric@4.0.2";
const CACHE = join(import.meta.dirname, "../../../node_modules/.cache/aws-lambda-ric");

declare module "vitest" {
  interface ProvidedContext {
    /** The file that Lambda starts. */
    runtime: string;
  }
}

export default function setup({ provide }: TestProject): void {
  const runtime = join(CACHE, "node_modules/aws-lambda-ric/index.mjs");
  if (!existsSync(runtime)) {
    mkdirSync(CACHE, { recursive: true });
    const args = ["install", "--no-save", "--ignore-scripts", "--loglevel=error", "--prefix", CACHE, PACKAGE];
    execFileSync("npm", args, { cwd: CACHE, stdio: "inherit" });
  }
  provide("runtime", runtime);
}
