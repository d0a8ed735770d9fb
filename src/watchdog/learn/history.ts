import { isEnded, type Run } from "../../policy/index.ts";
import { type Judged, VerdictTally } from "../audit/verdicts.ts";
import type { Entry } from "../model/entry.ts";
import type { AuditReads, Clock, ListPlace, RecordedRuns, RunsOnApify } from "../model/ports.ts";
import { type History, isSettled, type Past } from "./past.ts";

type Span = { readonly from: Date; readonly until: Date };

/** Not more than two requests a second, so that a long history is no burden. */
const BETWEEN_PAGES_MS = 500;

const begins = ({ run }: Past): number => run.startedAt.getTime();
const inOrder = (runs: Iterable<Past>): readonly Past[] => [...runs].sort((a, b) => begins(a) - begins(b));

/**
 * The runs of a span by Apify's list alone, page by page. Who ended a run the list does not say: each that was aborted counts
 * as stopped. Throws `ApifyError` where a page fails, and ends early where the signal aborts.
 */
export async function historyOnApify(
  { apify, clock }: { readonly apify: Pick<RunsOnApify, "runsPage">; readonly clock: Clock },
  { from, until }: Span,
  signal: AbortSignal,
  onRead: (count: number) => void = () => undefined,
): Promise<History> {
  const found = new Map<string, Past>();
  const open = new Set<string>();
  let place: ListPlace | undefined;
  let malformed = 0;
  do {
    if (place !== undefined) await clock.sleep(BETWEEN_PAGES_MS, signal);
    const page = await apify.runsPage({ startedAfter: from, startedBefore: until }, place, signal);
    malformed += page.malformed;
    for (const run of page.runs)
      if (isSettled(run, page.observedAt)) found.set(run.id, { run, stopped: run.status === "ABORTED" });
      else open.add(run.id);
    onRead(found.size);
    place = page.next;
  } while (place !== undefined && !signal.aborted);
  return { source: "apify", from, until, runs: inOrder(found.values()), open: open.size, malformed };
}

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
    const runId = copies.runId ?? (JSON.parse(text) as Entry).runId;
    if (runId === undefined) continue;
    if (copies.kind === "abort.confirmed") stopped.add(runId);
    else stopped.delete(runId);
  }
  return { stopped, verdicts: verdicts.byRun };
}

/** The same by what is recorded, which knows what the watchdog stopped. */
export async function historyInLedger(
  {
    state,
    audit,
    clock,
  }: { readonly state: RecordedRuns; readonly audit: AuditReads; readonly clock: Clock },
  { from, until }: Span,
  onRead: (count: number) => void = () => undefined,
): Promise<History> {
  const now = clock.now();
  const { stopped, verdicts } = await saidSince(audit, from, now);
  const found: Past[] = [];
  let [read, open] = [0, 0];
  for await (const { run, life, spent, settledAt, curve, watched } of state.allRuns()) {
    onRead(++read);
    if (run.startedAt < from || run.startedAt > until) continue;
    if (!isEnded(run.status) || (settledAt === undefined && !isSettled(run, now))) {
      open++;
      continue;
    }
    const wasStopped = run.status === "ABORTED" && stopped.has(run.id);
    const verdict = verdicts.get(run.id)?.verdict;
    found.push({
      run: priced(run, spent?.microUsd),
      stopped: wasStopped,
      curve,
      lives: life + 1,
      ...(watched && { watched }),
      ...(verdict && { verdict }),
    });
  }
  return { source: "ledger", from, until, runs: inOrder(found), open };
}

/** The figure as Apify told it last; where that look told none, what was booked of the run. */
const priced = (run: Run, microUsd: number | undefined): Run =>
  microUsd === undefined ? run : { usageTotalMicroUsd: microUsd, ...run };
