import type { EntryFields } from "./oracle/entry-text.ts";
import type { Outcome } from "./simulate.ts";

/** What the seeds played so far were made of: it must be seen that what is proved did occur. */
export class Tally {
  seeds = 0;
  virtualMs = 0;
  calls = 0;
  entries = 0;
  #onDynamo = 0;
  #odd = 0;
  #rivals = 0;
  #aimed = 0;
  #more = 0;
  readonly #counts = {
    ticks: new Map<string, number>(),
    kinds: new Map<string, number>(),
    metrics: new Map<string, number>(),
    meanwhile: new Map<string, number>(),
    aborts: new Map<string, number>(),
    undos: new Map<string, number>(),
    refused: new Map<string, number>(),
    changes: new Map<string, number>(),
    restores: new Map<string, number>(),
    unanswered: new Map<string, number>(),
  };

  add({ plan, history, refused }: Outcome): void {
    this.seeds += 1;
    this.virtualMs += plan.activeMs + plan.calmMs;
    this.calls += history.calls.length;
    this.entries += history.entries.length;
    this.#odd += Number(plan.isOdd);
    this.#rivals += Number(plan.hasRival);
    this.#more += Number(plan.hasMore);
    this.#aimed += Number(plan.aim !== undefined);
    for (const { kind } of plan.world.changes ?? []) count(this.#counts.changes, kind);
    for (const _each of plan.world.schedules ?? []) count(this.#counts.changes, "schedule");
    for (const { resurrected, retried } of plan.world.runs) {
      if (resurrected ?? retried) count(this.#counts.changes, resurrected ? "resurrected" : "retried");
    }
    this.#onDynamo += Number(plan.storage === "dynamo");
    for (const { what } of history.restores ?? []) count(this.#counts.restores, what);
    for (const [how, times] of refused) count(this.#counts.refused, how, times);
    for (const { how = "hanging", stoodStill, isClockBad } of history.ticks.values()) {
      const amiss = [stoodStill && "having stood still", isClockBad && "by a bad clock"];
      count(this.#counts.ticks, [how, ...amiss].filter(Boolean).join(", "));
    }
    const open = new Set<string>();
    for (const { text } of history.entries) {
      const entry = JSON.parse(text) as EntryFields;
      const { kind, guard, response } = entry;
      const lost = response?.startsWith("lost") ? "lost" : undefined;
      count(this.#counts.kinds, [kind, guard ?? lost].filter(Boolean).join(" "));
      if (DECISIONS.has(kind)) count(this.#counts.metrics, `${whatOf(entry)}, ${DECISIONS.get(kind)}`);
      if (kind === "abort.intended") open.add(entry.entryId);
      if (/requested|failed|withdrawn|moot|confirmed/.test(kind)) open.delete(entry.intentId ?? "");
      const isOperators = entry.chain === "control" && entry.by !== "watchdog" && entry.by !== "setup";
      if (isOperators && open.size > 0) count(this.#counts.meanwhile, kind);
    }
    for (const { kind, by, gracefully, status, effect } of history.calls) {
      if (status === 401 || status === 403 || status === 404)
        count(this.#counts.unanswered, `${kind}, ${status}`);
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
      `${this.#odd} worlds in which some runs are told oddly`,
      `${this.#aimed} worlds in which trouble comes where it matters most`,
      `${this.#more} worlds with more settings, other users' runs, tasks that go and Actors that come`,
      `${this.#rivals} worlds with another watchdog on the account`,
      ...table("ticks", this.#counts.ticks),
      ...table("entries", this.#counts.kinds),
      ...table("decisions by what was measured", this.#counts.metrics),
      ...table(
        "operators' entries between a promise to stop and what came of its call",
        this.#counts.meanwhile,
      ),
      ...table("abort calls (manner, answer, effect)", this.#counts.aborts),
      ...table(`what DynamoDB refused, in ${this.#onDynamo} worlds that have one`, this.#counts.refused),
      ...table("what the account's people and programs did", this.#counts.changes),
      ...table("what was put back as it was", this.#counts.restores),
      ...table("what Apify refused", this.#counts.unanswered),
      ...table("resurrect calls of undos (answer, effect)", this.#counts.undos),
    ];
  }
}

/** Entries that rest on a decision of their own, and what it was. */
const DECISIONS: ReadonlyMap<string, string> = new Map([
  ["step.notified", "told"],
  ["abort.observed", "observed"],
  ["abort.held", "held"],
  ["abort.intended", "stopped"],
]);

/** The metric; of a figure that rests on more than Apify tells, that too. */
const whatOf = ({ evidence, step }: EntryFields): string =>
  [evidence?.metric, step?.basis].filter((each) => each !== undefined).join(" ");

function count(counts: Map<string, number>, name: string, times = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}

function table(title: string, counts: ReadonlyMap<string, number>): readonly string[] {
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return [`${title}:`, ...rows.map(([name, number]) => `${String(number).padStart(8)}  ${name}`)];
}
