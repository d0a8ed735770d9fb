import { fileURLToPath, pathToFileURL } from "node:url";
import { type BuildOptions, build } from "esbuild";
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

/** Bundles each function into one self-contained ES module for the newest Node.js runtime of Lambda. */
export async function buildFunctions(): Promise<void> {
  for (const name of ["watchdog", "notifier"]) {
    await build({
      ...BUNDLE,
      entryPoints: [`${root}functions/${name}.ts`],
      outfile: builtFunction(name),
      target: "node24",
      plugins: [withoutUnreached, slimClients],
    });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildFunctions();
