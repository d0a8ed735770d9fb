import { ConfigError } from "../../watchdog/model/errors.ts";
import type { Clock, TokenSource } from "../../watchdog/model/ports.ts";

/** Tokens get rotated, and Apify can keep the old one valid for a day: an hour is soon enough, and costs 720 reads a month. */
const KEPT_FOR_MS = 60 * 60_000;

/**
 * A token read from elsewhere, kept for an hour. Reads at the same time become one. When the hourly read fails for
 * now, the token at hand serves on: it is likely still good, and if not, its refusal asks again.
 */
export function cachedToken(where: string, clock: Clock, read: () => Promise<string>): TokenSource {
  let kept: { readonly token: string; readonly readAt: number } | undefined;
  let reading: Promise<string> | undefined;

  const refresh = (): Promise<string> => {
    reading ??= read()
      .then((token) => {
        kept = { token, readAt: clock.now().getTime() };
        return token;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  const get = async (): Promise<string> => {
    if (kept === undefined) return refresh();
    const { token, readAt } = kept;
    const ageMs = clock.now().getTime() - readAt;
    // Read later than now: the clock was set back, and nobody can say how long ago that was.
    if (ageMs >= 0 && ageMs < KEPT_FOR_MS) return token;
    return refresh().catch((error: unknown) => {
      if (error instanceof ConfigError) throw error;
      return token;
    });
  };

  return { get, refresh, describe: () => where };
}
