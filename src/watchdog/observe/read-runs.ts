import pLimit from "p-limit";
import { type Context, errorText, skip } from "../model/context.ts";
import { ApifyError } from "../model/errors.ts";
import { GONE_MS } from "../stop/ladder.ts";
import { isYoung, remember, type Seen } from "./remember.ts";

/** Detail reads under way at once. Each is another resource to Apify, so its limit of 60 a second does not bind. */
const CONCURRENCY = 10;

/**
 * Does one piece of work per run. One that fails is counted and never stops the others, but for a refused token: then no
 * more is started, and it is thrown once what was under way has ended.
 */
export async function forEachRun(
  context: Context,
  ids: readonly string[],
  what: string,
  work: (id: string, signal: AbortSignal) => Promise<void>,
  { concurrency = CONCURRENCY, signal = context.signal } = {},
): Promise<void> {
  const limit = pLimit(concurrency);
  let refused: ApifyError | undefined;
  const one = async (id: string): Promise<void> => {
    if (refused) return;
    if (signal.aborted) return skip(context, `no time left for ${what}`);
    try {
      await work(id, signal);
    } catch (error) {
      if (error instanceof ApifyError && error.isAuthorisation) refused = error;
      context.ports.log.warn(`${what} failed`, { runId: id, error: errorText(error) });
      skip(context, `${what} failed`);
    }
  };
  await Promise.all(ids.map((id) => limit(() => one(id))));
  if (refused) throw refused;
}

/** Takes in what a run's detail shows, or that it could not be found. */
export async function readDetail(
  context: Context,
  id: string,
  signal = context.signal,
): Promise<Seen | undefined> {
  const { live, ports } = context;
  const reading = await ports.apify.readRun(id, signal);
  const known = live.get(id);
  if (reading.kind === "found") {
    const seen: Seen = { run: reading.run, observedAt: reading.observedAt, source: "detail" };
    live.set(id, remember(known, seen, context.ledger.completeAt));
    return seen;
  }
  if (known === undefined || isYoung(known.run.startedAt, reading.observedAt)) return undefined;
  if (known.missingSince === undefined) live.set(id, { ...known, missingSince: reading.observedAt });
  else if (reading.observedAt.getTime() - known.missingSince.getTime() >= GONE_MS) {
    live.delete(id);
    ports.log.warn("Apify has had no such run for ten minutes; it is taken for gone", { runId: id });
  }
  skip(context, "run not found");
  return undefined;
}

/** The part of a tick that names, details and what is typical may take: the rest is for acting without them. */
const JUDGING_SHARE = 0.4;

export const judgingMs = ({ tick, ports }: Context): number =>
  Math.max(0, (tick.endsBy.getTime() - ports.clock.now().getTime()) * JUDGING_SHARE);

/**
 * Bounds work that serves judging, so that one slow endpoint leaves time to act on what is known without it. Time is the
 * clock port's; the signal that the work gets ends with the budget or with the tick.
 */
export async function withinBudget<T>(
  { signal, ports: { clock } }: Context,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const end = (): void => over.abort();
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  const done = new AbortController();
  void clock.sleep(ms, done.signal).then(end);
  try {
    return await work(over.signal);
  } finally {
    done.abort();
    signal.removeEventListener("abort", end);
  }
}
