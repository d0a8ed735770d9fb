import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type BuildOptions, build, type Metafile } from "esbuild";
import { slimClients, withoutUnreached } from "./slim.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where a built function is, from the project's root. Handler: `handler`. */
export const builtFunction = (name: string): string => `${root}dist/functions/${name}/index.mjs`;

/** How everything of ours is bundled: ES modules for Node.js, small, without what they do not use. */
export const BUNDLE = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  minify: true,
  // The packages' ES modules, for they are the ones that shake.
  mainFields: ["module", "main"],
  legalComments: "none",
  logLevel: "warning",
  // What is CommonJS among the dependencies asks for Node's builtins by require.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
} as const satisfies BuildOptions;

/** Where its source map is: beside its folder, for all that is in the folder is deployed. */
export const sourceMapOf = (name: string): string => `${root}dist/functions/${name}.mjs.map`;

async function buildFunction(name: string): Promise<Metafile> {
  const { metafile, outputFiles } = await build({
    ...BUNDLE,
    entryPoints: [`${root}functions/${name}.ts`],
    outfile: builtFunction(name),
    target: "node24",
    sourcemap: "external",
    sourcesContent: false,
    plugins: [withoutUnreached, slimClients],
    metafile: true,
    write: false,
  });
  await mkdir(dirname(builtFunction(name)), { recursive: true });
  for (const { path, contents } of outputFiles) {
    await writeFile(path.endsWith(".map") ? sourceMapOf(name) : builtFunction(name), contents);
  }
  return metafile;
}

/** Bundles each function into one self-contained ES module for the newest Node.js runtime of Lambda. */
export const buildFunctions = (): Promise<readonly Metafile[]> =>
  Promise.all(["watchdog", "notifier", "courier"].map(buildFunction));

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildFunctions();
