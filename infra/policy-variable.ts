import type { Duration } from "aws-cdk-lib";
import type { DeployedPolicy } from "../functions/contract.ts";
import type { RunWatchdogProps } from "./run-watchdog-props.ts";

/** A function's variables hold 4 KB together. */
const MAX_BYTES = 3_000;

/** The policy that comes with the deployment, as the function reads it. `undefined` when there is none. */
export function policyVariable(props: RunWatchdogProps): string | undefined {
  const deployed = deployedPolicy(props);
  if (deployed === undefined) return undefined;
  const text = JSON.stringify(deployed);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_BYTES) return text;
  throw new Error(
    `policy takes ${bytes} bytes as JSON, and a function's variables have room for ${MAX_BYTES}: ` +
      'leave it out here and push it after the deployment with "watchdog policy push"',
  );
}

function deployedPolicy(props: RunWatchdogProps): DeployedPolicy | undefined {
  const { policy, maxUsdPerRun, maxRunTime, mode } = props;
  if (policy !== undefined) return { policy };
  if (maxUsdPerRun === undefined && maxRunTime === undefined) return undefined;
  return {
    ...(maxUsdPerRun !== undefined && { maxUsdPerRun }),
    ...(maxRunTime !== undefined && { maxRunTime: durationText(maxRunTime) }),
    ...(mode !== undefined && { mode }),
  };
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
