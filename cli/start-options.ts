import { parseArgs } from "node:util";
import { UsageError } from "./usage-error.ts";

export const START_HELP = `npm start -- [options]

Watches Apify runs on this machine and stops those that breach the policy.
Without APIFY_TOKEN: a pretend Apify account with a day of believable runs, at high speed; runs are really stopped
there. With APIFY_TOKEN set: your account, in observe mode: nothing is ever called there but reads.

  --once               one tick; then wait until what it stopped has ended (at most 60 s)
  --json               print the tick report alone on standard output (with --once)
  --policy FILE        the policy to use (default: policy.yaml)
  --max-usd-per-run N  no policy file: abort a run that costs N USD
  --max-run-time T     no policy file: abort a run that takes longer than T, such as 6h
  --help               this text`;

export type StartOptions = {
  readonly help: boolean;
  readonly once: boolean;
  readonly json: boolean;
  readonly policy?: string;
  readonly maxUsdPerRun?: string;
  readonly maxRunTime?: string;
};

export function parseStartOptions(args: readonly string[]): StartOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", default: false },
        once: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        policy: { type: "string" },
        "max-usd-per-run": { type: "string" },
        "max-run-time": { type: "string" },
      },
    });
    const { policy, "max-usd-per-run": maxUsdPerRun, "max-run-time": maxRunTime, help, once, json } = values;
    if (json && !once) throw new UsageError("--json prints one report: add --once");
    if (policy && (maxUsdPerRun || maxRunTime)) {
      throw new UsageError("--policy and --max-… are two ways to say the same: use one of them");
    }
    return {
      help,
      once,
      json,
      ...(policy && { policy }),
      ...(maxUsdPerRun && { maxUsdPerRun }),
      ...(maxRunTime && { maxRunTime }),
    };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}
