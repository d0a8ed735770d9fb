import type { EntryFields } from "./oracle/entry-text.ts";
import type { Plant } from "./process/ports.ts";
import { PARTS } from "./shrink/cut.ts";
import { type Outcome, simulate } from "./simulate.ts";
import type { Plan } from "./world/plan.ts";

/** Nothing in the world hangs on what the watchdog does, until it first calls. */
const ALONE = Object.fromEntries(
  PARTS.filter((part) => part !== "runs" && part !== "rules" && part !== "ticks").map((part) => [part, []]),
);
/** Ticks nearer to each other may overlap: then one counts what another stopped, which no observed stop is. */
const APART_MS = 30_000;

/** The same world under one mode, with undisturbed ticks one after another that look once. */
const under =
  (mode: "observe" | "enforce") =>
  (plan: Plan): Plan => {
    const alone = plan.ticks.filter(
      ({ atMs }, i) => atMs - (plan.ticks[i - 1]?.atMs ?? -APART_MS) >= APART_MS,
    );
    return {
      ...plan,
      policy: { ...plan.policy, mode, rules: plan.policy.rules.map(({ mode: _own, ...rule }) => rule) },
      ticks: alone.map(({ watchMs: _watch, ...tick }) => ({
        ...tick,
        signalAfterMs: tick.timeoutMs - 8_000,
      })),
    };
  };

const STOPS: readonly string[] = ["abort.intended", "abort.observed"];
const DECISIONS: readonly string[] = [...STOPS, "abort.held", "step.notified"];

type Decided = { readonly by: string; readonly what: string; readonly measured: number | undefined };

/** What was decided, whether it was done or only observed. */
function* decidedIn({ history }: Outcome): Generator<Decided> {
  for (const { by, chain, text } of history.entries) {
    const { kind, ruleId, step, guard, evidence } = JSON.parse(text) as EntryFields;
    if (!DECISIONS.includes(kind)) continue;
    const what = STOPS.includes(kind) ? "stop" : `${kind} ${guard ?? ""}`;
    yield {
      by,
      what: `${what} ${chain} by ${ruleId} at ${step?.at} %, ${step?.do}`,
      measured: evidence?.measured,
    };
  }
}

const hasStopped = ({ entries }: Outcome["history"]): boolean => {
  const stop = entries.find(({ text }) => STOPS.some((kind) => text.includes(`"kind":"${kind}"`)));
  return stop !== undefined && entries.at(-1)?.by !== stop.by;
};

/**
 * Plays a world observed and enforced, up to the first call: the same decisions must be taken, by the same ticks on the same
 * figures, and in the tick of the first call the same again, whose figures may have moved by then. Says where they differ.
 */
export async function differWhenObserved(seed: number, plant?: Plant): Promise<string | undefined> {
  const play = (mode: "observe" | "enforce") =>
    simulate(seed, { plant, kept: ALONE, change: under(mode), goesOn: (history) => !hasStopped(history) });
  const [observed, enforced] = [await play("observe"), await play("enforce")];
  const [one, other] = [[...decidedIn(observed)], [...decidedIn(enforced)]];
  const first = one.find(({ what }) => what.startsWith("stop"))?.by;
  const ofFirst = (all: readonly Decided[]) =>
    all.flatMap(({ by, what }) => (by === first ? [what] : [])).toSorted();
  const before = (all: readonly Decided[]) => {
    const end = all.findIndex(({ by }) => by === first);
    return (end < 0 ? all : all.slice(0, end)).map(
      ({ by, what, measured }) => `${by}: ${what} (${measured})`,
    );
  };
  for (const [a, b] of [
    [before(one), before(other)],
    [ofFirst(one), ofFirst(other)],
  ] as const) {
    const place = a.findIndex((each, i) => each !== b[i]);
    if (place >= 0 || a.length !== b.length) {
      const at = place < 0 ? a.length : place;
      return `observed: ${a[at] ?? "nothing more"}; enforced: ${b[at] ?? "nothing more"}`;
    }
  }
  return undefined;
}
