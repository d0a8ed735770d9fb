import type { EntryFields } from "../entry-text.ts";

export const CLOSING: readonly string[] = ["abort.confirmed", "abort.moot", "abort.withdrawn"];

/** A promise to stop one life of a run, as the audit tells it. */
export type Intent = {
  readonly intentId: string;
  readonly runId: string;
  readonly life: number;
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

  take(commitMs: number, by: string, entry: EntryFields): void {
    const { kind, entryId, intentId, subject } = entry;
    if (kind === "abort.intended") {
      const { runId = "", life = -1 } = subject;
      this.#byId.set(entryId, { intentId: entryId, runId, life, by, openedMs: commitMs, entry, after: [] });
    } else if (intentId !== undefined) this.#byId.get(intentId)?.after.push({ commitMs, by, entry });
  }

  get(intentId: string): Intent | undefined {
    return this.#byId.get(intentId);
  }

  of(runId: string, life: number): readonly Intent[] {
    return this.all.filter((intent) => intent.runId === runId && intent.life === life);
  }

  /** Promised before an instant, and not closed by then. */
  openAt(runId: string, life: number, atMs: number): readonly Intent[] {
    return this.of(runId, life).filter(
      (intent) => intent.openedMs <= atMs && (closedMs(intent) ?? Number.POSITIVE_INFINITY) > atMs,
    );
  }
}

/** Ordered by an operator, and by no rule. */
export const isByHand = ({ by, ruleId }: EntryFields): boolean => by !== "watchdog" && ruleId === "by hand";

export const closedMs = ({ after }: Intent): number | undefined =>
  after.find(({ entry }) => CLOSING.includes(entry.kind))?.commitMs;

export const firstOf = ({ after }: Intent, kind: string): number | undefined =>
  after.find(({ entry }) => entry.kind === kind)?.commitMs;
