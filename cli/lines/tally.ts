import type { MicroUsd } from "../../src/policy/index.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import type { LiveRun } from "../../src/watchdog/model/live.ts";
import { type Forgone, ForgoneSavings, Savings } from "./savings.ts";

/** What a sitting came to so far. */
export type Total = Forgone & {
  readonly stopped: number;
  readonly held: number;
  readonly warned: number;
  /** An estimate. */
  readonly savedMicroUsd: MicroUsd;
};

/** Counts what one sitting did, by the entries that it wrote; an entry is to be noted once. */
export class Tally {
  readonly #savings = new Savings();
  readonly #counts = { stopped: 0, held: 0, warned: 0 };
  readonly #forgone = new ForgoneSavings();

  note(entry: Entry, live: LiveRun | undefined): void {
    this.#savings.note(entry, live);
    this.#forgone.note(entry);
    if (entry.kind === "abort.confirmed") this.#counts.stopped += 1;
    if (entry.kind === "abort.held") this.#counts.held += 1;
    if (entry.kind === "step.notified") this.#counts.warned += 1;
  }

  /** What a run that would have been stopped costs by now. */
  see(runs: Iterable<LiveRun>): void {
    this.#forgone.see(runs);
  }

  total(now: Date): Total {
    return {
      ...this.#counts,
      ...this.#forgone.total(),
      savedMicroUsd: this.#savings.microUsd(now),
    };
  }
}
