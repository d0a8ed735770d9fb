import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Invocation } from "../command.ts";
import { documentFromThresholds, inMode } from "../options/threshold-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { CALLS, inPackage } from "../package.ts";
import { readPolicyFile } from "../policy/policy-file.ts";
import { painter, type Terminal } from "../show/terminal.ts";
import { REAL_FOLDER } from "../target/folder.ts";
import { composeLocal } from "./compose.ts";
import { consoleOf } from "./console-of.ts";
import { keepPast } from "./keep-past.ts";
import { LiveView } from "./live-view.ts";
import { PlainView } from "./plain-view.ts";
import { pretendScene, realScene } from "./scene.ts";
import { Session } from "./session.ts";
import type { StartOptions } from "./start-options.ts";
import { TickError } from "./tick-runner.ts";
import { silentView, type View } from "./view.ts";

/** Waits, or not, once somebody pressed Ctrl-C. */
const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);

const POLICY_FILE = "policy.yaml";

/** The policy of the options, else the one in this folder, else the example that comes with the watchdog. */
async function policyFor({ caps, policy }: StartOptions, mode: "observe" | "enforce") {
  if (caps) return { document: documentFromThresholds(caps, mode), source: "the command line" };
  if (policy !== undefined || existsSync(POLICY_FILE)) {
    const file = policy ?? POLICY_FILE;
    return { document: inMode(await readPolicyFile(file), mode), source: file };
  }
  const document = inMode(await readPolicyFile(inPackage(POLICY_FILE)), mode);
  return { document, source: `the example, as there is no ${POLICY_FILE} here` };
}

/** On a terminal a picture that moves; in a pipe, and for a single look, a log. */
function viewFor({ json, once }: StartOptions, terminal: Terminal): View {
  if (json) return silentView;
  const { stdout } = process;
  if (!terminal.isTty || once) return new PlainView(terminal);
  terminal.progress(undefined);
  const screen = {
    get columns() {
      return stdout.columns || 80;
    },
    get rows() {
      return stdout.rows || 24;
    },
    write: (text: string) => stdout.write(text),
  };
  const view = new LiveView(screen, painter(terminal));
  stdout.on("resize", () => view.redraw());
  return view;
}

type World = {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C: what is under way is ended, its tables closed. */
  readonly signal: AbortSignal;
  /** Asks commands of what is watched here; absent where no console may be wanted. */
  readonly asking?: Invocation["asking"];
};

async function sit(options: StartOptions, { terminal, env, signal, asking }: World): Promise<number> {
  const isReal = Boolean(env.APIFY_TOKEN);
  if (isReal && options.act)
    throw new UsageError("--act: with APIFY_TOKEN your account is only observed, so leave it out.");
  const { document, source } = await policyFor(options, isReal ? "observe" : "enforce");
  const scene = isReal
    ? realScene(env, pause)
    : await pretendScene(pause, { once: options.once, isSeen: terminal.isTty && !options.once });
  const view = viewFor(options, terminal);
  try {
    view.say(scene.intro);
    const watchdog = await composeLocal(scene);
    // What Ctrl-C cuts short is no failure.
    const past = isReal
      ? undefined
      : keepPast(scene, watchdog.ports, signal).catch((error: unknown) => {
          if (!signal.aborted) view.say(`The past of the pretend account could not be kept: ${error}`);
        });
    try {
      const session = new Session(scene, watchdog, { options, signal, view });
      await session.open(document, source);
      const page =
        options.web && asking ? await consoleOf(scene, watchdog, { asking, canAct: options.act }) : undefined;
      try {
        if (page) view.say(`Console: ${page.url} (it works once, in one browser)`);
        const code = await (options.once ? session.once() : session.keepWatching());
        await past;
        return code;
      } finally {
        await page?.close();
      }
    } finally {
      await watchdog.close();
    }
  } finally {
    await scene.close();
  }
}

/** Watches an account on this machine until Ctrl-C, or once. Returns the exit code. */
export async function runStart(options: StartOptions, world: World): Promise<number> {
  try {
    return await sit(options, world);
  } catch (error) {
    if (error instanceof TickError && error.kind === "ConfigError") {
      error.message += `\nWhat ${CALLS.start} remembers of an account is in ${REAL_FOLDER}; remove that folder to start over.`;
    }
    throw error;
  }
}
