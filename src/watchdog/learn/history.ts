import { isEnded, type Run } from "../../policy/index.ts";
import { entryIn } from "../audit/entry-in.ts";
import { type Judged, VerdictTally } from "../audit/verdicts.ts";
import type { AuditReads, Clock, RecordedRuns, RunsOnApify } from "../model/ports.ts";
import type { Listed } from "./listed/listed.ts";
import { type ReadOptions, readListed } from "./listed/read-listed.ts";
import { type History, isSettled, livesOf, type Past } from "./past.ts";
import { SharedIds } from "./shared-ids.ts";

type Span = { readonly from: Date; readonly until: Date };

const begins = ({ run }: Past): number => run.startedAt.getTime();
const inOrder = (runs: Iterable<Past>): readonly Past[] => [...runs].sort((a, b) => begins(a) - begins(b));

/** Of a run whose detail was not read it is not known how many lives it had: the list does not say. */
const listedPast = (run: Run): Past => {
  const lives = livesOf(run);
  return { run, stopped: run.status === "ABORTED", ...(lives !== undefined && { lives }) };
};

/**
 * The runs of a span as Apify's list has them. Who ended a run the list does not say: each that was aborted counts as
 * stopped.
 */
export function historyOf(listed: Listed, span: Span): History {
  const found: Past[] = [];
  let open = 0;
  for (const { run, at } of listed.within(span))
    if (isSettled(run, at)) found.push(listedPast(run));
    else open++;
  return { source: "apify", ...span, runs: inOrder(found), open, malformed: listed.malformed };
}

/** The same, read page by page. Throws `ApifyError` where a page fails, and ends early where the signal aborts. */
export const historyOnApify = async (
  ports: { readonly apify: RunsOnApify; readonly clock: Clock },
  span: Span,
  signal: AbortSignal,
  options: ReadOptions = {},
): Promise<History> => historyOf(await readListed(ports, span, signal, options), span);

type Judgements = {
  /** The runs that the watchdog stopped, and that nobody took back since. */
  readonly stopped: ReadonlySet<string>;
  readonly verdicts: ReadonlyMap<string, Judged>;
};

/** What the audit says of runs, as far as the span goes and beyond it. */
async function saidSince(audit: Pick<AuditReads, "list">, from: Date, to: Date): Promise<Judgements> {
  const stopped = new Set<string>();
  const verdicts = new VerdictTally();
  for await (const stored of audit.list({ from, to })) {
    const { copies, text } = stored;
    verdicts.note(stored);
    if (copies.kind !== "abort.confirmed" && copies.kind !== "run.undone") continue;
    const runId = copies.runId ?? entryIn(text)?.runId;
    if (runId === undefined) continue;
    if (copies.kind === "abort.confirmed") stopped.add(runId);
    else stopped.delete(runId);
  }
  return { stopped, verdicts: verdicts.byRun };
}

/**
 * The runs of a span by what is recorded, which knows what the watchdog stopped. `listed`: what Apify's list has beside that,
 * as of the time before the watchdog looked; of a run that is in both the record counts.
 */
export async function historyInLedger(
  {
    state,
    audit,
    clock,
  }: { readonly state: RecordedRuns; readonly audit: AuditReads; readonly clock: Clock },
  { from, until }: Span,
  {
    listed,
    onRead = () => undefined,
  }: { readonly listed?: History; readonly onRead?: (count: number) => void } = {},
): Promise<History> {
  const now = clock.now();
  const recorded = new Set<string>();
  const { stopped, verdicts } = await saidSince(audit, from, now);
  const found: Past[] = [];
  const ids = new SharedIds();
  let [read, open] = [0, 0];
  for await (const { run, life, spent, settledAt, recordedAt, curve, watched } of state.allRuns()) {
    onRead(++read);
    recorded.add(run.id);
    if (run.startedAt < from || run.startedAt > until) continue;
    if (!isEnded(run.status) || (settledAt === undefined && !isSettled(run, now))) {
      open++;
      continue;
    }
    const wasStopped = run.status === "ABORTED" && stopped.has(run.id);
    const verdict = verdicts.get(run.id)?.verdict;
    found.push({
      run: ids.of(priced(run, spent?.microUsd)),
      stopped: wasStopped,
      curve,
      lives: life + 1,
      ...(watched && { watched, toldAt: recordedAt }),
      ...(verdict && { verdict }),
    });
  }
  const others = listed?.runs.filter(({ run }) => !recorded.has(run.id)) ?? [];
  if (others.length === 0) return { source: "ledger", from, until, runs: inOrder(found), open };
  return {
    source: "both",
    from,
    until,
    runs: inOrder([...found, ...others]),
    open,
    ...(listed?.malformed !== undefined && { malformed: listed.malformed }),
  };
}

/** The figure as Apify told it last; where that look told none, what was booked of the run. */
const priced = (run: Run, microUsd: number | undefined): Run =>
  microUsd === undefined ? run : { usageTotalMicroUsd: microUsd, ...run };
