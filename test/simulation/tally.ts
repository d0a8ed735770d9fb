import type { EntryFields } from "./oracle/entry-text.ts";
import type { Outcome } from "./simulate.ts";

/** What the seeds played so far were made of: it must be seen that what is proved did occur. */
export class Tally {
  seeds = 0;
  virtualMs = 0;
  calls = 0;
  entries = 0;
  readonly #counts = {
    ticks: new Map<string, number>(),
    kinds: new Map<string, number>(),
    aborts: new Map<string, number>(),
    undos: new Map<string, number>(),
  };

  add({ plan, history }: Outcome): void {
    this.seeds += 1;
    this.virtualMs += plan.activeMs + plan.calmMs;
    this.calls += history.calls.length;
    this.entries += history.entries.length;
    for (const { how = "hanging" } of history.ticks.values()) count(this.#counts.ticks, how);
    for (const { text } of history.entries) {
      const { kind, guard, response } = JSON.parse(text) as EntryFields;
      const lost = response?.startsWith("lost") ? "lost" : undefined;
      count(this.#counts.kinds, [kind, guard ?? lost].filter(Boolean).join(" "));
    }
    for (const { kind, by, gracefully, status, effect } of history.calls) {
      if (kind === "resurrect" && by !== "user") count(this.#counts.undos, `${status}, ${effect}`);
      if (kind === "abort" && by !== "user") {
        count(this.#counts.aborts, `${gracefully ? "graceful" : "forced"}, ${status}, ${effect}`);
      }
    }
  }

  lines(tookMs: number): readonly string[] {
    const hours = Math.round(this.virtualMs / 3_600_000);
    const seconds = (tookMs / 1_000).toFixed(1);
    return [
      `${this.seeds} seeds, ${hours} virtual hours, ${this.calls} calls to Apify, ${this.entries} audit entries, in ${seconds} s`,
      ...table("ticks", this.#counts.ticks),
      ...table("entries", this.#counts.kinds),
      ...table("abort calls (manner, answer, effect)", this.#counts.aborts),
      ...table("resurrect calls of undos (answer, effect)", this.#counts.undos),
    ];
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function table(title: string, counts: ReadonlyMap<string, number>): readonly string[] {
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return [`${title}:`, ...rows.map(([name, number]) => `${String(number).padStart(8)}  ${name}`)];
}
