import { entriesIn, entryIn } from "../../src/watchdog/audit/entry-in.ts";
import { type Entry, runChain } from "../../src/watchdog/model/entry.ts";
import type { LiveRun } from "../../src/watchdog/model/live.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { Tally, type Total } from "../lines/tally.ts";

/** An entry is dated before it is written: so far back is looked for what came late. */
const OVERLAP_MS = 60_000;

/** What is written in the audit during a sitting, by whomever, each entry once, and what it adds up to. */
export class Happenings {
  readonly #ports: Ports;
  readonly #tally = new Tally();
  /** Ids of the entries that were told. */
  readonly #told = new Set<string>();
  #openedAt = 0;
  #lookedAt = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** The sitting begins. Of the time before counts what still goes on: stops of live runs that were only observed. */
  async open(): Promise<void> {
    const { state, audit, clock } = this.#ports;
    this.#openedAt = clock.now().getTime();
    const { runs } = await state.readLive();
    for (const [runId, live] of runs) {
      if (live.said.length === 0) continue;
      for (const entry of entriesIn(await audit.readChain(runChain(runId)))) {
        if (entry.kind === "abort.observed") this.#tally.note(entry, live);
      }
    }
    this.#tally.see(runs.values());
  }

  /** Since the last look. */
  async gather(): Promise<readonly Entry[]> {
    const { state, audit, clock } = this.#ports;
    const from = new Date(Math.max(this.#openedAt, this.#lookedAt - OVERLAP_MS));
    const to = clock.now();
    this.#lookedAt = to.getTime();
    const entries: Entry[] = [];
    for await (const { text } of audit.list({ from, to })) {
      const entry = entryIn(text);
      if (entry === undefined) continue;
      if (!this.#told.has(entry.entryId)) entries.push(entry);
      this.#told.add(entry.entryId);
    }
    if (entries.length === 0) return [];
    const { runs } = await state.readLive();
    for (const entry of entries) this.#tally.note(entry, runs.get(entry.runId ?? ""));
    return entries;
  }

  /** What it all came to, the runs' costs being these. */
  total(now: Date, runs: Iterable<LiveRun> = []): Total {
    this.#tally.see(runs);
    return this.#tally.total(now);
  }
}
