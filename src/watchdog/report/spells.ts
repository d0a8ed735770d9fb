import type { Window } from "../../policy/index.ts";
import { describeEntry } from "../audit/describe.ts";
import { type Entry, isClosing } from "../model/entry.ts";

/** A time in which something called for a person, or kept the watchdog from acting. */
export type Spell = {
  /** As an attention is called: `pause`, `stop:RUN`, `held:`. */
  readonly id: string;
  readonly text: string;
  readonly from: Date;
  /** Absent: it is not over. */
  readonly until?: Date;
};

export const PAUSE = "pause";
const POLICY = "policy";

/** What the entry begins, by what ends it. */
function begun(entry: Entry): string | undefined {
  const { kind, runId, entryId } = entry;
  if (kind === "control.paused") return PAUSE;
  if (kind === "policy.fell-back") return POLICY;
  if (kind === "abort.failed" || kind === "abort.unconfirmed") return `stop:${runId}`;
  return kind === "audit.tampered" ? `tampered:${entryId}` : undefined;
}

function ended({ kind, runId }: Entry): string | undefined {
  if (kind === "control.resumed") return PAUSE;
  if (kind === "policy.pushed") return POLICY;
  return isClosing(kind) ? `stop:${runId}` : undefined;
}

/** Follows what the audit says has begun and ended, entry by entry, in the order of time. */
export class Spells {
  readonly #open = new Map<string, Spell>();
  readonly #over: Spell[] = [];
  readonly #span: Window;
  #isPauseKnown = false;

  constructor(span: Window) {
    this.#span = span;
  }

  note(entry: Entry): void {
    const begins = begun(entry);
    if (begins !== undefined && !this.#open.has(begins))
      this.#open.set(begins, { id: begins, text: describeEntry(entry).text, from: new Date(entry.at) });
    this.noteLater(entry);
  }

  /** After the span nothing of it begins any more: what is open may end. */
  noteLater(entry: Entry): void {
    const ends = ended(entry);
    const spell = ends === undefined ? undefined : (this.#open.get(ends) ?? this.#begunBefore(entry));
    if (begun(entry) === PAUSE || ends === PAUSE) this.#isPauseKnown = true;
    if (ends === undefined || spell === undefined) return;
    this.#open.delete(ends);
    this.#over.push({ ...spell, until: new Date(entry.at) });
  }

  /** A pause that the first entry of its kind ends had begun before the span. */
  #begunBefore(entry: Entry): Spell | undefined {
    if (this.#isPauseKnown || ended(entry) !== PAUSE) return undefined;
    return { id: PAUSE, text: describeEntry(entry).text, from: this.#span.from };
  }

  spells(): readonly Spell[] {
    return [...this.#over, ...this.#open.values()];
  }
}

/** How long it lasted within a span that reaches to `until`. */
export const lastedMs = ({ from, until }: Spell, span: Window): number =>
  Math.max(
    0,
    Math.min(span.to.getTime(), (until ?? span.to).getTime()) - Math.max(span.from.getTime(), from.getTime()),
  );
