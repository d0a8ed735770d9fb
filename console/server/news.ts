import { type News as Event, PARTS, type PartName } from "../api.ts";
import type { Asking } from "./asking.ts";
import { KeptPart, type Patience } from "./kept-part.ts";
import { withSays } from "./says.ts";

/** How often the status is asked for while a page listens; the rest where it shows that something has changed. */
const EVERY_MS = 5_000;

/** How old the rest may grow besides. The month's report reads the most, and changes least. */
const AT_LATEST_MS: Readonly<Record<Exclude<PartName, "status">, number>> = {
  runs: 60_000,
  exemptions: 60_000,
  timeline: 60_000,
  report: 300_000,
};

/** What of a status changes only where more than time went by: the last tick, and what people and rules have done. */
const SIGNS = [
  ...["lastTickAt", "lastCompleteAt", "mode", "policyVersion", "paused"],
  ...["exemptions", "holds", "attention", "openIntents"],
];

const NAMES = Object.keys(PARTS) as readonly PartName[];

/**
 * Keeps the page's parts up to date for as long as somebody listens: without a listener no question is asked. A listener hears
 * of a part when it looks another way than before.
 */
export class News {
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #stop = new AbortController();
  readonly #parts: Readonly<Record<PartName, KeptPart>>;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #sign = "";

  constructor(asking: Asking, { everyMs = EVERY_MS, ...patience }: Patience & { everyMs?: number } = {}) {
    this.#everyMs = everyMs;
    const { signal } = this.#stop;
    const partOf = (name: PartName): KeptPart => {
      const changed = (part: Event["part"]): void => {
        for (const hear of this.#listeners) hear({ name, part });
      };
      const made = name === "timeline" ? { made: withSays } : {};
      return new KeptPart(PARTS[name], { asking, signal, changed, ...made }, patience);
    };
    this.#parts = Object.fromEntries(NAMES.map((name) => [name, partOf(name)])) as Record<PartName, KeptPart>;
  }

  /** Hears all that is known, and then what changes. Returns how to stop that. */
  listen(hear: (event: Event) => void): () => void {
    for (const name of NAMES) {
      const { part } = this.#parts[name];
      if (part) hear({ name, part });
    }
    this.#listeners.add(hear);
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => void this.#look(), this.#everyMs);
      void this.#look();
    }
    return () => {
      this.#listeners.delete(hear);
      if (this.#listeners.size === 0) this.#rest();
    };
  }

  /** Something was done: whoever listens hears soon what became of it. */
  refresh(): void {
    if (this.#timer === undefined) return;
    for (const name of NAMES) void this.#parts[name].askAgain();
  }

  close(): void {
    this.#rest();
    this.#listeners.clear();
    this.#stop.abort();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const { status, ...rest } = this.#parts;
    for (const [name, part] of Object.entries(rest)) {
      if (part.isOlderThan(AT_LATEST_MS[name as keyof typeof rest])) void part.ask();
    }
    await status.ask();
    const known = (status.last?.value ?? {}) as Readonly<Record<string, unknown>>;
    const sign = JSON.stringify(SIGNS.map((name) => known[name]));
    if (sign === this.#sign) return;
    const isFirst = this.#sign === "";
    this.#sign = sign;
    if (isFirst) return;
    const { report, ...others } = rest;
    for (const part of Object.values(others)) void part.askAgain();
  }
}
