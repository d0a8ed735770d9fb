import type { Fault, RequestMatch, World } from "../../../emulator/index.ts";
import { costRule, fiveUsd, oneBudget } from "../policies.ts";
import type { Fate } from "../proxy.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../world.ts";
import type { SandboxOptions } from "./sandbox.ts";
import { operationOf, type Scene } from "./scene.ts";

/** How the schedule and Lambda treat an invocation; a function that `runs` is really run. */
export type Invocations = "runs" | "none" | "throttled";

/** One thing that fails for good from one moment on. */
export type Row = {
  readonly operation: string;
  readonly how: string;
  /** The policy that the run breaks, where it is to hang on what fails. */
  readonly policy?: unknown;
  readonly world?: World;
  readonly invocations?: Invocations;
  /** Of the function from then on. */
  readonly sandbox?: Partial<SandboxOptions>;
  readonly inParameter?: boolean;
  /** Fails from the very first tick on, and not after one that was healthy. */
  readonly fromTheStart?: boolean;
  /** Does the event source mapping give up what the notifier can't send? */
  readonly areNoticesGivenUp?: boolean;
  /** How long Lambda lets an invocation run. */
  readonly timeoutMs?: number;
  /** Makes it fail. Returns how often that was met so far; absent where it lies outside of what the tick asks. */
  fail?(scene: Scene): () => number;
};

const RUN = { ...OVER_5_USD, task: "shop-eu" };

const ended = (hours: number) => ({
  ...HEALTHY,
  startsAfterMs: -hours * HOUR,
  ends: { afterMs: MINUTE, status: "SUCCEEDED" as const },
});

const PAST = [ended(2), ended(3), ended(4)];

/** A run that has cost 7 USD, and three that were over long ago at 1 USD each. */
export const WORLD: World = worldOf(RUN, ...PAST);

/** The same, started by a schedule. */
const BY_SCHEDULE: World = {
  ...worldOf({ ...RUN, origin: "SCHEDULER", scheduleId: "nightlynightly123" }, ...PAST),
  schedules: [
    { name: "nightly", id: "nightlynightly123", cron: "0 2 * * *", starts: { actor: "acme/shop" } },
  ],
};

const only = (rule: Record<string, unknown>) => fiveUsd({ rules: [costRule(5, rule)] });

const TYPICAL = fiveUsd({
  rules: [
    {
      id: "thrice",
      limit: { timesTypical: { usd: 3, samples: 3, floor: "0.01" } },
      steps: [{ at: "100%", do: "abort" }],
    },
  ],
});

type Endpoint = Pick<Row, "operation" | "policy" | "world" | "fromTheStart"> & {
  readonly match: RequestMatch;
};

/** What is asked of Apify once an hour is asked by the first tick. */
/** The usage cycle has been going on for a week or two, whatever day it is: the run's money lies in it. */
const CYCLE_DAY = ((new Date().getUTCDate() + 13) % 28) + 1;

const CYCLE = {
  policy: oneBudget(5, "cycle"),
  fromTheStart: true,
  world: { ...WORLD, cycleStart: { day: CYCLE_DAY } },
};

export const ENDPOINTS: readonly Endpoint[] = [
  { operation: "GET users/me", match: { kind: "user" } },
  { operation: "GET users/me/limits", match: { kind: "limits" }, ...CYCLE },
  { operation: "GET users/me/usage/monthly", match: { kind: "usage" }, ...CYCLE },
  { operation: "GET actor-runs", match: { kind: "list", of: "account" } },
  { operation: "GET actor-runs/ID", match: { kind: "get" } },
  { operation: "POST actor-runs/ID/abort", match: { kind: "abort" } },
  { operation: "GET actors/ID", match: { kind: "actor" }, policy: only({ for: { actors: ["acme/shop"] } }) },
  {
    operation: "GET actor-tasks/ID",
    match: { kind: "task" },
    policy: only({ for: { tasks: ["acme/shop-eu"] } }),
  },
  // What there is that a rule could select, once a day.
  { operation: "GET actors", match: { kind: "actors" }, policy: only({ for: { actors: ["acme/shop"] } }) },
  {
    operation: "GET actor-tasks",
    match: { kind: "tasks" },
    policy: only({ for: { tasks: ["acme/shop-eu"] } }),
  },
  {
    operation: "GET schedules/ID",
    match: { kind: "schedule" },
    policy: only({ for: { schedules: ["nightly"] } }),
    world: BY_SCHEDULE,
  },
  {
    operation: "GET schedules",
    match: { kind: "schedules" },
    policy: only({ for: { schedules: ["nightly"] } }),
    world: BY_SCHEDULE,
  },
  { operation: "GET actor-tasks/ID/runs", match: { kind: "list", of: "task" }, policy: TYPICAL },
  {
    operation: "GET actors/ID/runs",
    match: { kind: "list", of: "actor" },
    policy: TYPICAL,
    world: worldOf(OVER_5_USD, ...PAST),
  },
];

const FAULTS: Readonly<Record<string, Fault>> = {
  refused: { kind: "refused", because: "permissions" },
  throttled: { kind: "rate-limit" },
  hanging: { kind: "hang" },
};

const FATES: Readonly<Record<string, Fate>> = {
  refused: { kind: "error", status: 400, type: "AccessDeniedException" },
  throttled: { kind: "error", status: 400, type: "ThrottlingException" },
  hanging: { kind: "hang" },
};

/** What a tick asks of DynamoDB: operation, tables and index; and under which policy, where not under each. */
export const REQUESTS: Readonly<Record<string, Pick<Row, "policy" | "fromTheStart">>> = {
  "GetItem state": {},
  "Query state": {},
  "BatchGetItem state": { policy: only({ for: { actors: ["acme/shop"] } }) },
  "PutItem state": {},
  "UpdateItem state": {},
  // Runs are written down when they are first seen.
  "TransactWriteItems state": { fromTheStart: true },
  "TransactWriteItems audit+state": {},
  "Query audit": {},
  "Query audit by-time": {},
};

const apify: readonly Row[] = ENDPOINTS.flatMap(({ match, ...row }) =>
  Object.entries(FAULTS).map(([how, fault]) => ({
    ...row,
    operation: `Apify: ${row.operation}`,
    how,
    fail({ emulator }: Scene) {
      const from = emulator.truth.calls.length;
      emulator.faults.add({ match, fault, times: Number.POSITIVE_INFINITY });
      const kinds = [match.kind].flat();
      return () => emulator.truth.calls.slice(from).filter(({ kind }) => kinds.includes(kind)).length;
    },
  })),
);

const wholeApify: readonly Row[] = (
  [
    ["the token is revoked", { kind: "refused", because: "token" }],
    ["every request fails with 500", { kind: "status", status: 500 }],
    ["every connection dies", { kind: "reset", afterEffect: false }],
    ["every answer is a page of a proxy", { kind: "html", status: 200 }],
    ["every request hangs", { kind: "hang" }],
  ] as const satisfies readonly (readonly [string, Fault])[]
).map(([how, fault]) => ({
  operation: "Apify",
  how,
  fail({ emulator }: Scene) {
    const from = emulator.truth.calls.length;
    emulator.faults.add({ fault, times: Number.POSITIVE_INFINITY });
    return () => emulator.truth.calls.length - from;
  },
}));

const dynamo: readonly Row[] = Object.entries(REQUESTS).flatMap(([wanted, row]) =>
  Object.entries(FATES).map(([how, fate]) => ({
    ...row,
    operation: `DynamoDB: ${wanted}`,
    how,
    fail({ meet }: Scene) {
      const met = meet((seen) => operationOf(seen) === wanted, fate);
      return () => met.length;
    },
  })),
);

const wholeDynamo: readonly Row[] = Object.entries({
  ...FATES,
  "the tables are gone": { kind: "error", status: 400, type: "ResourceNotFoundException" } as Fate,
}).map(([how, fate]) => ({
  operation: "DynamoDB",
  how,
  fail({ meet }: Scene) {
    const met = meet(() => true, fate);
    return () => met.length;
  },
}));

const secrets: readonly Row[] = [false, true].flatMap((inParameter) =>
  (["refused", "throttled", "hanging", "empty"] as const).map((how) => ({
    operation: inParameter ? "SSM: GetParameter" : "Secrets Manager: GetSecretValue",
    how,
    inParameter,
    fail({ secrets: store }: Scene) {
      const from = store.asked;
      store.mode = how;
      return () => store.asked - from;
    },
  })),
);

const lambda: readonly Row[] = [
  { operation: "the schedule", how: "disabled, deleted, or without its role", invocations: "none" },
  { operation: "the function", how: "throttled", invocations: "throttled" },
  {
    operation: "the function",
    how: "code that does not load",
    sandbox: { code: "throw new Error('broken');" },
  },
  { operation: "the function", how: "without a setting", sandbox: { env: { STATE_TABLE: undefined } } },
  { operation: "the function", how: "out of memory", sandbox: { nodeArgs: ["--max-old-space-size=8"] } },
  {
    operation: "the function",
    how: "never ending",
    sandbox: { code: "export const handler = async () => { for (;;); };" },
    timeoutMs: 1_000,
  },
];

/** Not of a tick: notices are sent by another function, from the audit's stream. */
const sns: readonly Row[] = Object.keys(FATES).map((how) => ({
  operation: "SNS: Publish",
  how,
  areNoticesGivenUp: true,
}));

/** What hangs, or is asked again and again, takes all the time that there is: a tick, and not much longer than it takes to wind up. */
const WAITED_OUT_MS = 16_000;
/** What is answered at once ends long before, on a busy machine too. */
const AMPLE_MS = 60_000;

export const ROWS: readonly (Row & Required<Pick<Row, "timeoutMs">>)[] = [
  ...apify,
  ...wholeApify,
  ...dynamo,
  ...wholeDynamo,
  ...secrets,
  ...sns,
  ...lambda,
].map((row) => ({ timeoutMs: /hang|throttled|fails/.test(row.how) ? WAITED_OUT_MS : AMPLE_MS, ...row }));
