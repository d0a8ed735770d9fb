import { type MicroUsd, toMicroUsd } from "../../../policy/index.ts";
import { entryIn } from "../../audit/entry-in.ts";
import { spanSince } from "../../audit/find-entries.ts";
import { VerdictTally } from "../../audit/verdicts.ts";
import type { Entry } from "../../model/entry.ts";
import type { AuditReads, Clock } from "../../model/ports.ts";

/** The first entry that a run would have been stopped by a rule. */
export type RuleStop = {
  readonly runId: string;
  readonly ruleId: string;
  readonly at: string;
  /** What it had cost then; absent where that was not known. */
  readonly costMicroUsd?: MicroUsd;
};

export type StopsByRule = {
  readonly stops: readonly RuleStop[];
  readonly verdicts: VerdictTally;
  /** Entries were read up to there, and no further. Absent: all were. */
  readonly readUntil?: string;
};

/** More entries than this are not read: a push waits for it. */
const MOST_ENTRIES = 20_000;

function stopIn({ runId, ruleId, at, run }: Entry): RuleStop | undefined {
  if (runId === undefined || ruleId === undefined) return undefined;
  const cost = run?.usageTotalUsd;
  return { runId, ruleId, at, ...(cost !== undefined && { costMicroUsd: toMicroUsd(cost) }) };
}

/**
 * What rules would have stopped while they were observed, each run once a rule, and what people said of it. One read of the
 * audit from the first of these times on, which ends at `endsBy` or after so many entries.
 */
export async function stopsByRule(
  { audit, clock }: { readonly audit: Pick<AuditReads, "list">; readonly clock: Clock },
  sinceOf: ReadonlyMap<string, Date>,
  endsBy: Date,
): Promise<StopsByRule> {
  const verdicts = new VerdictTally();
  const stops = new Map<string, RuleStop>();
  if (sinceOf.size === 0) return { stops: [], verdicts };
  const from = new Date(Math.min(...[...sinceOf.values()].map((since) => since.getTime())));
  let read = 0;
  for await (const stored of audit.list(spanSince(from, clock.now()))) {
    const { kind, at, ruleId } = stored.copies;
    if (++read > MOST_ENTRIES || clock.now() > endsBy)
      return { stops: [...stops.values()], verdicts, readUntil: at };
    verdicts.note(stored);
    const since = ruleId === undefined ? undefined : sinceOf.get(ruleId);
    if (kind !== "abort.observed" || since === undefined || new Date(at) < since) continue;
    const entry = entryIn(stored.text);
    const stop = entry && stopIn(entry);
    const key = JSON.stringify([stop?.ruleId, stop?.runId]);
    if (stop && !stops.has(key)) stops.set(key, stop);
  }
  return { stops: [...stops.values()], verdicts };
}
