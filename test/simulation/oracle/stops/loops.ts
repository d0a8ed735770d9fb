import type { EntryFields } from "../entry-text.ts";
import type { Knowledge } from "../knowledge.ts";
import type { Intent } from "./intents.ts";

type Finding = readonly [promise: string, text: string];

type LoopSubject = { readonly kind: "schedule" | "task" | "actor"; readonly id: string };

/** The worlds leave `guards.loop` as it comes. */
const LEAST_STOPS = 3;
/** Between what a promise is dated and what is remembered of it. */
const DATED_MS = 2_000;

/** A notice of a loop: the audit itself has as many stops of that source as it says, and each loop is told once. */
export class Loops {
  readonly #told = new Map<string, number>();

  *check(know: Knowledge, commitMs: number, { change, by }: EntryFields): Generator<Finding> {
    const subject = change?.subject as LoopSubject;
    const [stops, from, to] = [Number(change?.stops), String(change?.from), String(change?.to)];
    if (by !== "watchdog") yield ["P9", "only the watchdog tells of loops"];
    if (stops < LEAST_STOPS) yield ["P9", `it takes ${stops} stops for a loop`];
    const runs = new Map(know.history.truth.runs().map((run) => [run.id, run]));
    const isOfSource = ({ runId, entry }: Intent): boolean => {
      const run = runs.get(runId);
      if (subject.kind === "actor") return entry.actorId === subject.id;
      return subject.kind === "task"
        ? run?.taskId === subject.id
        : run?.label?.startsWith("schedule ") === true;
    };
    const [fromMs, toMs] = [Date.parse(from) - DATED_MS, Date.parse(to) + DATED_MS];
    const inSpan = ({ entry: { at } }: Intent): boolean => Date.parse(at) >= fromMs && Date.parse(at) <= toMs;
    const had = know.intents.all.filter((each) => isOfSource(each) && inSpan(each)).length;
    if (had < stops) yield ["P9", `it says ${stops} stops of the ${subject.kind}, the audit has ${had}`];
    const loop = `${subject.kind} ${subject.id} ${from}`;
    const toldMs = this.#told.get(loop);
    const { restores = [] } = know.history;
    const versions = new Set(
      know.control.between(toldMs ?? commitMs, commitMs).map(({ policyVersion }) => policyVersion),
    );
    // What is no loop by another policy begins again by the next.
    if (
      toldMs !== undefined &&
      versions.size === 1 &&
      !restores.some(({ atMs }) => atMs > toldMs && atMs <= commitMs)
    )
      yield ["P3", `the loop of ${loop} was told before`];
    this.#told.set(loop, commitMs);
  }
}
