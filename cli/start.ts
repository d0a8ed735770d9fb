import { setTimeout as delay } from "node:timers/promises";
import {
  type Caps,
  documentFromCaps,
  formatPath,
  type PolicyError,
  parsePolicy,
} from "../src/policy/index.ts";
import { composeLocal } from "./compose.ts";
import { TickError } from "./function-runner.ts";
import { PolicyFileError, readPolicyFile } from "./policy-file.ts";
import { pretendScene, REAL_FOLDER, realScene } from "./scene.ts";
import { Session } from "./session.ts";
import { parseStartOptions, START_HELP, type StartOptions, UsageError } from "./start-options.ts";

/** Waits, or not, once somebody pressed Ctrl-C. */
const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);

/** A policy document with the mode that this account calls for, over what the file and its rules say. */
function inMode(document: unknown, mode: "observe" | "enforce"): unknown {
  const { rules, ...rest } = document as { rules: readonly Record<string, unknown>[] };
  const observed = rules.map(({ mode: _own, ...rule }) => rule);
  return { ...rest, mode, rules: mode === "observe" ? observed : rules };
}

const OPTION_OF: Readonly<Record<string, string>> = {
  usageTotalUsd: "--max-usd-per-run",
  runTime: "--max-run-time",
};

function checkedCaps(caps: Caps, mode: "observe" | "enforce"): unknown {
  const document = documentFromCaps(caps, mode);
  try {
    parsePolicy(document);
  } catch (cause) {
    const { problems } = cause as PolicyError;
    const lines = problems.map(
      ({ path, got, expected }) =>
        `  ${OPTION_OF[String(path.at(-1))] ?? formatPath(path)}: got ${got}, wanted ${expected}`,
    );
    throw new UsageError(`the thresholds can't be used:\n${lines.join("\n")}`, { cause });
  }
  return document;
}

async function policyFor(options: StartOptions, mode: "observe" | "enforce") {
  const { maxUsdPerRun, maxRunTime, policy = "policy.yaml" } = options;
  if (maxUsdPerRun === undefined && maxRunTime === undefined) {
    return { document: inMode(await readPolicyFile(policy), mode), source: policy };
  }
  const caps = { ...(maxUsdPerRun && { maxUsdPerRun }), ...(maxRunTime && { maxRunTime }) };
  return { document: checkedCaps(caps, mode), source: "the command line" };
}

async function start(args: readonly string[]): Promise<number> {
  const options = parseStartOptions(args);
  if (options.help) {
    console.log(START_HELP);
    return 0;
  }
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());

  const isReal = Boolean(process.env.APIFY_TOKEN);
  const { document, source } = await policyFor(options, isReal ? "observe" : "enforce");
  const scene = isReal ? realScene(process.env, pause) : await pretendScene(pause);
  try {
    const watchdog = await composeLocal(scene);
    try {
      const session = new Session(scene, watchdog, options, stop.signal);
      await session.open(document, source);
      return await (options.once ? session.once() : session.keepWatching());
    } finally {
      await watchdog.close();
    }
  } finally {
    await scene.close();
  }
}

/** What went wrong is told without a stack: the messages say what to do. */
function complain(error: unknown): number {
  const isUsage = error instanceof UsageError || error instanceof PolicyFileError;
  const isTold = isUsage || error instanceof TickError;
  console.error(isTold ? error.message : error);
  if (error instanceof UsageError) console.error(`\n${START_HELP}`);
  if (error instanceof TickError && error.kind === "ConfigError") {
    console.error(
      `What npm start remembers of an account is in ${REAL_FOLDER}; remove that folder to begin anew.`,
    );
  }
  return isUsage ? 2 : 1;
}

process.exitCode = await start(process.argv.slice(2)).catch(complain);
