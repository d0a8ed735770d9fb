import { complain } from "../complain.ts";
import { processTerminal } from "../show/terminal.ts";
import { pasteable } from "../target/typing.ts";
import { parseStartOptions, START_HELP } from "./start-options.ts";

const stop = new AbortController();
// Nobody reads on: what is under way is ended as by Ctrl-C, its tables closed.
const terminal = processTerminal(() => stop.abort());

async function start(args: readonly string[]): Promise<number> {
  const options = parseStartOptions(args);
  if (options === undefined) {
    terminal.data(START_HELP);
    return 0;
  }
  // Once: the second time nothing is waited for. SIGHUP: the terminal was closed.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => stop.abort());
  terminal.progress("Starting …");
  // Most of the time until the first look goes by in loading this.
  const { runStart } = await import("./run-start.ts");
  const world = { terminal, env: process.env, signal: stop.signal };
  if (!options.web) return runStart(options, world);
  const { askingHere } = await import("../asking-here.ts");
  return runStart(options, { ...world, asking: askingHere(process.env) });
}

process.exitCode = await start(process.argv.slice(2)).catch((error: unknown) =>
  complain(error, terminal, { pasteable: (text) => pasteable(text, undefined) }),
);
