import type { MicroUsd } from "../src/policy/index.ts";
import type { Entry } from "../src/watchdog/entry.ts";
import type { LiveRun } from "../src/watchdog/live.ts";
import { observationOf } from "../src/watchdog/remember.ts";

const HOUR_MS = 3_600_000;

/**
 * What stopping saved so far, as an estimate: each confirmed stop at the rate that the run burnt when it was stopped,
 * from its end until now. Nobody knows when such a run would have ended by itself, so this is what it would have cost
 * to let them all go on.
 */
export class Savings {
  readonly #rates = new Map<string, number>();
  readonly #ends = new Map<string, { readonly at: number; readonly microUsdPerHour: number }>();

  /** Remembers how fast a run burns as its stop begins, and when its stop is confirmed. */
  note(entry: Entry, live: LiveRun | undefined): void {
    const { runId, kind } = entry;
    if (runId === undefined) return;
    if (kind === "abort.intended" && live) {
      this.#rates.set(runId, observationOf(live).burnMicroUsdPerHour ?? 0);
    }
    if (kind !== "abort.confirmed") return;
    const at = new Date(entry.run?.finishedAt ?? entry.at).getTime();
    this.#ends.set(runId, { at, microUsdPerHour: this.#rates.get(runId) ?? 0 });
  }

  microUsd(now: Date): MicroUsd {
    let sum = 0;
    for (const { at, microUsdPerHour } of this.#ends.values()) {
      sum += (microUsdPerHour * Math.max(0, now.getTime() - at)) / HOUR_MS;
    }
    return Math.round(sum);
  }
}
