import type { TrueRun } from "../../../emulator/index.ts";
import type { History, SeenCall, SeenDetail, SeenSuccesses } from "./history.ts";
import { ACTIVE, hasWorked } from "./told.ts";

/** What one answer told its reader of one run. */
export type Reading = {
  readonly by: string;
  /** When the request was sent: nobody may call it fresher than this. */
  readonly sentMs: number;
  /** The same by its reader's clock, by which he counts. */
  readonly saidMs: number;
  /** Whose state it shows: the instant at which Apify answered. */
  readonly asOfMs: number;
  readonly call: SeenCall;
  readonly status: string;
  readonly usageTotalUsd?: number;
  readonly detail?: SeenDetail;
};

export const ENDED: readonly string[] = ["SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED"];

/** In which of its lives a run is at an instant; -1 before its start. */
export const lifeIndexAt = ({ lives }: TrueRun, atMs: number): number =>
  lives.findLastIndex(({ startedAtMs }) => startedAtMs <= atMs);

/** The same as an answer tells it: counts may stand still, and then nobody can know. */
export const lifeShown = (run: TrueRun, { asOfMs, detail }: Reading): number =>
  detail?.stats.resurrectCount ?? lifeIndexAt(run, asOfMs);

/** A run in full, and not how often it was resurrected. */
export const isCountUntold = ({ detail }: Reading): boolean =>
  detail !== undefined && detail.stats.resurrectCount === undefined;

/** Clocks that differ by more than Apify's `Date` lets pass, with its whole seconds and the time on the way. */
export const WRONG_MS = 33_000;

/** How far ahead of Apify's its sender must have taken his clock to be, by the `Date` that he was answered with. */
export const seemsAheadMs = ({ leftAtMs, saidMs = leftAtMs, datedAheadMs = 0 }: SeenCall): number =>
  saidMs - leftAtMs - datedAheadMs;

/** Looks further apart than this are not in a row. */
const MOST_APART_MS = 15 * 60_000;

/** A list that lags is read up at once: then the answer about the run itself is what its reader went by. */
const READ_UP_MS = 20_000;

const isReadUp = (look: Reading, looks: readonly Reading[]): boolean =>
  look.detail === undefined &&
  looks.some(
    ({ by, detail, sentMs }) =>
      by === look.by && detail !== undefined && sentMs > look.sentMs && sentMs - look.sentMs < READ_UP_MS,
  );

export type ToldSuccesses = SeenSuccesses & { readonly saidMs: number };

/** All that the API has told of each run so far. */
export class Readings {
  readonly #history: History;
  readonly #byRun = new Map<string, Reading[]>();
  readonly #successes: SeenCall[] = [];
  #seen = 0;

  constructor(history: History) {
    this.#history = history;
  }

  of(runId: string): readonly Reading[] {
    this.#look();
    return this.#byRun.get(runId) ?? [];
  }

  /**
   * The last cost that somebody meant was told of the run, in an answer that arrived and was not asked for what is typical.
   * A 0 after more was told says nothing in a list, nor in a detail that shows what costs something.
   */
  lastToldUsd(runId: string, isMeant: (reading: Reading) => boolean): number | undefined {
    const told = this.of(runId).filter(
      (each) =>
        isMeant(each) &&
        each.usageTotalUsd !== undefined &&
        each.call.deliveredAtMs !== undefined &&
        each.call.isOfTypical === undefined,
    );
    return told.findLast((each, index) => {
      const wasMore = told.slice(0, index).some(({ usageTotalUsd: usd = 0 }) => usd > 0);
      return each.usageTotalUsd !== 0 || !wasMore || (each.detail !== undefined && !hasWorked(each.detail));
    })?.usageTotalUsd;
  }

  #look(): void {
    const { calls } = this.#history;
    for (const call of calls.slice(this.#seen)) this.#take(call);
    this.#seen = calls.length;
  }

  #take(call: SeenCall): void {
    if ((call.kind !== "list" && call.kind !== "get") || call.isWhose) return;
    const { leftAtMs, saidMs = leftAtMs } = call;
    // Whose clock is wrong remembers nothing.
    if (Math.abs(seemsAheadMs(call)) > WRONG_MS) return;
    if (call.successes) this.#successes.push(call);
    for (const [runId, { status, usageTotalUsd }] of Object.entries(call.shown ?? {})) {
      if (call.isHistory && !ENDED.includes(status)) continue;
      const reading = {
        by: call.by,
        sentMs: call.leftAtMs,
        saidMs,
        asOfMs: call.atMs,
        call,
        status,
        ...(typeof usageTotalUsd === "number" && { usageTotalUsd }),
        ...(call.detail && { detail: call.detail }),
      };
      const known = this.#byRun.get(runId);
      if (known) known.push(reading);
      else this.#byRun.set(runId, [reading]);
    }
  }

  /** Those of the same life that were sent by the same instant and are known to their readers, the latest first. */
  upTo(run: TrueRun, reading: Reading): readonly Reading[] {
    const life = lifeShown(run, reading);
    return this.of(run.id)
      .filter(
        (each) =>
          (each.sentMs <= reading.sentMs || each.saidMs <= reading.saidMs) &&
          each.call.deliveredAtMs !== undefined &&
          lifeShown(run, each) === life,
      )
      .sort((a, b) => b.saidMs - a.saidMs);
  }

  /** What anybody had been told by an instant of the runs that ended well of an Actor or a task. */
  successesOf(of: SeenSuccesses["of"], id: string, byMs: number): readonly ToldSuccesses[] {
    this.#look();
    return this.#successes.flatMap(
      ({ successes, leftAtMs, saidMs = leftAtMs, deliveredAtMs = Number.POSITIVE_INFINITY }) =>
        successes?.of === of && successes.id === id && deliveredAtMs <= byMs
          ? [{ ...successes, saidMs }]
          : [],
    );
  }

  /** The newest of what a process had been told of a run by an instant, not sent before `sinceMs`. */
  latest(by: string, runId: string, sinceMs: number, byMs: number): Reading | undefined {
    return this.of(runId)
      .filter(
        (each) =>
          each.by === by &&
          each.sentMs >= sinceMs &&
          each.call.deliveredAtMs !== undefined &&
          each.call.deliveredAtMs <= byMs,
      )
      .reduce<Reading | undefined>(
        (best, each) => (best && best.sentMs >= each.sentMs ? best : each),
        undefined,
      );
  }

  /**
   * Since when at most something has held without a break before a reading: since the first look that showed it and that
   * its reader knew of, with none between that showed the contrary. `undefined` of a look: it says nothing. Nor does what
   * a run shows on its way out, nor a list behind which its reader asked for the run itself. Looked for no further than a
   * stretch that is `enoughMs` long.
   */
  heldSince(
    run: TrueRun,
    reading: Reading,
    holds: (look: Reading) => boolean | undefined,
    enoughMs = Number.POSITIVE_INFINITY,
  ): Reading | undefined {
    let first: Reading | undefined;
    let laterMs = reading.saidMs;
    const looks = this.upTo(run, reading);
    for (const look of looks) {
      if (laterMs - look.saidMs > MOST_APART_MS) break;
      laterMs = look.saidMs;
      if (look.saidMs === reading.saidMs || !ACTIVE.includes(look.status)) continue;
      if (!this.mayHaveKnown(look.call, reading.by)) continue;
      const held = holds(look);
      if (held) first = look;
      if (held && reading.saidMs - look.saidMs >= enoughMs) break;
      if (held === false && this.knew(look.call, reading.by) && !isReadUp(look, looks)) break;
    }
    return first;
  }

  /** Told to the process itself, or to a tick that had written it down when the process read what ticks write down. */
  knew(call: SeenCall, who: string): boolean {
    return call.by === who || this.#writtenBefore(call, who) > 0;
  }

  /** Had its reader written it down by an instant? */
  writtenBy({ by, deliveredAtMs }: SeenCall, byMs: number): boolean {
    const writes = this.#history.ticks.get(by)?.liveWrittenMs ?? [];
    if (deliveredAtMs === undefined) return false;
    return writes.some((ms) => deliveredAtMs <= ms && ms <= byMs && !this.isForgotten(ms));
  }

  /** The same; in doubt, which of two things of one millisecond came first, yes. */
  mayHaveKnown(call: SeenCall, who: string): boolean {
    return call.by === who || this.#writtenBefore(call, who) >= 0;
  }

  /** What was written down then is gone: the state table was put back as it was before. */
  isForgotten(ms: number): boolean {
    const { restores = [] } = this.#history;
    return restores.some(({ what, keptMs, atMs }) => what === "table" && keptMs < ms && ms < atMs);
  }

  #writtenBefore({ by, deliveredAtMs }: SeenCall, who: string): number {
    const reader = this.#history.ticks.get(who);
    const readMs = reader?.liveReadMs ?? reader?.startedAtMs;
    if (deliveredAtMs === undefined || readMs === undefined) return -1;
    const writes = this.#history.ticks.get(by)?.liveWrittenMs ?? [];
    // The first time that it was written down with what this answer told.
    const writtenMs = writes.find((ms) => deliveredAtMs <= ms && !this.isForgotten(ms));
    return writtenMs === undefined ? -1 : readMs - writtenMs;
  }
}
