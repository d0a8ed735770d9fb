import type { Knowledge } from "../knowledge.ts";
import { isLeftOutOfHistory, isListed, listsOf } from "../listed.ts";
import { guardsOf, type PolicyDocument } from "../policy-text.ts";
import type { Span } from "../schedule-text.ts";
import { micro } from "../told.ts";

const MINUTE_MS = 60_000;
/** A list may lag, and a tick lists before it acts. */
const SEEN_MS = 3 * MINUTE_MS;
/** A call may leave so long after its decision. */
export const DECIDED_MS = 10_000;

/** What may not have been known of a group's runs, so that a budget could stop nothing; `undefined` when all was. */
export function unknownThen(
  know: Knowledge,
  { fromMs }: Span,
  by: string,
  nowMs: number,
  document: PolicyDocument,
): string | undefined {
  const { ticks, truth, calls } = know.history;
  const caller = ticks.get(by);
  const readMs = caller?.liveReadMs ?? nowMs;
  const { staleAfterMs } = guardsOf(document);
  const others = [...ticks.values()].filter((tick) => tick !== caller);
  // Each measures by its own clock, and clocks agree to half a minute.
  const sinceMs = know.clockOf(by, nowMs) - staleAfterMs - DECIDED_MS;
  const isFresh = others.some(
    ({ startedAtMs = 0, liveWrittenMs = [], by: whose }) =>
      know.clockOf(whose, startedAtMs) >= sinceMs &&
      liveWrittenMs.some((ms) => ms <= readMs) &&
      calls.some((call) => call.by === whose && call.kind === "list" && call.deliveredAtMs !== undefined),
  );
  if (!isFresh)
    return `no tick of the last ${staleAfterMs / MINUTE_MS} minutes had listed the runs and written it down`;

  const firstMs = Math.min(
    ...[...ticks.values()].map(({ startedAtMs = Number.POSITIVE_INFINITY }) => startedAtMs),
  );
  const recorded = new Set(know.history.ledger().runs.map(({ runId }) => runId));
  const deleted = new Set(calls.flatMap(({ kind, runId }) => (kind === "delete" && runId ? [runId] : [])));
  for (const run of truth.runs()) {
    const { id, lives } = run;
    // What is garbled, and has not been made out since, is left out, and said so.
    const garbledMs = calls.findLast(({ garbled }) => garbled?.includes(id))?.atMs ?? 0;
    if (garbledMs > 0 && !know.readings.of(id).some(({ asOfMs }) => asOfMs > garbledMs)) continue;
    if (deleted.has(id) || truth.reportedUsdAt(id, nowMs) === undefined) continue;
    const within = micro(truth.costUsdAt(id, nowMs - SEEN_MS)) - micro(truth.costUsdAt(id, fromMs - 1));
    if (within <= 1) continue;
    const endedMs = lives.at(-1)?.endedAtMs ?? nowMs;
    // What a person was shown of a run that no list shows is in no ledger.
    const isHeardOf = know.readings
      .of(id)
      .some(({ asOfMs, by: reader }) => asOfMs <= nowMs && ticks.has(reader));
    if (!isHeardOf && isLeftOutOfHistory(know.history, run)) continue;
    const lists = isHeardOf ? [] : listsOf(know, ({ atMs }) => atMs < Math.min(endedMs, nowMs - SEEN_MS));
    // One that was there before anybody looked, in a status that nobody lists, can't be known of.
    if (!isHeardOf && endedMs >= firstMs && !isListed(know, run, lists)) continue;
    if (!isHeardOf && lives[0] && lives[0].startedAtMs < nowMs - staleAfterMs - SEEN_MS)
      return `nobody had heard of run ${id}, which spent ${within} µ$ in the window`;
    const isLongOver = endedMs < firstMs || endedMs < nowMs - staleAfterMs - SEEN_MS;
    if (isLongOver && !recorded.has(id))
      return `run ${id} is over, spent ${within} µ$ in the window, and is not in the ledger`;
  }
  return undefined;
}
