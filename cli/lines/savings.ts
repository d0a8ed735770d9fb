import { HOUR_MS, type MicroUsd } from "../../src/policy/index.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import type { LiveRun } from "../../src/watchdog/model/live.ts";
import { observationOf } from "../../src/watchdog/observe/remember.ts";

/**
 * What stopping saved so far, as an estimate: each confirmed stop at the rate that the run burnt when it was stopped,
 * from its end until now, but for no longer than it had run. Nobody knows when such a run would have ended by itself.
 */
export class Savings {
  readonly #rates = new Map<string, number>();
  readonly #ends = new Map<
    string,
    { readonly at: number; readonly microUsdPerHour: number; readonly ranMs: number }
  >();

  /** Remembers how fast a run burns as its stop begins, and when its stop is confirmed. */
  note(entry: Entry, live: LiveRun | undefined): void {
    const { runId, kind } = entry;
    if (runId === undefined) return;
    if (kind === "abort.intended" && live) {
      this.#rates.set(runId, observationOf(live).burnMicroUsdPerHour ?? 0);
    }
    if (kind !== "abort.confirmed") return;
    const at = new Date(entry.run?.finishedAt ?? entry.at).getTime();
    const ranMs = entry.run ? at - new Date(entry.run.startedAt).getTime() : 0;
    this.#ends.set(runId, { at, microUsdPerHour: this.#rates.get(runId) ?? 0, ranMs });
  }

  microUsd(now: Date): MicroUsd {
    let sum = 0;
    for (const { at, microUsdPerHour, ranMs } of this.#ends.values()) {
      sum += (microUsdPerHour * Math.min(ranMs, Math.max(0, now.getTime() - at))) / HOUR_MS;
    }
    return Math.round(sum);
  }
}
