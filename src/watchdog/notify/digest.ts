import { type Entry, type EntryEvidence, isClosing } from "../model/entry.ts";

/** What a span of time came to, by what the audit says. Money in USD. */
export type Digest = {
  readonly from: Date;
  readonly to: Date;
  /** Stops that were confirmed. */
  readonly stops: readonly Entry[];
  /** What those had cost, as far as it is known. */
  readonly costUsd: number;
  readonly unknownCosts: number;
  /** What they would have cost since, at the rate that each had burned so far, and for at most as long again: an estimate. */
  readonly savedUsd: number;
  /** Runs that would have been stopped, by rules that are only observed. */
  readonly observed: number;
  /** Runs that a guard held, by guard. */
  readonly held: ReadonlyMap<string, number>;
  /** Runs that passed a step that only notifies. */
  readonly warned: number;
  /** The highest step that each budget has reached, the most spent first. */
  readonly budgets: readonly (Entry & { readonly evidence: EntryEvidence })[];
  /** What people, deployments and time changed: policies, pauses, exemptions, what is quieted, stops by hand, undone and judged stops. */
  readonly changes: readonly Entry[];
  /** What a person must look at, and was not over by the end. */
  readonly attention: readonly Entry[];
  /** Entries that can't be read. */
  readonly unreadable: number;
};

/** In USD: what a stopped run would have cost from its end until then, had it gone on at its mean rate for at most as long again. */
export function savedBy({ run, finalUsageTotalUsd, at }: Entry, to: Date): number {
  if (run === undefined || finalUsageTotalUsd === undefined) return 0;
  const end = Date.parse(run.finishedAt ?? at);
  const ranMs = end - Date.parse(run.startedAt);
  const sinceMs = Math.max(0, to.getTime() - end);
  return ranMs > 0 ? finalUsageTotalUsd * Math.min(1, sinceMs / ranMs) : 0;
}

const shareOf = ({ measured, limit }: EntryEvidence): number => (limit > 0 ? measured / limit : 0);

const CHANGES: readonly Entry["kind"][] = [
  "policy.pushed",
  "control.paused",
  "control.resumed",
  "exemption.granted",
  "exemption.ended",
  "attention.acknowledged",
  "loop.begun",
  "run.undone",
  "stop.judged",
];

/** Collects a digest entry by entry, in the order of time, and keeps only what it shows. */
export class DigestTally {
  readonly #stops: Entry[] = [];
  readonly #observed = new Set<string>();
  readonly #held = new Map<string, Set<string>>();
  readonly #warned = new Set<string>();
  readonly #budgets = new Map<string, Entry & { readonly evidence: EntryEvidence }>();
  readonly #changes: Entry[] = [];
  /** By what ends them: an intent, or the one pause or policy that there is. */
  readonly #open = new Map<string, Entry>();
  #unreadable = 0;

  noteUnreadable(): void {
    this.#unreadable += 1;
  }

  note(entry: Entry): void {
    this.#tellOpen(entry);
    if (CHANGES.includes(entry.kind)) this.#changes.push(entry);
    const { kind, runId = "", guard = "" } = entry;
    if (kind === "abort.confirmed") this.#stops.push(entry);
    if (kind === "abort.observed") this.#observed.add(runId);
    if (kind === "abort.held") this.#held.set(guard, (this.#held.get(guard) ?? new Set()).add(runId));
    if (kind === "step.notified") this.#noteStep(entry);
  }

  #noteStep(entry: Entry): void {
    const { evidence, ruleId = "", runId } = entry;
    if (runId !== undefined) this.#warned.add(runId);
    if (evidence?.budget === undefined) return;
    const key = JSON.stringify([ruleId, evidence.budget.group, evidence.budget.from]);
    const known = this.#budgets.get(key);
    if (known === undefined || shareOf(known.evidence) <= shareOf(evidence))
      this.#budgets.set(key, { ...entry, evidence });
  }

  #tellOpen(entry: Entry): void {
    const { kind, intentId = "", change } = entry;
    if (kind === "abort.failed" || kind === "abort.unconfirmed") this.#open.set(intentId, entry);
    if (isClosing(kind)) this.#open.delete(intentId);
    const isEndless = kind === "control.paused" && change?.until === undefined;
    if (isEndless) this.#open.set("pause", entry);
    else if (kind === "control.paused" || kind === "control.resumed") this.#open.delete("pause");
    if (kind === "policy.fell-back") this.#open.set("policy", entry);
    if (kind === "policy.pushed") this.#open.delete("policy");
    if (kind === "audit.tampered") this.#open.set(entry.entryId, entry);
  }

  digest(from: Date, to: Date): Digest {
    const stops = this.#stops.toSorted((a, b) => (b.finalUsageTotalUsd ?? 0) - (a.finalUsageTotalUsd ?? 0));
    const known = stops.filter(({ finalUsageTotalUsd }) => finalUsageTotalUsd !== undefined);
    return {
      from,
      to,
      stops,
      costUsd: known.reduce((sum, { finalUsageTotalUsd = 0 }) => sum + finalUsageTotalUsd, 0),
      unknownCosts: stops.length - known.length,
      savedUsd: stops.reduce((sum, stop) => sum + savedBy(stop, to), 0),
      observed: this.#observed.size,
      held: new Map([...this.#held].map(([guard, runs]) => [guard, runs.size])),
      warned: this.#warned.size,
      budgets: [...this.#budgets.values()].toSorted((a, b) => shareOf(b.evidence) - shareOf(a.evidence)),
      changes: this.#changes,
      attention: [...this.#open.values()],
      unreadable: this.#unreadable,
    };
  }
}
