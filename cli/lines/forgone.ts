import { formatUsd, type MicroUsd, toMicroUsd } from "../../src/policy/index.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import type { LiveRun } from "../../src/watchdog/model/live.ts";
import { count } from "../show/words.ts";

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
