import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { OLDEST_NODE } from "../cli/oldest-node.ts";
import { BUNDLE } from "../functions/build.ts";
import { slimClients } from "../functions/slim.ts";

const outdir = fileURLToPath(new URL("../dist/cli/", import.meta.url));

/**
 * Bundles the command line into JavaScript for the oldest Node.js that it runs on: in parts, for a command loads only what it
 * needs, and with every AWS client in a part of its own.
 */
export async function buildCli(): Promise<Metafile> {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    ...BUNDLE,
    // The worker is loaded by its name, beside whichever part starts it.
    entryPoints: { bin: "cli/bin.ts", "function-worker": "cli/start/function-worker.ts" },
    outdir,
    target: `node${OLDEST_NODE.join(".")}`,
    splitting: true,
    chunkNames: "[name]-[hash]",
    // For a stack's files and lines: the sources themselves are not in the package.
    sourcemap: "linked",
    sourcesContent: false,
    plugins: [slimClients],
    metafile: true,
  });
  return metafile;
}
