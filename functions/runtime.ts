import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import middy from "@middy/core";
import type { Context as LambdaContext } from "aws-lambda";
import { createApify, fetchTransport } from "../src/adapters/apify/index.ts";
import { createDynamoStores } from "../src/adapters/dynamodb/stores.ts";
import { cloudWatchLog } from "../src/adapters/logs/checkpoint-log.ts";
import { newTickId, systemClock, systemRandom } from "../src/adapters/system.ts";
import {
  environmentToken,
  secretsManagerToken,
  ssmParameterToken,
  type TokenSource,
} from "../src/adapters/token/index.ts";
import { emptyMemory, type Log, type Ports } from "../src/watchdog/model/ports.ts";
import type { TickReport } from "../src/watchdog/tick/report.ts";
import { runTick } from "../src/watchdog/tick/tick.ts";
import { adoptDeployed, UNUSABLE } from "./adopt-deployed.ts";
import { attentionOfError, callForAttention } from "./attention.ts";
import {
  COMPLETE_METRIC,
  DEFAULT_ACCOUNT,
  readWatchdogEnv,
  WATCHDOG_ENV,
  type WatchdogEnv,
  WIND_DOWN_SECS,
} from "./contract.ts";
import { countMetric } from "./count-metric.ts";
import { InFlight } from "./in-flight.ts";
import { type LambdaLog, lambdaLog } from "./lambda-log.ts";

const WIND_DOWN_MS = WIND_DOWN_SECS * 1_000;
/** A last look is begun so long before the tick has to wind up, and not later. */
const LAST_LOOK_MS = 2_000;
/** So long before Lambda's own timeout a tick that is not over yet says what it waits for. */
const LAST_WORDS_MS = 1_000;
/** Outside Lambda nobody says when the process ends. */
const UNBOUNDED_MS = 60_000;

/** The stores repeat requests themselves, so that each try is bounded and counted; one that hangs is given up. */
const DYNAMODB_CLIENT = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;

export function tokenFrom(env: WatchdogEnv): TokenSource {
  if (env.APIFY_TOKEN_SECRET) return secretsManagerToken(env.APIFY_TOKEN_SECRET, systemClock);
  if (env.APIFY_TOKEN_PARAMETER) return ssmParameterToken(env.APIFY_TOKEN_PARAMETER, systemClock);
  return environmentToken(env.APIFY_TOKEN ?? "");
}

/** What the process waits for, and how long it may go on. */
type Leash = { readonly inFlight: InFlight; readonly leftMs: () => number };

/** The watchdog's ports on AWS and Apify, as the environment says. */
export function portsFrom(
  env: WatchdogEnv,
  log: Log,
  { inFlight = new InFlight(), leftMs = () => Number.POSITIVE_INFINITY }: Partial<Leash> = {},
  token = tokenFrom(env),
): Ports {
  const stores = createDynamoStores({
    client: inFlight.watchClient(new DynamoDBClient(DYNAMODB_CLIENT)),
    stateTable: env.STATE_TABLE,
    auditTable: env.AUDIT_TABLE,
    account: env.ACCOUNT,
    random: systemRandom,
    sleep: (ms) => systemClock.sleep(ms),
    leftMs,
  });
  const apify = createApify({
    baseUrl: env.APIFY_API_URL,
    token: inFlight.watchToken(token),
    transport: inFlight.watchTransport(fetchTransport),
    clock: systemClock,
    random: systemRandom,
    abortEndpoint: env.APIFY_ABORT_ENDPOINT,
  });
  return {
    account: env.ACCOUNT,
    apify,
    ...stores,
    ...(env.CHECKPOINT_LOG && {
      checkpoints: cloudWatchLog({
        logGroup: env.CHECKPOINT_LOG,
        account: env.ACCOUNT,
        clock: systemClock,
      }),
    }),
    clock: systemClock,
    log,
    newTickId,
    memory: emptyMemory(),
  };
}

const withProblem = (report: TickReport, problem: string | undefined): TickReport =>
  problem?.includes(UNUSABLE) ? { ...report, skipped: { ...report.skipped, [UNUSABLE]: 1 } } : report;

/** When the tick must be over, and until when it may wait. Who invokes it outside Lambda waits by himself. */
function timesOf(now: number, { getRemainingTimeInMillis }: Partial<LambdaContext>, env: WatchdogEnv) {
  const remainingMs = getRemainingTimeInMillis?.();
  if (remainingMs === undefined) return { endsBy: new Date(now + UNBOUNDED_MS) };
  const waitMs = Math.min(env.MAX_WAIT_SECS * 1_000, remainingMs - WIND_DOWN_MS - LAST_LOOK_MS);
  return { endsBy: new Date(now + remainingMs), ...(waitMs > 0 && { watchUntil: new Date(now + waitMs) }) };
}

/** The handler of one tick. Nothing is built before the first event, so that a bad environment fails with its reason. */
export function createTickHandler() {
  let ports: Ports | undefined;
  let running: Promise<TickReport> | undefined;
  let leftMs = () => Number.POSITIVE_INFINITY;

  const inFlight = new InFlight();
  let log: LambdaLog | undefined;
  const told = new Set<string>();

  const tick = async (context: Partial<LambdaContext>, signal: AbortSignal): Promise<TickReport> => {
    log ??= lambdaLog();
    log.begin(context.awsRequestId);
    const account = process.env[WATCHDOG_ENV.account] || DEFAULT_ACCOUNT;
    leftMs = () => context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
    const over = sayWhenCutOff(log, account, { inFlight, leftMs });
    try {
      const env = readWatchdogEnv(process.env);
      ports ??= portsFrom(env, log, { inFlight, leftMs: () => leftMs() });
      const problem = await adoptDeployed(ports, env, told);
      const times = timesOf(ports.clock.now().getTime(), context, env);
      const attention = problem === undefined ? [] : [problem];
      const report = withProblem(
        await runTick(ports, { signal, ...times, attention, allowHolds: env.ALLOW_HOLDS }),
        problem,
      );
      const { decisions, ...summary } = report;
      log.info("tick", { ...summary, decisions: decisions.length });
      countMetric(COMPLETE_METRIC, account, report.complete ? 1 : 0);
      callForAttention(log, account, report.attention);
      return report;
    } catch (error) {
      log.warn("tick failed", {
        error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      });
      countMetric(COMPLETE_METRIC, account, 0);
      callForAttention(log, account, attentionOfError(error));
      throw error;
    } finally {
      over.abort();
    }
  };

  return middy<unknown, TickReport | undefined>({
    timeoutEarlyInMillis: WIND_DOWN_MS,
    // The signal has told the tick to wind up: wait for its heartbeat instead of answering over its head.
    timeoutEarlyResponse: () => running,
  }).handler((_event, context, { signal }) => {
    running = tick(context, signal);
    return running;
  });
}

/** Just before Lambda ends the process for having taken too long, what it waits for is logged: afterwards it can't be. */
function sayWhenCutOff(log: Log, account: string, { inFlight, leftMs }: Leash): AbortController {
  const over = new AbortController();
  if (leftMs() === Number.POSITIVE_INFINITY) return over;
  void systemClock.sleep(Math.max(0, leftMs() - LAST_WORDS_MS), over.signal).then(() => {
    if (over.signal.aborted) return;
    log.warn("tick is about to be cut off by Lambda's timeout", { account, waitingFor: inFlight.list });
    countMetric(COMPLETE_METRIC, account, 0);
  });
  return over;
}
