import type { Terminal } from "./terminal.ts";

/** Errors whose message is meant for the person who reads it. */
const TOLD = ["ApifyError", "ConfigError", "ConflictError", "PolicyError", "PolicyFileError", "UsageError"];
const USAGE = ["UsageError", "PolicyFileError"];

const LOG_IN = "Log in, or set AWS_PROFILE and AWS_REGION.";

type Fault = Error & { readonly $metadata?: { readonly httpStatusCode?: number } };

function text({ name, message, stack, $metadata }: Fault): string {
  if (TOLD.includes(name)) return message;
  if (name === "CredentialsProviderError" || /^Region is missing/.test(message)) {
    return `AWS can't be asked: ${message.replace(/\.$/, "")}. ${LOG_IN}`;
  }
  if ($metadata?.httpStatusCode) return `AWS answered ${$metadata.httpStatusCode} ${name}: ${message}`;
  if ($metadata) return `AWS can't be reached: ${message}`;
  // A fault of ours: whoever reports it needs to say where.
  return stack ?? message;
}

/** Says what went wrong, and returns the exit code that it stands for. */
export function complain(error: unknown, terminal: Pick<Terminal, "err">): number {
  const fault = (error instanceof Error ? error : new Error(String(error))) as Fault;
  terminal.err(text(fault));
  return USAGE.includes(fault.name) ? 2 : 1;
}
