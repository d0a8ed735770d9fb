/** Why a request brought no result. Becomes an `ApifyError` when nothing can be done about it. */
export type Failure = {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Apify's `error.type`, or ours: `no-answer`, `malformed-answer`, `redirected`, `http-<status>`. */
  readonly type: string;
  /** May the same request succeed in a moment? */
  readonly retryable: boolean;
  /** For people, short, without outside text: `503 internal-server-error`, `no answer within 10 s`. */
  readonly reason: string;
  /** The message in Apify's error. */
  readonly said?: string;
  readonly cause?: unknown;
};

/** The reason of a request that ended, or was never sent, because its caller had no more time. */
export const GIVEN_UP = "the caller's time ran out";

export const noAnswer = (reason: string, cause?: unknown): Failure => ({
  status: 0,
  type: "no-answer",
  retryable: true,
  reason,
  ...(cause !== undefined && { cause }),
});

/** An answer that is not Apify's, or not all of it. Its status says nothing, whatever it is. */
export const malformed = (status: number, what: string): Failure => ({
  status,
  type: "malformed-answer",
  retryable: true,
  reason: `${status} and ${what}`,
});

/** No such run, Actor or task, said by Apify itself. An unknown URL is a mistake in the set-up instead. */
export const isMissing = ({ status, type }: { readonly status: number; readonly type: string }): boolean =>
  status === 404 && type !== "malformed-answer" && type !== "page-not-found";

/** Apify does not know this token. A proxy's page with a 401 says nothing of it. */
export const isTokenRefused = ({ status, retryable }: Failure): boolean => status === 401 && !retryable;
