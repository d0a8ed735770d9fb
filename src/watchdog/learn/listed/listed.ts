import { DAY_MS, isEnded, type Run } from "../../../policy/index.ts";
import { SharedIds } from "../shared-ids.ts";

/** A part of Apify's list as it was read at once: kept whole or not at all. */
export type ListedPart = {
  /** When it was read. */
  readonly at: Date;
  /** All that began from here to there was listed, both included; absent where single runs were read. */
  readonly from?: Date;
  readonly to?: Date;
  /** How many of the list's items could not be read. */
  readonly malformed?: number;
  readonly runs: readonly Run[];
};

/** What is kept of Apify's list from one call to the next. Throws never: what can't be read or written is not kept. */
export interface KeptList {
  read(): readonly ListedPart[];
  add(part: ListedPart): void;
}

type Span = { readonly from: Date; readonly until: Date };
type Seen = { readonly run: Run; readonly at: Date };

/** A run's figures may be corrected for so long after its end. */
const FINAL_AFTER_MS = DAY_MS;
/** What had begun so shortly before a look is listed again by the next one: most of it was not final yet. */
const AGAIN_MS = 2 * DAY_MS;

const isFinal = ({ run: { status, finishedAt }, at }: Seen): boolean =>
  isEnded(status) && finishedAt !== undefined && at.getTime() - finishedAt.getTime() >= FINAL_AFTER_MS;

/** The later look at a run, with what only its detail had, as far as it is still in that life. */
function later(before: Run | undefined, run: Run): Run {
  if (before?.settings === undefined || run.settings !== undefined) return run;
  if (before.finishedAt?.getTime() !== run.finishedAt?.getTime()) return run;
  const { settings, detail, usageTotalMicroUsd } = before;
  return {
    settings,
    ...(detail && { detail }),
    ...(usageTotalMicroUsd !== undefined && { usageTotalMicroUsd }),
    ...run,
  };
}

/** All that is known of Apify's list. */
export class Listed {
  readonly #seen = new Map<string, Seen>();
  readonly #spans: { readonly from: number; readonly to: number; readonly at: number }[] = [];
  readonly #ids = new SharedIds();
  #malformed = 0;

  /** `kept`: parts of earlier calls, in their order. */
  constructor(kept: readonly ListedPart[] = []) {
    for (const { malformed = 0, ...part } of kept) {
      const isListedAgain = part.to === undefined || part.to.getTime() > part.at.getTime() - AGAIN_MS;
      this.add({ ...part, malformed: isListedAgain ? 0 : malformed });
    }
  }

  get malformed(): number {
    return this.#malformed;
  }

  get size(): number {
    return this.#seen.size;
  }

  add({ at, from, to, malformed = 0, runs }: ListedPart): void {
    for (const run of runs)
      this.#seen.set(run.id, { run: this.#ids.of(later(this.#seen.get(run.id)?.run, run)), at });
    if (from === undefined || to === undefined) return;
    this.#spans.push({ from: from.getTime(), to: to.getTime(), at: at.getTime() });
    this.#malformed += malformed;
  }

  /** Those that began in the span. */
  *within({ from, until }: Span): Generator<Seen> {
    for (const seen of this.#seen.values())
      if (seen.run.startedAt >= from && seen.run.startedAt <= until) yield seen;
  }

  /** What of the span must be listed, oldest first. `isAll`: what was listed once is not listed again. */
  gaps({ from, until }: Span, isAll = false): readonly Span[] {
    const gaps: Span[] = [];
    let reached = from.getTime();
    const known = this.#spans
      .map((span) => ({ first: span.from, last: isAll ? span.to : Math.min(span.to, span.at - AGAIN_MS) }))
      .filter(({ first, last }) => first <= last && last >= reached && first <= until.getTime())
      .sort((a, b) => a.first - b.first);
    for (const { first, last } of known) {
      if (first > reached) gaps.push({ from: new Date(reached), until: new Date(first) });
      reached = Math.max(reached, last + 1);
    }
    if (reached <= until.getTime()) gaps.push({ from: new Date(reached), until });
    return gaps;
  }

  /** Those of the span that were not final when they were seen last, and that no gap has: they are read one by one. */
  unfinished(span: Span): readonly string[] {
    const gaps = this.gaps(span);
    const isInGap = ({ startedAt }: Run): boolean =>
      gaps.some(({ from, until }) => startedAt >= from && startedAt <= until);
    return [...this.within(span)]
      .filter((seen) => !isFinal(seen) && !isInGap(seen.run))
      .map(({ run }) => run.id);
  }
}
