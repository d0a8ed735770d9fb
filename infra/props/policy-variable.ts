import { type Duration, Token } from "aws-cdk-lib";
import { type DeployedPolicy, documentOf } from "../../functions/contract.ts";
import {
  capAt,
  capsOf,
  formatPath,
  hasCaps,
  PolicyError,
  type Problem,
  parseNewPolicy,
} from "../../src/policy/index.ts";
import type { RunWatchdogProps } from "../run-watchdog-props.ts";

/** A function's variables hold 4 KB together. */
const MAX_BYTES = 3_000;

/**
 * The policy that comes with the deployment, as the function reads it; `undefined` when there is none. Throws on one that
 * the function could not use: it would only log that, and stop nothing.
 */
export function policyVariable(props: RunWatchdogProps): string | undefined {
  const deployed = deployedPolicy(props);
  if (deployed === undefined) return undefined;
  const text = JSON.stringify(deployed);
  if (Token.isUnresolved(text)) {
    throw new Error(
      "policy holds a value that only the deployment knows, and it is checked before: write it out",
    );
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) {
    throw new Error(
      `policy takes ${bytes} bytes as JSON, and a function's variables have room for ${MAX_BYTES}: ` +
        'leave it out here and push it after the deployment with "watchdog policy push"',
    );
  }
  checkPolicy(JSON.parse(text));
  return text;
}

function deployedPolicy(props: RunWatchdogProps): DeployedPolicy | undefined {
  const { policy, maxRunTime, mode, ...others } = props;
  if (policy !== undefined) return { policy };
  const caps = capsOf({ ...others, ...(maxRunTime && { maxRunTime: durationText(maxRunTime) }) });
  return hasCaps(caps) ? { ...caps, ...(mode !== undefined && { mode }) } : undefined;
}

/** By the parser that reads it at each push, in its words; a threshold is called by its prop. */
function checkPolicy(deployed: DeployedPolicy): void {
  try {
    parseNewPolicy(documentOf(deployed));
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    const isDocument = "policy" in deployed;
    const placeOf = ({ path }: Problem) =>
      isDocument ? formatPath(path) : (capAt(deployed, path) ?? formatPath(path));
    const lines = cause.problems.map(
      (problem) => `  ${placeOf(problem)}: got ${problem.got}, wanted ${problem.expected}`,
    );
    throw new Error(`the ${isDocument ? "policy" : "thresholds"} can't be used:\n${lines.join("\n")}`, {
      cause,
    });
  }
}

const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** As policies write it: `6h`, `1d12h`, `90s`. */
function durationText(duration: Duration): string {
  let rest = duration.toSeconds();
  let text = "";
  for (const [unit, secs] of Object.entries(UNITS)) {
    const count = Math.floor(rest / secs);
    rest -= count * secs;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}
