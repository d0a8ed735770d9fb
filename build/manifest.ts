import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { OLDEST_NODE } from "../cli/oldest-node.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const MANIFEST = `${root}package.json`;
/** Where the checkout's own manifest waits while the package is packed. */
const OWN = `${root}dist/checkout/package.json`;

type Manifest = Readonly<Record<string, unknown>>;

/** What the published manifest says as the checkout's does. Of all else there it needs nothing: what is used is bundled. */
const KEPT = [
  ...["name", "version", "description", "keywords", "license", "author", "repository", "homepage", "bugs"],
  ...["type", "main", "types", "exports", "bin", "files", "publishConfig"],
  ...["peerDependencies", "peerDependenciesMeta"],
];

/** A Node.js of our own, for scripts of the checkout. With its `bin` a user's scripts would run on it, unasked. */
const isOwnNode = (name: string): boolean => name.startsWith("node-");

/** The manifest of the published package, from the checkout's. */
export function publishedManifest(own: Manifest): Manifest {
  const optional = Object.entries((own.optionalDependencies ?? {}) as Record<string, string>);
  return {
    ...Object.fromEntries(KEPT.filter((key) => own[key] !== undefined).map((key) => [key, own[key]])),
    engines: { node: `>=${OLDEST_NODE.join(".")}` },
    optionalDependencies: Object.fromEntries(optional.filter(([name]) => !isOwnNode(name))),
  };
}

const read = (): Manifest => JSON.parse(readFileSync(MANIFEST, "utf8"));

function restore(): void {
  if (existsSync(OWN)) renameSync(OWN, MANIFEST);
}

const STEPS: Readonly<Record<string, () => void>> = {
  /** Before packing: the published manifest in the place of the checkout's. */
  publish() {
    // A packing that was cut short has left the published one there.
    if (!("scripts" in read())) restore();
    const text = readFileSync(MANIFEST, "utf8");
    mkdirSync(dirname(OWN), { recursive: true });
    writeFileSync(OWN, text);
    writeFileSync(MANIFEST, `${JSON.stringify(publishedManifest(JSON.parse(text)), null, 2)}\n`);
  },
  /** After packing. */
  restore,
  /**
   * Before publishing. From a folder npm would tell the registry what the manifest says after packing, which is the
   * checkout's; from a tarball it tells what is in there, and it is the file that was tested.
   */
  "only-tarball"() {
    if (process.env.npm_config_dry_run === "true") return;
    const { name, version } = read();
    console.error(`Publish what is packed: npm pack && npm publish ./${name}-${version}.tgz`);
    process.exitCode = 1;
  },
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) STEPS[process.argv[2] ?? ""]?.();
