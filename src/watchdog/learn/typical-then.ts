import {
  type Comparable,
  DAY_MS,
  HOUR_MS,
  type Typical,
  type TypicalFigure,
  typicalOf,
} from "../../policy/index.ts";
import type { Pace } from "./known-cost.ts";
import type { Past } from "./past.ts";

/** What a tick would have read at this time, and up to the next reading. */
type Reading = { readonly at: number; readonly typical: Typical };

/** A tick asks for so many runs that succeeded, and for so many that were aborted. */
const MOST_RUNS = 100;
/** So long after its end a run takes part. */
const RESTS_AFTER_MS = 60_000;
/** A tick goes by what it has read for so long, and asks for what was not there again after so long. */
const KNOWN_FOR_MS = DAY_MS;
const UNKNOWN_FOR_MS = HOUR_MS;

const least = (all: readonly number[]): number => all.reduce((a, b) => Math.min(a, b));
const most = (all: readonly number[]): number => all.reduce((a, b) => Math.max(a, b));
const begins = ({ startedAt }: Comparable): number => startedAt.getTime();
const ends = ({ finishedAt, startedAt }: Comparable): number => (finishedAt ?? startedAt).getTime();

/** Keeps the last ones by their start. */
function keep(runs: Comparable[], run: Comparable): void {
  const after = runs.findLastIndex((each) => begins(each) <= begins(run));
  runs.splice(after + 1, 0, run);
  if (runs.length > MOST_RUNS) runs.shift();
}

/** What could be read of runs of one task or Actor: something else once another has ended, of those that had ended by then. */
function readingsOf(runs: readonly Past[]): readonly Reading[] {
  const succeeded: Comparable[] = [];
  const stopped: Comparable[] = [];
  return runs
    .filter((past) => past.stopped || past.run.status === "SUCCEEDED")
    .map((past): Comparable => ({ ...past.run, stopped: past.stopped }))
    .toSorted((a, b) => ends(a) - ends(b))
    .map((run) => {
      keep(run.stopped ? stopped : succeeded, run);
      const [oldest] = succeeded;
      const since = oldest ? begins(oldest) : Number.POSITIVE_INFINITY;
      const at = ends(run) + RESTS_AFTER_MS;
      const compared = [...succeeded, ...stopped.filter((each) => begins(each) >= since)];
      return { at, typical: typicalOf(compared, new Date(at)) };
    });
}

/** The place of the last reading up to then; -1: there is none. */
function lastUpTo(readings: readonly Reading[], at: number): number {
  let [low, high] = [0, readings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((readings[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Of all that may have been gone by: the least, so that a limit is reached as early as can be; or the most, by the fewest runs. */
function extreme(
  all: readonly Typical[],
  key: keyof Typical,
  pace: "early" | "late",
): TypicalFigure | undefined {
  const figures = all.flatMap((typical) => typical[key] ?? []);
  if (figures.length === 0 || (pace === "late" && figures.length < all.length)) return undefined;
  const medians = figures.map(({ median }) => median);
  const runs = figures.map((figure) => figure.runs);
  return pace === "early"
    ? { median: least(medians), runs: most(runs) }
    : { median: most(medians), runs: least(runs) };
}

/** The runs of each task, and of each Actor. */
function groupsOf(runs: readonly Past[]): ReadonlyMap<string, readonly Past[]> {
  const groups = new Map<string, Past[]>();
  for (const past of runs)
    for (const key of [past.run.actorId, past.run.actorTaskId]) {
      const group = key === undefined ? [] : groups.get(key);
      if (group) group.push(past);
      else if (key !== undefined) groups.set(key, [past]);
    }
  return groups;
}

export type TypicalThen = (of: Past, pace: Pace) => Typical | undefined;

/**
 * What was typical of a run's task or, where it has none, its Actor while it went on: by runs that had ended by then, of those that
 * are in this history. A tick goes for a day by what it has read, and when it read it is not known: so it is one of all that could be
 * read from a day before the run began to its end. On the straight line it is what could be read when the run began.
 */
export function typicalThen(runs: readonly Past[]): TypicalThen {
  let groups: ReadonlyMap<string, readonly Past[]> | undefined;
  const read = new Map<string, readonly Reading[]>();
  return ({ run }, pace) => {
    const key = run.actorTaskId ?? run.actorId;
    // Most policies ask for nothing of it.
    groups ??= groupsOf(runs);
    const readings = read.get(key) ?? readingsOf(groups.get(key) ?? []);
    read.set(key, readings);
    const start = run.startedAt.getTime();
    if (pace === "even") return readings[lastUpTo(readings, start)]?.typical;
    const first = lastUpTo(readings, start - KNOWN_FOR_MS);
    const last = lastUpTo(readings, run.finishedAt?.getTime() ?? start);
    const isUnknown = lastUpTo(readings, start - UNKNOWN_FOR_MS) < 0;
    const all = [
      ...(isUnknown ? [{}] : []),
      ...readings.slice(Math.max(0, first), last + 1).map(({ typical }) => typical),
    ];
    const [usage, time] = [extreme(all, "usageTotalMicroUsd", pace), extreme(all, "runTimeSecs", pace)];
    return { ...(usage && { usageTotalMicroUsd: usage }), ...(time && { runTimeSecs: time }) };
  };
}
