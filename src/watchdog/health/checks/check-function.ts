import type { Deployment, FunctionFacts } from "../../model/deployed/deployment.ts";
import { type Check, failed, firstWrong, judged, passed } from "./check.ts";
import type { TableNames } from "./check-tables.ts";

/** Which function, and what its environment has to say. */
export type FunctionPlaces = TableNames & {
  readonly account: string;
  readonly functionName: string;
  readonly apifyTokenSecret?: string | undefined;
  readonly apifyTokenParameter?: string | undefined;
};

/** From so many failed or throttled ticks of an hour on it is no accident: the next tick makes good for one. */
const MANY = 2;
/** Below it a tick can't list, read, stop and write in time. */
const LEAST_TIMEOUT_SECS = 30;
const AGAIN = "deploy the stack again with all of its settings";

/** The variables that say another thing than the stack's output. */
function differing({ variables }: FunctionFacts, places: FunctionPlaces): readonly string[] {
  const wanted: Readonly<Record<string, string | undefined>> = {
    STATE_TABLE: places.stateTable,
    AUDIT_TABLE: places.auditTable,
    ACCOUNT: places.account,
    APIFY_TOKEN_SECRET: places.apifyTokenSecret,
    APIFY_TOKEN_PARAMETER: places.apifyTokenParameter,
  };
  return Object.keys(wanted).filter((name) => (variables[name] || undefined) !== wanted[name]);
}

const checkConfig = (facts: FunctionFacts, places: FunctionPlaces): Check => {
  const { state, lastUpdate, reserved, timeoutSecs } = facts;
  const name = places.functionName;
  const wrong = differing(facts, places);
  return firstWrong(
    "function",
    [
      [state === "Failed", `${name} is ${state}: AWS can't run it`, AGAIN],
      [lastUpdate === "Failed", `the last update of ${name} failed: it runs older code`, AGAIN],
      [
        reserved === 0,
        `${name} is switched off: its reserved concurrency is 0`,
        `aws lambda delete-function-concurrency --function-name ${name}`,
      ],
      [
        wrong.length > 0,
        `the environment of ${name} differs from the stack's output in ${wrong.join(", ")}: it looks after something else`,
        AGAIN,
      ],
      [
        timeoutSecs < LEAST_TIMEOUT_SECS,
        `the timeout of ${name} is ${timeoutSecs} s: too short for a tick`,
        "deploy again with -c timeout=90s",
      ],
    ],
    `${name} is ${state.toLowerCase()}, with ${timeoutSecs} s for a tick, and its environment is the stack's`,
  );
};

/** Is the function as it was deployed, does it run, and what starts it? */
export async function* checkFunction(deployment: Deployment, places: FunctionPlaces): AsyncGenerator<Check> {
  const { functionName } = places;
  const config = await deployment.function(functionName);
  yield judged("function", config, (facts) =>
    facts === undefined
      ? failed("function", `there is no function ${functionName} in this account and region`, AGAIN)
      : checkConfig(facts, places),
  );
  yield judged(
    "function-errors",
    await deployment.invocations(functionName),
    ({ count, errors, throttles }) => {
      const says = `in the last hour ${count} ticks, ${errors} failed, ${throttles} throttled`;
      const fix =
        errors >= MANY
          ? 'look for "tick failed" in the function\'s log group; docs/runbook.md#errors'
          : "free concurrency in this AWS account; docs/runbook.md#throttles";
      return errors >= MANY || throttles >= MANY
        ? failed("function-errors", says, fix)
        : passed("function-errors", says);
    },
  );
  yield judged("schedule", await deployment.schedules(), (schedules) => {
    const arn = config.kind === "known" ? config.value?.arn : undefined;
    const own = schedules.filter(({ target }) => target === arn || target.endsWith(`:${functionName}`));
    const [on] = own.filter(({ isEnabled }) => isEnabled);
    if (on) return passed("schedule", `${on.name} is enabled: ${on.expression}`);
    const [off] = own;
    return off
      ? failed(
          "schedule",
          `${off.name} is disabled: no tick is started`,
          `enable it in EventBridge Scheduler, or ${AGAIN}`,
        )
      : failed("schedule", `no schedule of the stack starts ${functionName}`, AGAIN);
  });
}
