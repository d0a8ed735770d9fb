import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Metafile, transform } from "esbuild";
import { CONSOLE_STYLE } from "./web/style.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where the files are that the console's page loads, from the project's root. */
export const CONSOLE_FOLDER = "dist/console";

/** Bundles what the page loads, for the browsers of the last two years. */
export async function buildConsole(): Promise<Metafile> {
  const folder = `${root}${CONSOLE_FOLDER}`;
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["console/web/main.ts"],
    outfile: `${folder}/app.js`,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
  });
  const { code } = await transform(CONSOLE_STYLE, { loader: "css", minify: true });
  await writeFile(`${folder}/app.css`, code);
  return metafile;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildConsole();
