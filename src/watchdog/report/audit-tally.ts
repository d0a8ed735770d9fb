import type { Window } from "../../policy/index.ts";
import { entryIn } from "../audit/entry-in.ts";
import { VerdictTally } from "../audit/verdicts.ts";
import type { Entry } from "../model/entry.ts";
import type { AuditReads } from "../model/ports.ts";
import { type Digest, DigestTally } from "../notify/digest.ts";
import { type Spell, Spells } from "./spells.ts";

/** What the audit says of a span of time: as many entries are kept as a report goes by. */
export type Told = {
  readonly digest: Digest;
  /** The intents, and the entries that ended their runs: what overshoot is counted by. */
  readonly ladder: readonly Entry[];
  /** Of each run that would have been stopped, the first entry that says so. */
  readonly observed: ReadonlyMap<string, Entry>;
  /** Runs that passed a step that only notifies, or that would have been stopped, and were left alone. */
  readonly leftAlone: ReadonlySet<string>;
  /** Intents whose stop was undone, also later. */
  readonly undone: ReadonlySet<string>;
  /** What was said of runs that were stopped or would have been, also later. */
  readonly verdicts: Pick<VerdictTally, "on">;
  readonly exemptionsEnded: readonly Entry[];
  readonly spells: readonly Spell[];
};

const LADDER: readonly Entry["kind"][] = ["abort.intended", "abort.confirmed", "abort.moot"];

class AuditTally {
  readonly #digest = new DigestTally();
  readonly #ladder: Entry[] = [];
  readonly #observed = new Map<string, Entry>();
  readonly #warned = new Set<string>();
  readonly #stopped = new Set<string>();
  readonly #undone = new Set<string>();
  readonly #exemptionsEnded: Entry[] = [];
  readonly #spells: Spells;

  constructor(span: Window) {
    this.#spells = new Spells(span);
  }

  noteUnreadable(): void {
    this.#digest.noteUnreadable();
  }

  note(entry: Entry): void {
    const { kind, runId } = entry;
    this.#digest.note(entry);
    this.#spells.note(entry);
    if (LADDER.includes(kind)) this.#ladder.push(entry);
    if (kind === "exemption.ended") this.#exemptionsEnded.push(entry);
    this.#noteUndone(entry);
    if (runId === undefined) return;
    if (kind === "abort.observed" && !this.#observed.has(runId)) this.#observed.set(runId, entry);
    if (kind === "abort.intended") this.#stopped.add(runId);
    if (kind === "step.notified") this.#warned.add(runId);
  }

  /** What is said after the span's end of what happened in it. */
  noteLater(entry: Entry): void {
    this.#noteUndone(entry);
    this.#spells.noteLater(entry);
  }

  #noteUndone({ kind, intentId }: Entry): void {
    if (kind === "run.undone" && intentId !== undefined) this.#undone.add(intentId);
  }

  told(from: Date, to: Date): Omit<Told, "verdicts"> {
    const near = new Set([...this.#warned, ...this.#observed.keys()]);
    return {
      digest: this.#digest.digest(from, to),
      ladder: this.#ladder,
      observed: this.#observed,
      leftAlone: new Set([...near].filter((runId) => !this.#stopped.has(runId))),
      undone: this.#undone,
      exemptionsEnded: this.#exemptionsEnded,
      spells: this.#spells.spells(),
    };
  }
}

/**
 * Reads the audit from the span's beginning until now, page by page: a stop may be undone or judged after the span. `to` of the span is
 * not in it any more.
 */
export async function readAudit(
  audit: Pick<AuditReads, "list">,
  span: Window,
  now: Date,
  onRead: (count: number) => void,
): Promise<Told> {
  const tally = new AuditTally(span);
  const verdicts = new VerdictTally();
  let read = 0;
  for await (const stored of audit.list({ from: span.from, to: now > span.to ? now : span.to })) {
    onRead(++read);
    const entry = entryIn(stored.text);
    if (entry) verdicts.note(stored);
    if (entry === undefined) tally.noteUnreadable();
    else if (Date.parse(entry.at) < span.to.getTime()) tally.note(entry);
    else tally.noteLater(entry);
  }
  return { ...tally.told(span.from, now < span.to ? now : span.to), verdicts };
}
