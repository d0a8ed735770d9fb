import { setTimeout as delay } from "node:timers/promises";
import { complain } from "../complain.ts";
import { documentFromThresholds, inMode } from "../options/threshold-options.ts";
import { readPolicyFile } from "../policy/policy-file.ts";
import { painter, processTerminal, type Terminal } from "../show/terminal.ts";
import { REAL_FOLDER } from "../target/folder.ts";
import { composeLocal } from "./compose.ts";
import { LiveView, SHOW_CURSOR } from "./live-view.ts";
import { PlainView } from "./plain-view.ts";
import { pretendScene, realScene } from "./scene.ts";
import { Session } from "./session.ts";
import { parseStartOptions, START_HELP, type StartOptions } from "./start-options.ts";
import { TickError } from "./tick-runner.ts";
import { silentView, type View } from "./view.ts";

/** Waits, or not, once somebody pressed Ctrl-C. */
const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);

async function policyFor(options: StartOptions, mode: "observe" | "enforce") {
  const { caps, policy = "policy.yaml" } = options;
  if (caps === undefined) {
    return { document: inMode(await readPolicyFile(policy), mode), source: policy };
  }
  return { document: documentFromThresholds(caps, mode), source: "the command line" };
}

/** On a terminal a picture that moves; in a pipe, and for a single look, a log. */
function viewFor({ json, once }: StartOptions, terminal: Terminal): View {
  if (json) return silentView;
  const { stdout } = process;
  if (!terminal.isTty || once) return new PlainView(terminal);
  process.once("exit", () => stdout.write(SHOW_CURSOR));
  const screen = {
    get columns() {
      return stdout.columns || 80;
    },
    get rows() {
      return stdout.rows || 24;
    },
    write: (text: string) => stdout.write(text),
  };
  return new LiveView(screen, painter(terminal));
}

async function start(args: readonly string[], stop: AbortController, terminal: Terminal): Promise<number> {
  const options = parseStartOptions(args);
  if (options.help) {
    terminal.data(START_HELP);
    return 0;
  }
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());

  const isReal = Boolean(process.env.APIFY_TOKEN);
  const { document, source } = await policyFor(options, isReal ? "observe" : "enforce");
  const scene = isReal ? realScene(process.env, pause) : await pretendScene(pause);
  try {
    const watchdog = await composeLocal(scene);
    try {
      const view = viewFor(options, terminal);
      const session = new Session(scene, watchdog, { options, signal: stop.signal, view });
      await session.open(document, source);
      return await (options.once ? session.once() : session.keepWatching());
    } finally {
      await watchdog.close();
    }
  } finally {
    await scene.close();
  }
}

const stop = new AbortController();
// Nobody reads on: what is under way is ended as by Ctrl-C, its tables closed.
const terminal = processTerminal(() => stop.abort());

process.exitCode = await start(process.argv.slice(2), stop, terminal).catch((error: unknown) => {
  const code = complain(error, terminal);
  if (error instanceof TickError && error.kind === "ConfigError") {
    terminal.err(
      `What npm start remembers of an account is in ${REAL_FOLDER}; remove that folder to begin anew.`,
    );
  }
  return code;
});
