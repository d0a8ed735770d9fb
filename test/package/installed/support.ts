import { type SpawnOptionsWithoutStdio, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The environment of somebody who never saw the checkout: nothing of its npm, nor of its own Node.js. */
export const OUTSIDE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(npm_|NODE_|INIT_CWD|AWS_|APIFY_|VITEST)/.test(name) ? [] : [[name, value]],
    ),
  ),
  PATH: (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .join(delimiter),
};

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs a program to its end. */
export function run(
  command: string,
  argv: readonly string[],
  options: SpawnOptionsWithoutStdio = {},
): Promise<Ran> {
  const child = spawn(command, argv, { env: OUTSIDE, ...options });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}

/** A folder outside of the checkout with a manifest, and how to remove it. */
export async function freshFolder(
  manifest: object = {},
): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "installed-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, ...manifest }));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Installs packages as their users do. Throws with what npm says where it fails. */
export async function install(folder: string, ...packages: readonly string[]): Promise<Ran> {
  const ran = await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...packages], {
    cwd: folder,
  });
  if (ran.code !== 0) throw new Error(`npm install ${packages.join(" ")} failed: ${ran.err || ran.out}`);
  return ran;
}
