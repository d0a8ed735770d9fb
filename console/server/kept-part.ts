import type { Known, Part } from "../api.ts";
import type { Asking } from "./asking.ts";
import { askInTime, LATE_MS, lastOf, partOf, SLOW_MS } from "./part.ts";

export type Patience = { readonly slowMs?: number; readonly lateMs?: number };

type Keeping = {
  readonly asking: Asking;
  readonly signal: AbortSignal;
  readonly changed: (part: Part) => void;
  /** What the page is given of the command's answer. */
  readonly made?: (value: unknown) => unknown;
};

/** What two parts that look the same have in common: not when they were asked for. */
const looksOf = (part: Part): string => {
  if (part.kind === "known") return `known ${JSON.stringify(part.value)}`;
  return part.kind === "failed" ? `failed ${part.says}` : `slow ${part.since}`;
};

/** One part of the page: a question that is asked again and again, never twice at once, and what is known of it. */
export class KeptPart {
  readonly #argv: readonly string[];
  readonly #asking: Asking;
  readonly #changed: (part: Part) => void;
  readonly #made: (value: unknown) => unknown;
  readonly #patience: Required<Patience>;
  readonly #signal: AbortSignal;
  #part: Part | undefined;
  #looks = "";
  #underWay: Promise<void> | undefined;
  #isWantedAgain = false;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    argv: readonly string[],
    { asking, signal, changed, made = (value: unknown) => value }: Keeping,
    { slowMs = SLOW_MS, lateMs = LATE_MS }: Patience = {},
  ) {
    this.#argv = argv;
    this.#asking = asking;
    this.#signal = signal;
    this.#changed = changed;
    this.#made = made;
    this.#patience = { slowMs, lateMs };
  }

  get part(): Part | undefined {
    return this.#part;
  }

  get last(): Known | undefined {
    return lastOf(this.#part);
  }

  isOlderThan(ms: number): boolean {
    return performance.now() - this.#askedAtMs >= ms;
  }

  /** Asks, unless that is being asked already. */
  async ask(): Promise<void> {
    this.#underWay ??= this.#answered();
    await this.#underWay;
  }

  /** Asks for what is so now: an answer that is under way may be of before. */
  async askAgain(): Promise<void> {
    this.#isWantedAgain = this.#underWay !== undefined;
    await this.ask();
  }

  async #answered(): Promise<void> {
    try {
      do {
        this.#isWantedAgain = false;
        await this.#once();
      } while (this.#isWantedAgain && !this.#signal.aborted);
    } finally {
      // In the same breath as the last look at what is wanted: a wish in between would be lost.
      this.#underWay = undefined;
    }
  }

  async #once(): Promise<void> {
    const { slowMs, lateMs } = this.#patience;
    const since = this.#asking.now().toISOString();
    this.#askedAtMs = performance.now();
    const { last } = this;
    const slow = setTimeout(() => this.#take({ kind: "slow", since, ...(last && { last }) }), slowMs);
    try {
      const asked = await askInTime(this.#asking, this.#argv, lateMs, this.#signal);
      if (this.#signal.aborted) return;
      const part = partOf(asked, this.#asking.now().toISOString(), last);
      this.#take(part.kind === "known" ? { ...part, value: this.#made(part.value) } : part);
    } finally {
      clearTimeout(slow);
    }
  }

  #take(part: Part): void {
    const looks = looksOf(part);
    const isSame = looks === this.#looks;
    this.#part = part;
    this.#looks = looks;
    if (!isSame) this.#changed(part);
  }
}
