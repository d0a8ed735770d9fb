import * as v from "valibot";
import { type Caps, documentFromCaps } from "../src/policy/index.ts";
import { isSafeUrl, SAFE_URL } from "../src/watchdog/model/safe-url.ts";
import {
  accountName,
  auditTable,
  DEFAULT_ACCOUNT,
  type Environment,
  readEnv,
  refuse,
  stateTable,
  text,
} from "./read-env.ts";

export * from "./metrics.ts";
export { DEFAULT_ACCOUNT, isSafeUrl, SAFE_URL };
/**
 * What the watchdog function reads from its environment: declared once, read by the function, set by the
 * infrastructure. Exactly one of the three token variables must be there.
 */
export const WATCHDOG_ENV = {
  stateTable: "STATE_TABLE",
  auditTable: "AUDIT_TABLE",
  account: "ACCOUNT",
  apifyApiUrl: "APIFY_API_URL",
  apifyAbortEndpoint: "APIFY_ABORT_ENDPOINT",
  apifyTokenSecret: "APIFY_TOKEN_SECRET",
  apifyTokenParameter: "APIFY_TOKEN_PARAMETER",
  apifyToken: "APIFY_TOKEN",
  /** JSON of `DeployedPolicy`. */
  policy: "POLICY",
  /** The version that the deployment's policy may weaken. */
  allowWeaker: "ALLOW_WEAKER",
  /** The log group that the audit's checkpoints go to. Absent: none are made. */
  checkpointLog: "CHECKPOINT_LOG",
  /** For how long after its start a look may wait for a step that is about to be reached. */
  maxWait: "MAX_WAIT_SECS",
  /** `true`: where the policy asks for it, schedules may be disabled. */
  allowHolds: "ALLOW_HOLDS",
} as const;

/** The policy that comes with a deployment: a whole document, or the thresholds that need none. */
export type DeployedPolicy =
  | { readonly policy: unknown }
  | (Caps & {
      /** Absent: that of what is in force; of the first, observe. */
      readonly mode?: "observe" | "enforce";
    });

/** The policy document that a deployment brings, as the policy's parser reads it. */
export const documentOf = (deployed: DeployedPolicy): unknown =>
  "policy" in deployed ? deployed.policy : documentFromCaps(deployed, deployed.mode ?? "observe");

/** The same in mode enforce, where the deployment leaves the mode to what is in force. */
export const enforcedOf = (deployed: DeployedPolicy): unknown =>
  "policy" in deployed || deployed.mode !== undefined ? undefined : documentFromCaps(deployed, "enforce");

/** As long as it is to the next look, where these come once a minute. */
export const DEFAULT_MAX_WAIT_SECS = 60;

/** So long before Lambda's own timeout a look stops starting work; the rest is for its heartbeat. */
export const WIND_DOWN_SECS = 8;

export const APIFY_API_URL = "https://api.apify.com";

const TOKEN_VARIABLES = [
  WATCHDOG_ENV.apifyTokenSecret,
  WATCHDOG_ENV.apifyTokenParameter,
  WATCHDOG_ENV.apifyToken,
] as const;

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const schema = v.pipe(
  v.object({
    STATE_TABLE: stateTable,
    AUDIT_TABLE: auditTable,
    ACCOUNT: v.optional(accountName, DEFAULT_ACCOUNT),
    APIFY_API_URL: v.optional(
      v.pipe(v.string(), v.url("a URL, for example https://api.apify.com"), v.check(isSafeUrl, SAFE_URL)),
      APIFY_API_URL,
    ),
    APIFY_ABORT_ENDPOINT: v.optional(
      v.picklist(["actor-runs", "acts"], '"actor-runs" or "acts"'),
      "actor-runs",
    ),
    APIFY_TOKEN_SECRET: v.optional(text("the ARN of a secret in Secrets Manager")),
    APIFY_TOKEN_PARAMETER: v.optional(text("the name of a SecureString parameter in SSM")),
    APIFY_TOKEN: v.optional(text("an Apify API token")),
    MAX_WAIT_SECS: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^\d{1,3}$/, "whole seconds from 0 to 999; with 0 it never waits"),
        v.transform(Number),
      ),
      String(DEFAULT_MAX_WAIT_SECS),
    ),
    ALLOW_HOLDS: v.optional(
      v.pipe(
        v.picklist(["true", "false"], '"true" or "false"; without it no schedule is disabled'),
        v.transform((text) => text === "true"),
      ),
      "false",
    ),
    ALLOW_WEAKER: v.optional(
      v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/, "the number of a policy version"), v.transform(Number)),
    ),
    CHECKPOINT_LOG: v.optional(text("the name of a log group of CloudWatch Logs")),
    POLICY: v.optional(
      v.pipe(v.string(), v.parseJson(undefined, "JSON"), v.custom<DeployedPolicy>(isObject, "a JSON object")),
    ),
  }),
);

export type WatchdogEnv = v.InferOutput<typeof schema>;

/**
 * Reads the watchdog's environment. Throws `ConfigError` with every variable that is missing or can't be used, what was
 * wanted and what to do. Never shows a value that may be a secret.
 */
export function readWatchdogEnv(env: Environment): WatchdogEnv {
  const { given, problems, output } = readEnv(schema, env);
  const tokens = TOKEN_VARIABLES.filter((name) => given[name] !== undefined);
  if (tokens.length === 0) {
    problems.push(
      `no Apify token: set ${TOKEN_VARIABLES[0]} (the ARN of a secret), ${TOKEN_VARIABLES[1]} (an SSM parameter) or, ` +
        `on your own machine, ${TOKEN_VARIABLES[2]}`,
    );
  } else if (tokens.length > 1) {
    problems.push(`more than one Apify token: keep one of ${tokens.join(", ")}`);
  }
  return output && problems.length === 0 ? output : refuse("watchdog", problems);
}
