import { HOUR_MS, type MicroUsd, type Observation } from "../../policy/index.ts";
import { type KnownCost, mostAt, type Pace, pointsAt, reachedAt, shownAt } from "./known-cost.ts";
import type { Past } from "./past.ts";
import { SECOND_LOOK_MS, type Steps } from "./steps.ts";
import { isStrangeAt, isUntoldAt, judgedAgainAt } from "./unjudged.ts";

/** A run that ended, with what is known of its cost; without that it is judged by its time alone. */
export type Replayed = Past & {
  readonly cost?: KnownCost;
  readonly actorName?: string;
  readonly taskName?: string;
  readonly scheduleName?: string;
};

/**
 * A look at one run. `isTimed`: a limit on time is reached just then; `isLast`: it has ended right after it; `isOver`: it has ended, and
 * what it came to is known now.
 */
export type Look = {
  readonly at: number;
  readonly of: Replayed;
  readonly microUsd?: MicroUsd;
  /** What of it may be spent before the next look, where that is more. */
  readonly booked?: MicroUsd;
  /** What is new of it may have been spent from then on. */
  readonly since?: number;
  readonly isTimed?: true;
  readonly isOver?: true;
  readonly isLast: boolean;
};

export const startOf = ({ run }: Past): number => run.startedAt.getTime();
export const endOf = (past: Past): number =>
  Math.max(startOf(past), past.run.finishedAt?.getTime() ?? startOf(past));

/** When each limit on time is reached, if the run is in the state that it counts by then; and when rules judge it again. */
function* timedAt(of: Replayed, { secs, atStart }: Steps, pace: Pace): Generator<number> {
  const { readyUntil, stoppingSince } = of.watched ?? {};
  const [start, end] = [startOf(of), endOf(of)];
  const stopping = stoppingSince?.getTime() ?? end;
  const ready = Math.max(start, readyUntil?.getTime() ?? start);
  const after = (from: number, each: number): number => from + Math.ceil(each * 1000);
  if (atStart) yield start;
  for (const each of secs.runTime) if (after(ready, each) < end) yield after(ready, each);
  for (const each of readyUntil ? secs.queueTime : [])
    if (after(start, each) <= ready) yield after(start, each);
  for (const each of stoppingSince ? secs.abortingTime : [])
    if (after(stopping, each) < end) yield after(stopping, each);
  for (const again of judgedAgainAt(of, pace)) if (again < end) yield again;
}

/**
 * The hours that turn while a run is looked at all the while and, on the straight line, wherever it runs: a budget's window
 * has what was spent in it.
 */
function* hoursOf({ points }: KnownCost, pace: Pace): Generator<number> {
  for (const [i, { at, slack }] of points.entries()) {
    const from = points[i - 1]?.at;
    if (from === undefined || (slack === undefined && pace !== "even")) continue;
    for (let hour = (Math.floor(from / HOUR_MS) + 1) * HOUR_MS; hour < at; hour += HOUR_MS) yield hour;
  }
}

type Costly = Replayed & { readonly cost: KnownCost };

/** What is shown at the points that are known: where nobody looked up to the next one, early, that one at once. */
function* atPoints(of: Costly, pace: Pace): Generator<Look> {
  const points = pointsAt(of.cost, pace);
  for (const [i, { at, microUsd }] of points.entries()) {
    const next = points[i + 1];
    const isBlind = next !== undefined && next.slack === undefined;
    const shown = pace === "early" && isBlind ? Math.max(microUsd, next.microUsd) : microUsd;
    yield { at, of, microUsd: shown, isLast: next === undefined };
  }
}

function* betweenPoints(of: Costly, steps: Steps, pace: Pace): Generator<Look> {
  const end = endOf(of);
  for (const at of timedAt(of, steps, pace))
    yield { at, of, microUsd: shownAt(of.cost, at, pace), isTimed: true, isLast: false };
  for (const step of steps.microUsd) {
    const reached = reachedAt(of.cost, step, pace);
    if (reached && reached.at < end && (pace === "even" || reached.isWatched))
      yield { at: reached.at, of, microUsd: Math.ceil(step), isLast: false };
  }
  for (const at of steps.byTheHour ? hoursOf(of.cost, pace) : [])
    yield { at, of, microUsd: shownAt(of.cost, at, pace), isLast: false };
}

/**
 * From when on what is new at a look may have been spent: since the look before or, where nobody looked, the point before; and since
 * its start of a run that may have been shown at 0 until then, as the ledger spreads it: that may be a cost that was not told.
 */
function sinceOf({ start, points }: KnownCost, at: number, before: Pick<Look, "at" | "microUsd">): number {
  if (!before.microUsd) return start;
  const next = points.findIndex((point) => point.at >= at);
  const from = points[next - 1]?.at ?? at;
  return points[next]?.slack === undefined ? from : Math.max(from, before.at);
}

/**
 * What a run came to beyond its last look alive is known to ticks once they have read it again, which may be minutes after its end: until
 * then budgets count what that look showed.
 */
function untilTold(end: Look, { points }: KnownCost): readonly Look[] {
  const { toldAt } = end.of;
  if (toldAt === undefined || toldAt.getTime() <= end.at) return [end];
  const { microUsd = 0 } = points.at(-2) ?? {};
  return [
    { ...end, booked: microUsd },
    { ...end, at: toldAt.getTime(), isOver: true, isLast: false },
  ];
}

/** With second looks, where gauges are believed only then. */
function withSecondLooks(
  looks: readonly Look[],
  of: Replayed,
  { typical }: Steps,
  pace: Pace,
): readonly Look[] {
  if (typical.length === 0) return looks;
  const { cost } = of;
  const second = looks
    .map(({ at }) => at + SECOND_LOOK_MS[pace])
    .filter((at) => at < endOf(of))
    .map(
      (at): Look => ({
        at,
        of,
        ...(cost && { microUsd: shownAt(cost, at, pace) }),
        isTimed: true,
        isLast: false,
      }),
    );
  return [...looks, ...second];
}

/** The instants at which something of a run may have come to a step: at all others what is known of it is as before. */
export function looksAt(of: Replayed, steps: Steps, pace: Pace): readonly Look[] {
  const { cost } = of;
  if (cost === undefined) {
    const timed = [...timedAt(of, steps, pace)].map((at): Look => ({ at, of, isTimed: true, isLast: false }));
    const all = [...timed, { at: startOf(of), of, isLast: false }, { at: endOf(of), of, isLast: true }];
    return withSecondLooks(all, of, steps, pace);
  }
  const costly = of as Costly;
  const found = [...betweenPoints(costly, steps, pace), ...atPoints(costly, pace)];
  const looks = withSecondLooks(found, of, steps, pace);
  if (!steps.byTheHour || pace === "even") return looks;
  const inOrder = looks.toSorted((a, b) => a.at - b.at);
  if (pace === "late")
    return inOrder
      .map((look, i): Look => ({ ...look, since: sinceOf(cost, look.at, inOrder[i - 1] ?? look) }))
      .flatMap((look) => (look.isLast ? untilTold(look, cost) : [look]));
  return inOrder.map((look, i): Look => {
    const next = inOrder[i + 1];
    return next ? { ...look, booked: Math.max(look.microUsd ?? 0, mostAt(cost, next.at)) } : look;
  });
}

/** One that Apify does not document, whatever it was: no rule judges it. */
const STRANGE = "UNKNOWN";

/** What it was doing then, as it was seen. */
function statusAt(of: Past, at: number, pace: Pace): string {
  const { run, watched: { readyUntil, stoppingSince } = {} } = of;
  if (isStrangeAt(of, at, pace)) return STRANGE;
  if (readyUntil && at <= readyUntil.getTime()) return "READY";
  if (stoppingSince && at >= stoppingSince.getTime())
    return run.status === "TIMED-OUT" ? "TIMING-OUT" : "ABORTING";
  return "RUNNING";
}

export function observationOf({ at, of, microUsd }: Look, pace: Pace): Observation {
  const { finishedAt: _end, usageTotalMicroUsd: _final, detail: _detail, ...run } = of.run;
  const { readyUntil, stoppingSince } = of.watched ?? {};
  return {
    run: {
      ...run,
      status: statusAt(of, at, pace),
      ...(microUsd !== undefined && !isUntoldAt(of, at, pace) && { usageTotalMicroUsd: microUsd }),
    },
    observedAt: new Date(at),
    source: "list",
    life: {
      number: 0,
      since: run.startedAt,
      looks: {},
      ...(readyUntil && { readyUntil }),
      ...(stoppingSince && { stoppingSince }),
    },
    ...(of.actorName !== undefined && { actorName: of.actorName }),
    ...(of.taskName !== undefined && { taskName: of.taskName }),
    ...(of.scheduleName !== undefined && { scheduleName: of.scheduleName }),
  };
}
