import * as v from "valibot";
import { ConfigError } from "../src/watchdog/errors.ts";

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
} as const;

/** The policy that comes with a deployment: a whole document, or the thresholds that need none. */
export type DeployedPolicy =
  | { readonly policy: unknown }
  | {
      readonly maxUsdPerRun?: number;
      readonly maxRunTime?: string;
      /** @default observe */
      readonly mode?: "observe" | "enforce";
    };

export const APIFY_API_URL = "https://api.apify.com";

const TOKEN_VARIABLES = [
  WATCHDOG_ENV.apifyTokenSecret,
  WATCHDOG_ENV.apifyTokenParameter,
  WATCHDOG_ENV.apifyToken,
] as const;

const text = (wanted: string) => v.pipe(v.string(wanted), v.trim(), v.minLength(1, wanted));

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const schema = v.pipe(
  v.object({
    STATE_TABLE: text("the name of the DynamoDB table for state; the stack's outputs tell it"),
    AUDIT_TABLE: text("the name of the DynamoDB table for the audit; the stack's outputs tell it"),
    ACCOUNT: v.optional(
      v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, "a name of letters, digits, dots, dashes or underscores")),
      "default",
    ),
    APIFY_API_URL: v.optional(
      v.pipe(
        v.string(),
        v.url("a URL such as https://api.apify.com"),
        v.regex(/^https?:/, "an http or https URL"),
      ),
      APIFY_API_URL,
    ),
    APIFY_ABORT_ENDPOINT: v.optional(
      v.picklist(["actor-runs", "acts"], '"actor-runs" or "acts"'),
      "actor-runs",
    ),
    APIFY_TOKEN_SECRET: v.optional(text("the ARN of a secret in Secrets Manager")),
    APIFY_TOKEN_PARAMETER: v.optional(text("the name of a SecureString parameter in SSM")),
    APIFY_TOKEN: v.optional(text("an Apify API token")),
    POLICY: v.optional(
      v.pipe(v.string(), v.parseJson(undefined, "JSON"), v.custom<DeployedPolicy>(isObject, "a JSON object")),
    ),
  }),
);

export type WatchdogEnv = v.InferOutput<typeof schema>;

/**
 * Reads the environment. Throws `ConfigError` with every variable that is missing or can't be used, what was wanted and
 * what to do. Never shows a value that may be a secret.
 */
export function readWatchdogEnv(env: Readonly<Record<string, string | undefined>>): WatchdogEnv {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = v.safeParse(schema, given);
  const problems = parsed.success
    ? []
    : parsed.issues.map((issue) => {
        const name = String(issue.path?.[0]?.key);
        const state = given[name] === undefined ? "is missing" : "can't be used";
        const wanted = issue.message.startsWith("Invalid key") ? hint(name) : issue.message;
        return `${name} ${state}: wanted ${wanted}`;
      });
  const tokens = TOKEN_VARIABLES.filter((name) => given[name] !== undefined);
  if (tokens.length === 0) {
    problems.push(
      `no Apify token: set ${TOKEN_VARIABLES[0]} (the ARN of a secret), ${TOKEN_VARIABLES[1]} (an SSM parameter) or, ` +
        `on your own machine, ${TOKEN_VARIABLES[2]}`,
    );
  } else if (tokens.length > 1) {
    problems.push(`more than one Apify token: keep one of ${tokens.join(", ")}`);
  }
  if (parsed.success && problems.length === 0) return parsed.output;
  throw new ConfigError(`the watchdog's environment can't be used:\n  ${problems.join("\n  ")}`);
}

const HINTS: Readonly<Record<string, string>> = {
  STATE_TABLE: "the name of the DynamoDB table for state; the stack's outputs tell it",
  AUDIT_TABLE: "the name of the DynamoDB table for the audit; the stack's outputs tell it",
};
const hint = (name: string): string => HINTS[name] ?? "a value";
