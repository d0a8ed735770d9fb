import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The package that this file belongs to, wherever its code lies in it: as sources, or bundled. */
const MANIFEST = createRequire(import.meta.url).resolve("apify-run-watchdog/package.json");

/** The path of a file of the package. */
export const inPackage = (file: string): string => join(dirname(MANIFEST), file);

/** In a checkout the sources run as they are; in an installed package there are none. */
const isCheckout = import.meta.url.endsWith(".ts");

/** How people call what this is a part of, and a line for the help. */
export const CALLS = isCheckout
  ? {
      start: "npm start",
      startWith: "npm start --",
      watchdog: "npm run watchdog --",
      hint: "With --json: npm run --silent watchdog -- …, or npm's own lines stand before it.",
    }
  : {
      start: "npx apify-run-watchdog start",
      startWith: "npx apify-run-watchdog start",
      watchdog: "npx apify-run-watchdog",
      hint: "Without installing it: npx apify-run-watchdog <command>.",
    };
