import pLimit from "p-limit";
import { ApifyError } from "../model/errors.ts";
import { errorText, type Noting, skip, type Timed } from "../model/pass.ts";

/** Detail reads under way at once. Each is another resource to Apify, so its limit of 60 a second does not bind. */
const CONCURRENCY = 10;

/**
 * Does one piece of work per run. One that fails is counted and never stops the others, but for a refused token: then no
 * more is started, and it is thrown once what was under way has ended.
 */
export async function forEachRun(
  pass: Timed & Noting,
  ids: readonly string[],
  what: string,
  work: (id: string, signal: AbortSignal) => Promise<void>,
  { concurrency = CONCURRENCY, signal = pass.signal } = {},
): Promise<void> {
  const limit = pLimit(concurrency);
  let refused: ApifyError | undefined;
  const one = async (id: string): Promise<void> => {
    if (refused) return;
    if (signal.aborted) return skip(pass, `no time left for ${what}`);
    try {
      await work(id, signal);
    } catch (error) {
      if (error instanceof ApifyError && error.isOfToken) refused = error;
      pass.ports.log.warn(`${what} failed`, { runId: id, error: errorText(error) });
      skip(pass, `${what} failed`);
    }
  };
  await Promise.all(ids.map((id) => limit(() => one(id))));
  if (refused) throw refused;
}
