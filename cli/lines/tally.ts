import type { MicroUsd } from "../../src/policy/index.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import type { LiveRun } from "../../src/watchdog/model/live.ts";
import { Savings } from "./savings.ts";

/** What a sitting came to so far. */
export type Total = {
  readonly stopped: number;
  readonly held: number;
  readonly warned: number;
  /** Runs that would have been stopped, were they not only observed. */
  readonly observed: number;
  /** An estimate. */
  readonly savedMicroUsd: MicroUsd;
};

/** Counts what one sitting did, by the entries that it wrote; an entry is to be noted once. */
export class Tally {
  readonly #savings = new Savings();
  readonly #counts = { stopped: 0, held: 0, warned: 0 };
  readonly #observed = new Set<string | undefined>();

  note(entry: Entry, live: LiveRun | undefined): void {
    this.#savings.note(entry, live);
    if (entry.kind === "abort.confirmed") this.#counts.stopped += 1;
    if (entry.kind === "abort.held") this.#counts.held += 1;
    if (entry.kind === "step.notified") this.#counts.warned += 1;
    if (entry.kind === "abort.observed") this.#observed.add(entry.runId);
  }

  total(now: Date): Total {
    return {
      ...this.#counts,
      observed: this.#observed.size,
      savedMicroUsd: this.#savings.microUsd(now),
    };
  }
}
