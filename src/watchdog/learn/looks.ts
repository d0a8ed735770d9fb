import { isLimitRule, type MicroUsd, type Observation, type Policy } from "../../policy/index.ts";
import { evenlyAt, evenlyWhen, type KnownCost, leastAt, mostAt } from "./known-cost.ts";
import type { Past } from "./past.ts";

/**
 * Which of the figures that are possible is shown between two that are known. `early`: the later one at once, so that all is
 * reached as early as can be; `late`: the earlier one until the last moment; `even`: what a straight line has, which is the
 * middle and no end of a range.
 */
export type Pace = "early" | "even" | "late";
const SHOWN = { early: mostAt, even: evenlyAt, late: leastAt } as const satisfies Readonly<
  Record<Pace, unknown>
>;

/** A run that ended, with what is known of its cost; without that it is judged by its time alone. */
export type Replayed = Past & {
  readonly cost?: KnownCost;
  readonly actorName?: string;
  readonly taskName?: string;
};

/** A look at one run. `isTimed`: a limit on time is reached just then; `isLast`: it has ended right after it. */
export type Look = {
  readonly at: number;
  readonly of: Replayed;
  readonly microUsd?: MicroUsd;
  /** What is new of it may have been spent from then on. */
  readonly since?: number;
  readonly isTimed?: true;
  readonly isLast: boolean;
};

/** At which figures of a metric a rule does something. */
export const stepsOn = ({ rules }: Policy, metric: string): readonly number[] =>
  rules
    .filter(isLimitRule)
    .filter(({ limit }) => limit.metric === metric)
    .flatMap(({ limit, steps }) => steps.map(({ at }) => (at * limit.value) / 100));

/** What is looked for: after so many seconds, and at so many micro-dollars. */
type Steps = { readonly secs: readonly number[]; readonly microUsd: readonly number[] };

/** The instants at which something of a run may have come to a step: at all others what is known of it is as before. */
export function* looksAt(of: Replayed, { secs, microUsd: costs }: Steps, pace: Pace): Generator<Look> {
  const { cost, run } = of;
  const start = run.startedAt.getTime();
  const end = Math.max(start, run.finishedAt?.getTime() ?? start);
  for (const each of secs) {
    const at = start + Math.ceil(each * 1000);
    if (at < end)
      yield { at, of, ...(cost && { microUsd: SHOWN[pace](cost, at) }), isTimed: true, isLast: false };
  }
  if (cost === undefined) {
    yield { at: start, of, isLast: false };
    yield { at: end, of, isLast: true };
    return;
  }
  for (const step of pace === "even" ? costs : []) {
    const at = evenlyWhen(cost, step);
    if (at !== undefined && at < end) yield { at, of, microUsd: Math.ceil(step), isLast: false };
  }
  for (const [i, { at, microUsd }] of cost.points.entries()) {
    const isLast = i === cost.points.length - 1;
    const next = cost.points[i + 1]?.microUsd ?? microUsd;
    const since = cost.points[i - 1]?.at ?? at;
    yield { at, of, microUsd: pace === "early" ? next : microUsd, since, isLast };
  }
}

export function observationOf({ at, of, microUsd }: Look): Observation {
  const { finishedAt: _end, usageTotalMicroUsd: _final, detail: _detail, ...run } = of.run;
  return {
    run: { ...run, status: "RUNNING", ...(microUsd !== undefined && { usageTotalMicroUsd: microUsd }) },
    observedAt: new Date(at),
    source: "list",
    life: { number: 0, since: run.startedAt, looks: {} },
    ...(of.actorName !== undefined && { actorName: of.actorName }),
    ...(of.taskName !== undefined && { taskName: of.taskName }),
  };
}
