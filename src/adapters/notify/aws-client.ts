/** For the clients that send: a request that hangs is given up, so that it fails by itself and not with the whole function. */
export const AWS_CLIENT = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;

/** No request takes longer, answered or not: two attempts, each bounded, and the wait between them. */
export const LONGEST_REQUEST_MS = 11_000;
