import type { Random } from "../../watchdog/model/ports.ts";

const MAX_TRIES = 5;
const BASE_MS = 50;

const TRANSIENT_NAMES: readonly string[] = [
  "InternalServerError",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ServiceUnavailable",
  "ThrottlingException",
  "TransactionConflictException",
  "TransactionInProgressException",
  "TimeoutError",
];
/** No answer came. The request may have had its effect: it must be one that can be repeated. */
const NETWORK_CODES: readonly string[] = ["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT"];

type Facts = Error & { readonly code?: string; readonly $metadata?: { readonly httpStatusCode?: number } };

/** Will the same request, unchanged, perhaps succeed in a moment? A failed condition never will. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, $metadata } = error as Facts;
  const status = $metadata?.httpStatusCode ?? 0;
  return TRANSIENT_NAMES.includes(error.name) || NETWORK_CODES.includes(code ?? "") || status >= 500;
}

/** Tries up to five times, with a random wait of up to 50, 100, 200 and 400 ms between. Then the error is thrown. */
export async function retrying<T>(
  attempt: () => Promise<T>,
  worthAnother: (error: unknown) => boolean,
  { random, sleep }: { readonly random: Random; readonly sleep: (ms: number) => Promise<void> },
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === MAX_TRIES || !worthAnother(error)) throw error;
      await sleep(random() * BASE_MS * 2 ** (tries - 1));
    }
  }
}
