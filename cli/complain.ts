import { printable } from "../src/policy/index.ts";
import { PolicyFileError } from "./policy/policy-file-error.ts";
import type { Terminal } from "./show/terminal.ts";

/** Errors whose message is meant for the person who reads it, each with its code for programs. */
const TOLD: Readonly<Record<string, string>> = {
  ApifyError: "apify",
  ConfigError: "config",
  ConflictError: "conflict",
  PolicyError: "policy",
  PolicyFileError: "policy",
  TickError: "tick",
  UsageError: "usage",
};

const LOG_IN = "Log in, or set AWS_PROFILE and AWS_REGION.";

type Fault = Error & { readonly $metadata?: { readonly httpStatusCode?: number } };

function text({ name, message: said, stack, $metadata }: Fault): string {
  // Ours may have several lines; what others say is one.
  if (Object.hasOwn(TOLD, name)) return said;
  const message = printable(said);
  if (name === "CredentialsProviderError" || /^Region is missing/.test(message)) {
    return `AWS can't be asked: ${message.replace(/\.$/, "")}. ${LOG_IN}`;
  }
  if ($metadata?.httpStatusCode)
    return `AWS answered ${$metadata.httpStatusCode} ${printable(name)}: ${message}`;
  if ($metadata) return `AWS can't be reached: ${message}`;
  // A fault of ours: whoever reports it needs to say where.
  return stack ?? message;
}

/** For programs: what kind of error it is. `internal` is a fault of ours. */
function codeOf({ name, $metadata }: Fault): string {
  if (Object.hasOwn(TOLD, name)) return TOLD[name] ?? name;
  return $metadata || name === "CredentialsProviderError" ? "aws" : "internal";
}

/**
 * Says what went wrong, and returns the exit code that it stands for: 2 for a wrong command line, which a path that leads
 * to no file is a part of; 1 for everything else, what a policy file says included. `json`: standard output has it too, as
 * `{ error: { code, message } }`, and the problems of a policy file in the same form from every command that reads one. `pasteable` makes its commands ones that can
 * be pasted.
 */
export function complain(
  error: unknown,
  terminal: Pick<Terminal, "data" | "err">,
  { json = false, pasteable }: { readonly json?: boolean; readonly pasteable: (text: string) => string },
): number {
  const fault = (error instanceof Error ? error : new Error(String(error))) as Fault;
  if (fault instanceof PolicyFileError && fault.problems.length > 0) {
    if (json) terminal.data(JSON.stringify({ valid: false, problems: fault.problems }, null, 2));
    else terminal.err(fault.message);
    return 1;
  }
  const message = pasteable(text(fault));
  terminal.err(message);
  if (json) terminal.data(JSON.stringify({ error: { code: codeOf(fault), message } }, null, 2));
  return fault.name === "UsageError" || fault instanceof PolicyFileError ? 2 : 1;
}
