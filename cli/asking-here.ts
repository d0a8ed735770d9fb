import { readFileSync } from "node:fs";
import type { Invocation } from "./command.ts";
import { askingOn } from "./console/asking.ts";
import { Args } from "./options/args.ts";
import { inPackage } from "./package.ts";
import { runCli, type World } from "./run-cli.ts";
import { captured } from "./show/captured.ts";
import { connect } from "./target/connect.ts";

/** Asks commands where none was typed: for `npm start`, which is no command line. */
export function askingHere(env: World["env"]): Invocation["asking"] {
  const { version } = JSON.parse(readFileSync(inPackage("package.json"), "utf8"));
  const none = new Args({});
  return (open = () => connect(none, env, captured().terminal)) =>
    askingOn(none, (line, asked) => runCli(line, { env, version, ...asked }), open);
}
