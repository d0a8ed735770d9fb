import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { root, run } from "./support.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The package as it is published. */
    tarball: string;
  }
}

/** Packs the package once, for all that installs it. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "packed-"));
  // By the checkout's own Node.js, as `npm pack` there does.
  const packed = await run("npm", ["pack", "--pack-destination", folder], { cwd: root, env: process.env });
  const [name] = await readdir(folder);
  if (packed.code !== 0 || name === undefined) throw new Error(`npm pack failed: ${packed.err}`);
  provide("tarball", join(folder, name));
  return () => rm(folder, { recursive: true });
}
