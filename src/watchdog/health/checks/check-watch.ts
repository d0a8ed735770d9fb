import { formatDuration } from "../../../policy/index.ts";
import { minuteOf } from "../../model/minute.ts";
import { rulesText, type Status } from "../status.ts";
import { type Check, failed, passed } from "./check.ts";

const ATTENTION = "docs/attention.md";

function checkTick({ alive, lastCompleteAt, lastTick }: Status, now: Date, start: string): Check {
  const age =
    lastCompleteAt && formatDuration(Math.max(0, (now.getTime() - lastCompleteAt.getTime()) / 1000));
  if (alive) return passed("tick", `the last complete one began ${age} ago`);
  const whole =
    lastCompleteAt === undefined
      ? "none was complete so far"
      : `the last complete one began ${age} ago, at ${minuteOf(lastCompleteAt)} UTC`;
  const reasons = Object.keys(lastTick?.skipped ?? {});
  const why =
    lastTick && !lastTick.complete && reasons.length > 0
      ? `; the last one could not: ${reasons.join("; ")}`
      : "";
  return failed(
    "tick",
    `${whole}${why}`,
    lastTick === undefined ? start : `${start}; docs/runbook.md#no-complete-tick`,
  );
}

function checkPolicy({ policy }: Status): Check {
  if (policy === undefined)
    return failed("policy", "no policy was pushed: nothing is stopped", "watchdog policy push policy.yaml");
  const { version, mode, fellBack } = policy;
  if (fellBack)
    return failed(
      "policy",
      `version ${fellBack.version} can't be used (${fellBack.problem}), so version ${version} stays in force`,
      "Push the right one again. Versions: watchdog policy list",
    );
  return passed("policy", `version ${version}, mode ${mode}: ${rulesText(policy)}`);
}

function checkAttention({ attention }: Status): Check {
  if (attention.length === 0) return passed("attention", "nothing calls for a person");
  return failed("attention", attention.join("; "), ATTENTION);
}

/** Does it look, by which policy, and what has it found that calls for a person? `start`: what to do where it does not look. */
export const checkWatch = (status: Status, now: Date, start: string): readonly Check[] => [
  checkTick(status, now, start),
  checkPolicy(status),
  checkAttention(status),
];
