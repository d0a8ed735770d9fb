import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build, type Metafile } from "esbuild";
import { OLDEST_NODE } from "../cli/oldest-node.ts";
import { BUNDLE } from "../functions/build.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const outdir = `${root}dist/infra/`;

/** Bundles the construct into one ES module, legible, on the `aws-cdk-lib` and `constructs` of the app that uses it. */
async function buildModule(): Promise<Metafile> {
  const { metafile } = await build({
    ...BUNDLE,
    entryPoints: ["infra/index.ts"],
    outfile: `${outdir}index.js`,
    target: `node${OLDEST_NODE.join(".")}`,
    minify: false,
    external: ["aws-cdk-lib", "constructs"],
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
  });
  return metafile;
}

const RELATIVE = /(from ")(\.\/[\w-]+)\.ts"/g;

/** The declarations of the public face and of what they name, in one folder. */
async function buildTypes(): Promise<void> {
  const types = `${root}dist/types/`;
  const tsc = join(dirname(fileURLToPath(import.meta.resolve("typescript/package.json"))), "bin/tsc");
  await promisify(execFile)(process.execPath, [tsc, "-p", `${root}build/tsconfig.json`, "--outDir", types]);
  const wanted = ["index"];
  for (const name of wanted) {
    const text = await readFile(`${types}infra/${name}.d.ts`, "utf8");
    for (const [, , path = ""] of text.matchAll(RELATIVE)) {
      if (!wanted.includes(basename(path))) wanted.push(basename(path));
    }
    const declared = text.replace(RELATIVE, '$1$2.js"');
    const [elsewhere] = /from "\.[^"]*\.ts"/.exec(declared) ?? [];
    if (elsewhere)
      throw new Error(
        `infra/${name}.ts names a type ${elsewhere}: the types of props belong into infra/ itself`,
      );
    await writeFile(`${outdir}${name}.d.ts`, declared);
  }
  await rm(types, { recursive: true });
}

/** Builds what an app imports: the module, and its types. */
export async function buildConstruct(): Promise<Metafile> {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const [metafile] = await Promise.all([buildModule(), buildTypes()]);
  return metafile;
}
