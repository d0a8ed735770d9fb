import pLimit from "p-limit";
import { isOfProcess } from "../model/errors.ts";
import { type Noting, skip, skipFailed, type Timed } from "../model/pass.ts";
import { withinBudget } from "./within-budget.ts";

/** Detail reads under way at once. Each is another resource to Apify, so its limit of 60 a second does not bind. */
const CONCURRENCY = 10;

/**
 * Does one piece of work per run. One that fails is counted and never stops the others, except where the token or the clock
 * is at fault: then no more is started, and it is thrown once what was under way has ended. `patienceMs`: how long each may take, so that one that hangs costs
 * the others no more.
 */
export async function forEachRun(
  pass: Timed & Noting,
  ids: readonly string[],
  what: string,
  work: (id: string, signal: AbortSignal) => Promise<void>,
  {
    concurrency = CONCURRENCY,
    patienceMs = Number.POSITIVE_INFINITY,
    signal = pass.signal,
  }: { readonly concurrency?: number; readonly patienceMs?: number; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const limit = pLimit(concurrency);
  let over: unknown;
  const one = async (id: string): Promise<void> => {
    if (over) return;
    if (signal.aborted) return skip(pass, `no time left for ${what}`);
    try {
      const within = (each: AbortSignal) => work(id, each);
      if (Number.isFinite(patienceMs)) await withinBudget({ ...pass, signal }, patienceMs, within);
      else await within(signal);
    } catch (error) {
      if (isOfProcess(error)) over = error;
      skipFailed(pass, what, error, { runId: id });
    }
  };
  await Promise.all(ids.map((id) => limit(() => one(id))));
  if (over) throw over;
}
