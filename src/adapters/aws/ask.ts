import type { Fact } from "../../watchdog/model/deployed/deployment.ts";

/** A check-up waits for no answer for long: one that does not come is told, and the next question is asked. */
export const PATIENT = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
} as const;

const DENIED =
  /^(AccessDenied(Exception)?|AuthorizationError(Exception)?|UnauthorizedOperation|NotAuthorized(Exception)?)$/;
const KEYS =
  /^(CredentialsProviderError|ExpiredToken(Exception)?|UnrecognizedClientException|InvalidClientTokenId)$/;

const known = <T>(value: T): Fact<T> => ({ kind: "known", value });

function unknown<T>(action: string, error: unknown): Fact<T> {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (DENIED.test(name))
    return {
      kind: "unknown",
      why: `AWS does not allow ${action} to you`,
      fix: `allow ${action} to whoever runs this`,
    };
  const fix = KEYS.test(name) ? "log in to AWS, or set AWS_PROFILE and AWS_REGION" : "run it again later";
  return { kind: "unknown", why: `AWS did not answer ${action}: ${message || name}`, fix };
}

type Client = { destroy(): void };

/** What a client answers to one question, as a fact. `action` as IAM calls it. */
export async function ask<C extends Client, T>(
  action: string,
  open: () => Promise<C>,
  question: (client: C) => Promise<T>,
): Promise<Fact<T>> {
  let client: C | undefined;
  try {
    client = await open();
    return known(await question(client));
  } catch (error) {
    return unknown(action, error);
  } finally {
    client?.destroy();
  }
}

/** `undefined` in place of the error that says that there is none. */
export const orNone = <T>(work: Promise<T>, ...names: readonly string[]): Promise<T | undefined> =>
  work.catch((error: unknown) => {
    if (error instanceof Error && names.includes(error.name)) return undefined;
    throw error;
  });
