import {
  type ControlView,
  type Decision,
  decide,
  isLimitRule,
  type MicroUsd,
  type Observation,
  type Policy,
} from "../../policy/index.ts";
import { Bookings } from "./bookings.ts";
import {
  evenlyAt,
  evenlyWhen,
  type KnownCost,
  leastAt,
  mostAt,
  overshootOf,
  STOPS_WITHIN_MS,
} from "./known-cost.ts";
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

export type Stop = {
  readonly at: number;
  readonly decision: Decision;
  /** What it had cost by the time it had ended: in micro-dollars, at this pace. */
  readonly spent: MicroUsd;
};

export type Replay = {
  readonly stops: ReadonlyMap<string, Stop>;
  /** Each notice once, as live. */
  readonly notices: ReadonlySet<string>;
};

/** A look at one run. `isTimed`: a limit on time is reached just then; `isLast`: it has ended right after it. */
type Look = {
  readonly at: number;
  readonly of: Replayed;
  readonly microUsd?: MicroUsd;
  readonly isTimed?: true;
  readonly isLast: boolean;
};

const NO_CONTROL: ControlView = { exemptions: [], recentIntents: [], openRunIds: new Set() };

/** At which figures of a metric a rule does something. */
const stepsOn = ({ rules }: Policy, metric: string): readonly number[] =>
  rules
    .filter(isLimitRule)
    .filter(({ limit }) => limit.metric === metric)
    .flatMap(({ limit, steps }) => steps.map(({ at }) => (at * limit.value) / 100));

/** What is looked for: after so many seconds, and at so many micro-dollars. */
type Steps = { readonly secs: readonly number[]; readonly microUsd: readonly number[] };

/** The instants at which something of a run may have come to a step: at all others what is known of it is as before. */
function* looksAt(of: Replayed, { secs, microUsd: costs }: Steps, pace: Pace): Generator<Look> {
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
    yield { at, of, microUsd: pace === "early" ? next : microUsd, isLast };
  }
}

function observationOf({ at, of, microUsd }: Look): Observation {
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

/** What a run comes to that is stopped then, at this pace. A step on its cost is reached at its own figure. */
function spentBy({ cost }: Replayed, { at, decision }: Omit<Stop, "spent">, pace: Pace): MicroUsd {
  if (cost === undefined) return 0;
  const { metric, limit } = decision.evidence;
  const isOnCost = metric === "usageTotalUsd";
  const reached = isOnCost ? Math.ceil((decision.step.at * limit) / 100) : leastAt(cost, at);
  if (pace === "late") return Math.min(cost.final, reached);
  const isKnown = isOnCost || cost.points.some((point) => point.at === at);
  const bound = isKnown ? reached + overshootOf(cost) : cost.final;
  return Math.min(isOnCost ? cost.final : mostAt(cost, at + STOPS_WITHIN_MS), bound);
}

/** One pass over all runs in the order of time, asking what the tick asks. Nothing that comes later is looked at. */
export function replay(policy: Policy, runs: readonly Replayed[], since: Date, pace: Pace): Replay {
  const stops = new Map<string, Stop>();
  const notices = new Set<string>();
  const live = new Map<string, { readonly look: Look; readonly booked: MicroUsd }>();
  const names = new Map(runs.map((each) => [`${each.run.actorId}|${each.run.actorTaskId ?? ""}`, each]));
  const bookings = new Bookings(policy, since, ({ actorId, actorTaskId = "" }) => {
    const { actorName, taskName } = names.get(`${actorId}|${actorTaskId}`) ?? {};
    return { ...(actorName !== undefined && { actorName }), ...(taskName !== undefined && { taskName }) };
  });

  const judge = (looks: readonly Look[], now: Date, withBudgets: boolean): void => {
    const observations = looks.map((look) => ({ ...observationOf(look), observedAt: now }));
    const { decisions, budgets } = decide({
      policy,
      observations,
      ...(withBudgets && { ledger: bookings.view(now) }),
      control: NO_CONTROL,
      blast: {
        tick: { id: "replay", startedAt: now },
        liveRunIds: new Set(observations.map(({ run }) => run.id)),
      },
      now,
    });
    for (const { ruleId, subject, step } of budgets)
      notices.add(`${ruleId}/${subject.group}/${subject.from.toISOString()}/${step.at}`);
    for (const decision of decisions) {
      const { runId } = decision.subject;
      if (decision.action === "notify") notices.add(`${decision.ruleId}/${runId}/${decision.step.at}`);
      // What a budget may not stop yet, since its window is not filled, is held.
      if (decision.action === "notify" || decision.action === "hold") continue;
      const look = looks.find(({ of }) => of.run.id === runId);
      if (look !== undefined) stop(look.of, { at: now.getTime(), decision });
    }
  };

  const stop = (of: Replayed, stopped: Omit<Stop, "spent">): void => {
    const { id } = of.run;
    const spent = spentBy(of, stopped, pace);
    const { booked = 0 } = live.get(id) ?? {};
    bookings.add(of.run, new Date(stopped.at), spent - booked);
    stops.set(id, { ...stopped, spent });
    live.delete(id);
  };

  const steps = { secs: stepsOn(policy, "runTime"), microUsd: stepsOn(policy, "usageTotalUsd") };
  const looks = runs.flatMap((each) => [...looksAt(each, steps, pace)]);
  for (const look of looks.sort((a, b) => a.at - b.at)) {
    const { id } = look.of.run;
    if (stops.has(id)) continue;
    const now = new Date(look.at);
    const before = live.get(id);
    live.set(id, { look, booked: before?.booked ?? 0 });
    // What costs as much as at the look before is within the same limits on cost.
    if (look.isTimed || (look.microUsd ?? 0) !== (before?.look.microUsd ?? 0)) judge([look], now, false);
    if (!stops.has(id)) {
      const booked = look.microUsd ?? 0;
      bookings.add(look.of.run, now, booked - (live.get(id)?.booked ?? 0));
      live.set(id, { look, booked });
      if (bookings.saysSomething(look.of.run, now))
        judge(
          [...live.values()].map((each) => each.look),
          now,
          true,
        );
    }
    if (look.isLast) live.delete(id);
  }
  return { stops, notices };
}
