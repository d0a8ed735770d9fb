import { CALL_MS, CLAIM_MS } from "../model/intents.ts";
import { claimIntent } from "./progress.ts";
import type { Promising } from "./pursuing.ts";

/**
 * This pass's claim on an intent, by the monotonic clock: what stands in the store is for other processes, whose clocks may
 * differ.
 */
export class Claim {
  readonly #pass: Promising;
  readonly #intentId: string;
  #sinceMs: number;

  /** `sinceMs`: not before this was the intent written, where this pass has just done so. */
  constructor(pass: Promising, intentId: string, sinceMs = Number.NEGATIVE_INFINITY) {
    this.#pass = pass;
    this.#intentId = intentId;
    this.#sinceMs = sinceMs;
  }

  get leftMs(): number {
    return Math.max(0, this.#sinceMs + CLAIM_MS - this.#pass.ports.clock.monotonicMs());
  }

  /** A call that begins now has its answer, or is given up, before another may claim the intent. */
  get lastsForCall(): boolean {
    return this.leftMs >= CALL_MS;
  }

  /** Returns whether it could be had. */
  async take(): Promise<boolean> {
    const sinceMs = this.#pass.ports.clock.monotonicMs();
    if (!(await claimIntent(this.#pass, this.#intentId))) return false;
    this.#sinceMs = sinceMs;
    return true;
  }
}
