#!/usr/bin/env node
import module from "node:module";
import { OLDEST_NODE } from "./oldest-node.ts";

/**
 * What the installed package is called by. It stays small: it is compiled at every start, while all that it loads comes
 * compiled out of Node's cache from the second start on.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const [oldestMajor, oldestMinor] = OLDEST_NODE;
if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
  // Node.js 22 is the first to have one.
  module.enableCompileCache?.();
  await import("./main.ts");
} else {
  console.error(
    `apify-run-watchdog needs Node.js ${OLDEST_NODE.join(".")} or newer, and this is ${process.version}.`,
  );
  process.exitCode = 2;
}
