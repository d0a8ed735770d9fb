import { setTimeout as delay } from "node:timers/promises";
import { documentFromCaps } from "../src/policy/index.ts";
import { composeLocal } from "./compose.ts";
import { PolicyFileError, readPolicyFile } from "./policy-file.ts";
import { pretendScene, realScene } from "./scene.ts";
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

async function policyFor(options: StartOptions, mode: "observe" | "enforce") {
  const { maxUsdPerRun, maxRunTime, policy = "policy.yaml" } = options;
  if (maxUsdPerRun === undefined && maxRunTime === undefined) {
    return { document: inMode(await readPolicyFile(policy), mode), source: policy };
  }
  const caps = { ...(maxUsdPerRun && { maxUsdPerRun }), ...(maxRunTime && { maxRunTime }) };
  return { document: documentFromCaps(caps, mode), source: "the command line" };
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

process.exitCode = await start(process.argv.slice(2)).catch((error: unknown) => {
  const { name, message } = error as Error;
  const expected = error instanceof UsageError || error instanceof PolicyFileError;
  console.error(expected ? message : `${name}: ${message}`);
  if (error instanceof UsageError) console.error(`\n${START_HELP}`);
  return expected ? 2 : 1;
});
