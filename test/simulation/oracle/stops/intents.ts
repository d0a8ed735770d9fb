import type { TrueRun } from "../../../../emulator/index.ts";
import type { EntryFields } from "../entry-text.ts";
import { lifeIndexAt, type Reading } from "../readings.ts";

export const CLOSING: readonly string[] = ["abort.confirmed", "abort.moot", "abort.withdrawn"];

/** A promise to stop one life of a run, as the audit tells it. */
export type Intent = {
  readonly intentId: string;
  readonly runId: string;
  /** As the entry numbers it. */
  readonly life: number;
  /** Which of the run's lives that is in truth: another where no answer told how many there were, or one that stood still. */
  readonly lifeIndex: number;
  readonly by: string;
  readonly openedMs: number;
  readonly entry: EntryFields;
  /** Each entry about it that came after, with when it was committed. */
  readonly after: { readonly commitMs: number; readonly by: string; readonly entry: EntryFields }[];
};

/** The intents so far, from the audit alone. */
export class Intents {
  readonly #byId = new Map<string, Intent>();

  get all(): readonly Intent[] {
    return [...this.#byId.values()];
  }

  take(commitMs: number, by: string, entry: EntryFields, lifeIndex: number): void {
    const { kind, entryId, intentId, subject } = entry;
    if (kind === "abort.intended") {
      const { runId = "", life = -1 } = subject;
      const opened = { by, openedMs: commitMs, entry, after: [] };
      this.#byId.set(entryId, { intentId: entryId, runId, life, lifeIndex, ...opened });
    } else if (intentId !== undefined) this.#byId.get(intentId)?.after.push({ commitMs, by, entry });
  }

  get(intentId: string): Intent | undefined {
    return this.#byId.get(intentId);
  }

  /** Promised before an instant, and not closed by then; of whichever life of the run. */
  openOf(runId: string, atMs: number): readonly Intent[] {
    return this.all.filter(
      (intent) =>
        intent.runId === runId &&
        intent.openedMs <= atMs &&
        (closedMs(intent) ?? Number.POSITIVE_INFINITY) > atMs,
    );
  }
}

/** Ordered by an operator, and by no rule. */
export const isByHand = ({ by, ruleId }: EntryFields): boolean => by !== "watchdog" && ruleId === "by hand";

export const closedMs = ({ after }: Intent): number | undefined =>
  after.find(({ entry }) => CLOSING.includes(entry.kind))?.commitMs;

export const firstOf = ({ after }: Intent, kind: string): number | undefined =>
  after.find(({ entry }) => entry.kind === kind)?.commitMs;

/** Is the life that an answer shows the one that was promised to end: in truth, or by the count that it tells, which may stand still? */
export const isLifeOf = ({ life, lifeIndex }: Intent, run: TrueRun, reading: Reading): boolean =>
  lifeIndexAt(run, reading.asOfMs) === lifeIndex || reading.detail?.stats.resurrectCount === life;
