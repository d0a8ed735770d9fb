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

export type Patience = {
  readonly random: Random;
  readonly sleep: (ms: number) => Promise<void>;
  /** How long the process may still go on. Absent: without end. */
  readonly leftMs?: () => number;
};

/** So much is kept for what comes after a request that is given up: writing down and saying what failed. */
const AFTERWARDS_MS = 4_000;
/** When no more than this is left, nothing is waited for any longer. */
const LAST_WORDS_MS = 1_500;
/** Longer than this no request takes: the client gives it up. */
const LONGEST_TRY_MS = 3_500;

/**
 * Tries up to five times, with a random wait of up to 50, 100, 200 and 400 ms between. Then the error is thrown; also
 * where another try that takes as long as the last one would leave no time for what comes after.
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  worthAnother: (error: unknown) => boolean,
  patience: Patience,
): Promise<T> {
  const { random, sleep, leftMs = () => Number.POSITIVE_INFINITY } = patience;
  for (let tries = 1; ; tries++) {
    const leftBefore = leftMs();
    try {
      return await unlessOver(attempt, leftBefore, sleep);
    } catch (error) {
      if (tries === MAX_TRIES || !worthAnother(error)) throw error;
      const waitMs = random() * BASE_MS * 2 ** (tries - 1);
      const left = leftMs();
      if (left < Number.POSITIVE_INFINITY && left - waitMs - (leftBefore - left) < AFTERWARDS_MS) throw error;
      await sleep(waitMs);
    }
  }
}

/** What the attempt brings. Where its answer may come too late for anything, it is not waited for to the end. */
function unlessOver<T>(attempt: () => Promise<T>, leftMs: number, sleep: Patience["sleep"]): Promise<T> {
  if (leftMs > LONGEST_TRY_MS + LAST_WORDS_MS) return attempt();
  const over = sleep(Math.max(0, leftMs - LAST_WORDS_MS)).then(() => {
    throw Object.assign(new Error("DynamoDB did not answer in the time that was left"), {
      name: "TimeoutError",
    });
  });
  return Promise.race([attempt(), over]);
}
