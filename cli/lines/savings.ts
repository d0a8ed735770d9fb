import { formatUsd, HOUR_MS, type MicroUsd, toMicroUsd } from "../../src/policy/index.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import type { LiveRun } from "../../src/watchdog/model/live.ts";
import { observationOf } from "../../src/watchdog/observe/remember.ts";
import { count } from "../show/words.ts";

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

/** What enforcing would have saved. */
export type Forgone = {
  /** Runs that would have been stopped. */
  readonly observed: number;
  /** What they have cost since then. No estimate: they did cost it. */
  readonly forgoneMicroUsd: MicroUsd;
  /** Those of them of which that can't be determined. */
  readonly forgoneUnknown: number;
};

/** Follows what runs that were only observed cost after the moment at which they would have been stopped. */
export class ForgoneSavings {
  readonly #atStop = new Map<string, MicroUsd | undefined>();
  readonly #latest = new Map<string, MicroUsd>();

  /** A run that several rules would stop is stopped by the first. */
  note({ kind, runId, run }: Entry): void {
    if (kind !== "abort.observed" || runId === undefined || this.#atStop.has(runId)) return;
    const cost = run?.usageTotalUsd;
    this.#atStop.set(runId, cost === undefined ? undefined : toMicroUsd(cost));
  }

  /** What runs cost by now. */
  see(runs: Iterable<LiveRun>): void {
    for (const { run } of runs) {
      const { id, usageTotalMicroUsd: cost } = run;
      if (cost !== undefined && this.#atStop.has(id)) this.#latest.set(id, cost);
    }
  }

  total(): Forgone {
    const since = [...this.#atStop].map(([runId, atStop]) => {
      const latest = this.#latest.get(runId);
      return atStop === undefined || latest === undefined ? undefined : Math.max(0, latest - atStop);
    });
    const known = since.filter((each) => each !== undefined);
    return {
      observed: since.length,
      forgoneMicroUsd: known.reduce((sum, each) => sum + each, 0),
      forgoneUnknown: since.length - known.length,
    };
  }
}

/** `enforcing would have saved $3.20: what those 2 runs have cost since`; empty when nothing would have been stopped. */
export function forgoneText({ observed, forgoneMicroUsd, forgoneUnknown }: Forgone): string {
  if (observed === 0) return "";
  const known = observed - forgoneUnknown;
  const unknown = `what ${count(forgoneUnknown, "run")} cost since is unknown`;
  if (known === 0) return `what enforcing would have saved can't be determined: ${unknown}`;
  const rest = forgoneUnknown > 0 ? `; ${unknown}` : "";
  return `enforcing would have saved ${formatUsd(forgoneMicroUsd)}: what ${known === 1 ? "that run has" : `those ${known} runs have`} cost since${rest}`;
}
