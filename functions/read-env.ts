import * as v from "valibot";
import { ConfigError } from "../src/watchdog/model/errors.ts";

export { DEFAULT_ACCOUNT } from "../src/watchdog/notify/place.ts";

/** Reads what a function needs from its environment. */

export type Environment = Readonly<Record<string, string | undefined>>;

export const text = (wanted: string) => v.pipe(v.string(wanted), v.trim(), v.minLength(1, wanted));

export const accountName = v.pipe(
  v.string(),
  v.regex(/^[\w.-]{1,64}$/, "a name of letters, digits, dots, dashes or underscores"),
);

/** What belongs into the variables that have no default. */
const REQUIRED: Readonly<Record<string, string>> = {
  STATE_TABLE: "the name of the DynamoDB table for state; the stack's outputs have it",
  AUDIT_TABLE: "the name of the DynamoDB table for the audit; the stack's outputs have it",
  DEAD_LETTER_QUEUE: "the URL of the queue for what can't be announced",
};

export const stateTable = text(REQUIRED.STATE_TABLE ?? "");
export const auditTable = text(REQUIRED.AUDIT_TABLE ?? "");
export const deadLetterQueue = text(REQUIRED.DEAD_LETTER_QUEUE ?? "");

/** Reads by a schema. What is wrong comes back a line each, without a value that may be a secret. */
export function readEnv<S extends v.GenericSchema>(wanted: S, env: Environment) {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = v.safeParse(wanted, given);
  const problems = (parsed.issues ?? []).map((issue) => {
    const [first, ...rest] = issue.path ?? [];
    const name = String(first?.key);
    const at = [name, ...rest.map(({ key }) => String(key))].join(".");
    if (given[name] !== undefined && issue.received === "undefined") return `${at} is missing`;
    if (given[name] !== undefined) return `${at} can't be used: wanted ${issue.message}`;
    return `${name} is missing: wanted ${REQUIRED[name] ?? issue.message}`;
  });
  return { given, problems, output: parsed.success ? parsed.output : undefined };
}

export const refuse = (what: string, problems: readonly string[]): never => {
  throw new ConfigError(`the ${what}'s environment can't be used:\n  ${problems.join("\n  ")}`);
};
