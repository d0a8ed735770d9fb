import type { Replay } from "../../../src/watchdog/learn/replay.ts";
import type { EntryFields } from "../oracle/entry-text.ts";
import type { Outcome } from "../simulate.ts";

/** A stop that was decided first of a run. */
export type Decided = { readonly runId: string; readonly ruleId: string; readonly atMs: number };

/** A notice that was given, by the key that a replay has for it. `runId`: absent of a budget's. */
export type Noticed = { readonly key: string; readonly runId?: string; readonly atMs: number };

export type Said = {
  /** By run: whether it was observed or held, by caps or until a window is filled. */
  readonly stops: ReadonlyMap<string, Decided>;
  readonly notices: readonly Noticed[];
};

/** What was decided in a world by the rules that are simulated. */
export function saidIn({ history }: Outcome, isSimulated: (ruleId: string) => boolean): Said {
  const stops = new Map<string, Decided>();
  const notices: Noticed[] = [];
  for (const { text } of history.entries) {
    const { kind, runId, ruleId = "", at, step, subject } = JSON.parse(text) as EntryFields;
    if (!isSimulated(ruleId)) continue;
    const atMs = Date.parse(at);
    if (kind === "step.notified")
      notices.push({
        key: [ruleId, ...(runId === undefined ? [subject.group, subject.from] : [runId]), step?.at].join("/"),
        ...(runId !== undefined && { runId }),
        atMs,
      });
    const isStop = kind === "abort.observed" || kind === "abort.held";
    if (isStop && runId !== undefined && !stops.has(runId)) stops.set(runId, { runId, ruleId, atMs });
  }
  return { stops, notices };
}

export const clock = (ms: number): string =>
  Number.isFinite(ms) ? new Date(ms).toISOString().slice(11, 23) : "any time";

/**
 * When a replay first has a notice: this one, or of the same rule and subject one of a higher step, or a stop of the run, in its
 * place. What comes at once is told as the highest step alone.
 */
function noticedAt({ notices, stops }: Replay, { key, runId = "" }: Noticed): readonly number[] {
  const [, subject = "", share = ""] = /^(.*)\/(.*)$/.exec(key) ?? [];
  const higher = [...notices].filter(
    ([each]) => each.startsWith(`${subject}/`) && Number(each.slice(subject.length + 1)) >= Number(share),
  );
  const times = higher.map(([, at]) => at);
  if (times.length > 0) return [Math.min(...times)];
  // What it stops is followed no further: if it went on in truth, more came later.
  const stop = stops.get(runId);
  return stop ? [stop.at, Number.POSITIVE_INFINITY] : [];
}

/** Why a notice that was given is not among those of a back-test, each within its range, if so. */
export function noticeDiffers(
  notice: Noticed,
  { early, even, late }: { readonly [pace: string]: Replay },
  { seenMs, nextLookMs }: { readonly seenMs: number; readonly nextLookMs: number },
): string | undefined {
  const { key, atMs } = notice;
  const times = [early, even, late].flatMap((replay) => (replay ? noticedAt(replay, notice) : []));
  const what = `the notice ${key} was given at ${clock(atMs)}`;
  if (times.length === 0) return `${what}, and the back-test has none`;
  const [from, to] = [Math.min(...times), times.length < 3 ? Number.POSITIVE_INFINITY : Math.max(...times)];
  const isWithin = atMs >= from && atMs <= Math.max(to, seenMs) + nextLookMs;
  return isWithin ? undefined : `${what}, and the back-test has it from ${clock(from)} to ${clock(to)}`;
}
