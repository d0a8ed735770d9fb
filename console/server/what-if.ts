import type { Part } from "../api.ts";
import type { Asking } from "./asking.ts";
import { askInTime, partOf } from "./part.ts";

/** It reads the recorded runs, or Apify's list: of a large account that takes a while. */
const LATE_MS = 180_000;
/** After so long the page hears that it is slow, and asks again. */
const SLOW_MS = 5_000;

/** So long it is as good as new: the history grows by what ended meanwhile. */
const FRESH_MS = 10 * 60_000;

type Trial = { readonly since: string; readonly begunMs: number; readonly part: Promise<Part> };

const versionOf = (part: Part): number | undefined =>
  part.kind === "known" ? (part.value as { readonly version?: number }).version : undefined;

/** A rule's limit moved over the recorded runs: reckoned once in ten minutes, for the policy in force. */
export class WhatIf {
  readonly #asking: Asking;
  readonly #trials = new Map<string, Trial>();

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** The policy in force, with the rules to choose from. */
  inForce(): Promise<Part> {
    return this.#ask(["policy", "show"]);
  }

  /** What the limits of a rule would have done. `slow`: it is being reckoned, and will be known to whoever asks again. */
  async front(ruleId: string): Promise<Part> {
    const policy = await this.inForce();
    const version = versionOf(policy);
    if (version === undefined) return policy;
    const key = `${version} ${ruleId}`;
    const kept = this.#trials.get(key);
    const isFresh = kept !== undefined && performance.now() - kept.begunMs < FRESH_MS;
    const { part, since } = isFresh ? kept : this.#begun(key, ruleId);
    const slow: Part = { kind: "slow", since };
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<Part>((resolve) => {
      timer = setTimeout(() => resolve(slow), SLOW_MS);
    });
    try {
      return await Promise.race([part, patience]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The policy in force with another limit of a rule, as YAML. */
  policy(ruleId: string, limit: string): Promise<Part> {
    return this.#ask(["policy", "show", `--limit=${ruleId}=${limit}`]);
  }

  #begun(key: string, ruleId: string): Trial {
    const part = this.#ask(["backtest", "inforce", `--front=${ruleId}`], LATE_MS);
    const trial = { since: this.#asking.now().toISOString(), begunMs: performance.now(), part };
    const [version] = key.split(" ");
    for (const old of this.#trials.keys()) if (!old.startsWith(`${version} `)) this.#trials.delete(old);
    this.#trials.set(key, trial);
    // What failed may succeed the next time.
    void part.then(({ kind }) => {
      if (kind === "failed" && this.#trials.get(key) === trial) this.#trials.delete(key);
    });
    return trial;
  }

  async #ask(argv: readonly string[], ms?: number): Promise<Part> {
    return partOf(await askInTime(this.#asking, argv, ms), this.#asking.now().toISOString());
  }
}
