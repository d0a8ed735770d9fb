import type { Entry, EntryDraft } from "../model/entry.ts";
import type { StoredEntry } from "../model/ports.ts";
import { entryIn } from "./entry-in.ts";

/**
 * What a person says of a stop afterwards. `right`: the run had to be stopped. `wrong`: it was healthy. `planned`: it was healthy
 * and meant to be that expensive or long, so that an exemption was due, and nothing is wrong with the limit.
 */
export const VERDICTS = ["right", "wrong", "planned"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How many of these a person judged, by verdict. */
export function countVerdicts(
  judged: readonly { readonly verdict?: Verdict }[],
): Readonly<Record<Verdict, number>> {
  const counts = { right: 0, wrong: 0, planned: 0 };
  for (const { verdict } of judged) if (verdict) counts[verdict]++;
  return counts;
}

/** A stop that can be judged begins with an entry of one of these kinds: promised, only observed, or held by a guard. */
export const STOP_KINDS = ["abort.intended", "abort.observed", "abort.held"] as const;
export type StopKind = (typeof STOP_KINDS)[number];

/** A stop, and what was said of it. Times are ISO 8601 in UTC. */
export type Judged = {
  /** The entry that says so. */
  readonly entryId: string;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  readonly verdict: Verdict;
  /** The entry that the stop began with: its `abort.intended`, `abort.observed` or `abort.held`. */
  readonly stopId: string;
  readonly stopKind: StopKind;
  readonly stoppedAt: string;
  readonly runId: string;
  /** The life in which the run was stopped. */
  readonly life?: number;
  /** Absent of a stop by hand. */
  readonly ruleId?: string;
  readonly actorId?: string;
  readonly actorTaskId?: string;
  /** The verdict that this one takes the place of. */
  readonly supersedes?: string;
};

/** What `change` of a `stop.judged` holds. */
export type JudgedChange = Pick<Judged, "verdict" | "stopKind" | "stoppedAt" | "supersedes">;

/** The verdict that an entry gives; `undefined` of any other entry. */
export function verdictIn(entry: EntryDraft): Judged | undefined {
  const {
    kind,
    entryId,
    at,
    by,
    reason = "",
    subject,
    intentId,
    runId,
    ruleId,
    actorId,
    actorTaskId,
  } = entry;
  if (kind !== "stop.judged" || intentId === undefined || runId === undefined) return undefined;
  const change = (entry.change ?? {}) as JudgedChange;
  if (!VERDICTS.includes(change.verdict)) return undefined;
  return {
    entryId,
    at,
    by,
    reason,
    ...change,
    stopId: intentId,
    runId,
    ...(subject.kind === "run" && { life: subject.life }),
    ...(ruleId !== undefined && { ruleId }),
    ...(actorId !== undefined && { actorId }),
    ...(actorTaskId !== undefined && { actorTaskId }),
  };
}

const lifeKey = (runId: string, life: number | undefined): string => `${runId}/${life}`;

/** Collects verdicts entry by entry, oldest first: the last one of each stop counts. */
export class VerdictTally {
  readonly #byStop = new Map<string, Judged>();
  readonly #byLife = new Map<string, Judged>();

  note({ copies, text }: Pick<StoredEntry, "copies" | "text">): void {
    if (copies.kind !== "stop.judged") return;
    const entry = entryIn(text);
    const judged = entry && verdictIn(entry);
    if (judged === undefined) return;
    // Behind the others, so that of several stops of a run the one that was judged last comes last.
    this.#byStop.delete(judged.stopId);
    this.#byStop.set(judged.stopId, judged);
    this.#byLife.set(lifeKey(judged.runId, judged.life), judged);
  }

  /** The last verdict on a stop in that life of a run: what was said of one life says nothing of the next. */
  on({ subject }: Pick<Entry, "subject">): Judged | undefined {
    return subject.kind === "run" ? this.#byLife.get(lifeKey(subject.runId, subject.life)) : undefined;
  }

  /** The last verdict of each run, whichever of its stops it was of. */
  get byRun(): ReadonlyMap<string, Judged> {
    return new Map([...this.#byStop.values()].map((judged) => [judged.runId, judged]));
  }
}
