import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";

/** The package that this file belongs to, wherever its code lies in it: as sources, or bundled. */
const MANIFEST = createRequire(import.meta.url).resolve("apify-run-watchdog/package.json");

/** The path of a file of the package. */
export const inPackage = (file: string): string => join(dirname(MANIFEST), file);

/** In a checkout the sources run as they are; in an installed package there are none. */
const isCheckout = import.meta.url.endsWith(".ts");

/** What of the package a shell runs by the name of `watchdog`. */
const PROGRAM = "dist/cli/bin.js";

const realPath = (path: string): string | undefined => {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
};

/** Does a shell that looks in these folders run this package by `watchdog`? What npm and npx put there goes with them. */
export function isOnPath(path: string, program: string): boolean {
  const folders = path.split(delimiter).filter((folder) => folder !== "" && !folder.includes("node_modules"));
  const found = folders
    .map((folder) => realPath(join(folder, "watchdog")))
    .find((file) => file !== undefined);
  return found !== undefined && found === realPath(program);
}

/** How the installed package is called. */
function installed() {
  const isKnown = isOnPath(process.env.PATH ?? "", inPackage(PROGRAM));
  const watchdog = isKnown ? "watchdog" : "npx apify-run-watchdog";
  return {
    start: `${watchdog} start`,
    startWith: `${watchdog} start`,
    watchdog,
    hint: "Without installing it: npx apify-run-watchdog <command>.",
  };
}

/** How people call what this is a part of, and a line for the help. */
export const CALLS = isCheckout
  ? {
      start: "npm start",
      startWith: "npm start --",
      watchdog: "npm run watchdog --",
      hint: "With --json: npm run --silent watchdog -- …, or npm's own lines stand before it.",
    }
  : installed();
