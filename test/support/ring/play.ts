import { costRule, fiveUsd } from "../policies.ts";
import { emittedIn } from "./emitted.ts";
import type { DataPoint } from "./evaluate.ts";
import { type AlarmProperties, isRinging } from "./evaluate.ts";
import { type ROWS, WORLD } from "./rows.ts";
import { type Invoked, Sandbox } from "./sandbox.ts";
import { openScene, operationOf, type Scene } from "./scene.ts";

const PERIOD_SECS = 60;
const PERIODS = 3;

/** Before anything fails no run breaks it. */
const POLICY = fiveUsd({ rules: [costRule(50)] });

/** Which alarms there are, by name, and what the function and the dead letters are called in their dimensions. */
export type Alarms = {
  readonly byName: ReadonlyMap<string, AlarmProperties>;
  readonly functionName: string;
  readonly queueName: string;
};

export type Outcome = {
  /** Was the run stopped within three periods? */
  readonly isStopped: boolean;
  /** The alarms that were in ALARM at the end of one of them. */
  readonly ringing: readonly string[];
  /** The alarms that were in ALARM before anything failed. */
  readonly before: readonly string[];
  /** How often the failure was met. */
  readonly met: number;
  readonly output: string;
  /** How often Lambda ended the function for its time, and how often it had not logged why before. */
  readonly timeouts: number;
  readonly unexplained: number;
  /** Everything that was asked of Apify, by kind, and of DynamoDB. */
  readonly asked: { readonly apify: readonly string[]; readonly dynamo: readonly string[] };
};

/** What Lambda itself counts of an invocation, under the names of its documentation. */
function lambdaMetrics(functionName: string, atSecs: number, counts: Readonly<Record<string, number>>) {
  return Object.entries(counts).map(([name, value]) => ({
    namespace: "AWS/Lambda",
    name,
    dimensions: { FunctionName: functionName },
    atSecs,
    value,
  }));
}

const counted = (
  functionName: string,
  atSecs: number,
  { isError, output }: Invoked,
): readonly DataPoint[] => [
  ...emittedIn(output, atSecs),
  ...lambdaMetrics(functionName, atSecs, { Invocations: 1, Errors: isError ? 1 : 0, Throttles: 0 }),
];

const isStopped = ({ emulator }: Scene): boolean =>
  emulator.truth.calls.some(({ kind, effect }) => kind === "abort" && effect === "aborting");

/** As Lambda tells a function its name. */
const named = (env: Scene["env"], functionName: string) => ({
  ...env,
  AWS_LAMBDA_FUNCTION_NAME: functionName,
});

/** What the built function writes and returns while all is well. */
export async function healthyTick(functionName: string): Promise<Invoked> {
  const scene = await openScene(WORLD, POLICY);
  const sandbox = new Sandbox({ name: "watchdog", env: named(scene.env, functionName) });
  const invoked = await sandbox.invoke({}, 60_000);
  await sandbox.end();
  await scene.close();
  return invoked;
}

/** A healthy watchdog, then what the row says fails for good, a run that breaks the policy, and three periods of ticks. */
export async function play(
  row: (typeof ROWS)[number],
  { byName, functionName, queueName }: Alarms,
  healthy: Invoked,
): Promise<Outcome> {
  const scene = await openScene(row.world ?? WORLD, POLICY, row.inParameter);
  const points: DataPoint[] = [];
  const ringingAt = (atSecs: number) =>
    [...byName].flatMap(([name, alarm]) => (isRinging(alarm, atSecs, points) ? [name] : []));

  if (!row.fromTheStart) await scene.tick();
  for (let period = -PERIODS; period < 0; period++)
    points.push(...counted(functionName, period * PERIOD_SECS, healthy));
  const before = ringingAt(0);

  await scene.push(row.policy ?? fiveUsd());
  const met = row.fail?.(scene) ?? (() => 1);
  const { env, ...sandbox } = row.sandbox ?? {};
  const failing = new Sandbox({
    name: "watchdog",
    ...sandbox,
    env: { ...named(scene.env, functionName), ...env },
  });
  const ringing = new Set<string>();
  let output = "";
  let [timeouts, unexplained] = [0, 0];
  for (let period = 0; period < PERIODS && !isStopped(scene); period++) {
    const atSecs = period * PERIOD_SECS;
    if (row.invocations === "throttled")
      points.push(...lambdaMetrics(functionName, atSecs, { Throttles: 1 }));
    else if (row.invocations === undefined) {
      const invoked = await failing.invoke({}, row.timeoutMs);
      points.push(...counted(functionName, atSecs, invoked));
      output += invoked.output;
      if (invoked.isTimeout) timeouts += 1;
      if (invoked.isTimeout && !invoked.output.includes("about to be cut off")) unexplained += 1;
    }
    for (const name of ringingAt(atSecs + PERIOD_SECS)) ringing.add(name);
  }
  if (row.areNoticesGivenUp) {
    const [namespace, name] = ["AWS/SQS", "ApproximateNumberOfMessagesVisible"];
    points.push({ namespace, name, dimensions: { QueueName: queueName }, atSecs: 0, value: 1 });
    for (const each of ringingAt(PERIOD_SECS)) ringing.add(each);
  }
  await failing.end();
  await scene.close();
  return {
    isStopped: isStopped(scene),
    ringing: [...ringing],
    before,
    met: met(),
    output,
    timeouts,
    unexplained,
    asked: {
      apify: [...new Set(scene.emulator.truth.calls.map(({ kind }) => kind))],
      dynamo: [...new Set(scene.requests.map(operationOf))],
    },
  };
}
