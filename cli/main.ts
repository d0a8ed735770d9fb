#!/usr/bin/env node
import "./older-node.ts";
import { readFileSync } from "node:fs";
import { inPackage } from "./package.ts";
import { runCli } from "./run-cli.ts";
import { page, pagerOf } from "./show/pager.ts";
import { processTerminal } from "./show/terminal.ts";
import { connect } from "./target/connect.ts";

const { version } = JSON.parse(readFileSync(inPackage("package.json"), "utf8"));
const stop = new AbortController();
let isPaging = false;
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // The second time nothing is waited for.
  process.on(name, () => {
    // Ctrl-C is the pager's while it is on the screen.
    if (name === "SIGINT" && isPaging) return;
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}

const terminal = processTerminal();
const { env } = process;
const pager = pagerOf(env);
async function inPager(text: string): Promise<boolean> {
  if (pager === undefined) return false;
  isPaging = true;
  return page(pager, text, env).finally(() => {
    isPaging = false;
  });
}
const world = { terminal, env, signal: stop.signal, version, page: inPager };
const code = await runCli(process.argv.slice(2), {
  ...world,
  connect: (args, heard = terminal) => connect(args, env, heard),
});
// What was left behind, such as a request under way when Ctrl-C came, must not keep the process.
process.exitCode = code;
if (stop.signal.aborted) process.exit(code);
