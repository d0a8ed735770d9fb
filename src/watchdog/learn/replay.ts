import {
  type ControlView,
  type Decision,
  decide,
  isBudgetRule,
  isLimitRule,
  type MicroUsd,
  type Policy,
  spenderKey,
} from "../../policy/index.ts";
import type { Applying } from "./applying.ts";
import { Bookings, type Known } from "./bookings.ts";
import { inTime } from "./in-time.ts";
import { leastAt, mostAt, overshootOf, type Pace, STOPS_WITHIN_MS } from "./known-cost.ts";
import { knownAgainAt, type Look, looksAt, observationOf, type Replayed } from "./looks.ts";

export type Stop = {
  readonly at: number;
  readonly decision: Decision;
  /** What it had cost by the time it had ended: in micro-dollars, at this pace. */
  readonly spent: MicroUsd;
};

export type Replay = {
  readonly stops: ReadonlyMap<string, Stop>;
  /** Each notice once, as live, and when. */
  readonly notices: ReadonlyMap<string, number>;
};

const COST = "usageTotalUsd";
const NO_CONTROL: ControlView = { exemptions: [], recentIntents: [], openRunIds: new Set() };

/** At which cost each rule on it stops a run first: its lowest such step, whichever is reached when the cost is next known. */
export const firstStops = ({ rules }: Policy): ReadonlyMap<string, MicroUsd> =>
  new Map(
    rules.filter(isLimitRule).flatMap(({ id, limit, steps }) => {
      const first = steps.find((step) => step.do !== "notify");
      return first && limit.metric === COST ? [[id, Math.ceil((first.at * limit.value) / 100)] as const] : [];
    }),
  );

/**
 * What a run comes to that is stopped then, at this pace. On its cost it is stopped by the step that it reaches first, unless
 * no rule could judge it by then.
 */
function spentBy(
  of: Replayed,
  { at, decision }: Omit<Stop, "spent">,
  pace: Pace,
  firsts: ReadonlyMap<string, MicroUsd>,
): MicroUsd {
  const { cost } = of;
  if (cost === undefined) return 0;
  const isOnCost = decision.evidence.metric === COST && !knownAgainAt(of).includes(at);
  const steps = [decision, ...decision.also].flatMap(({ ruleId }) => firsts.get(ruleId) ?? []);
  const reached = isOnCost ? Math.min(...steps) : leastAt(cost, at);
  if (pace === "late") return Math.min(cost.final, reached);
  const isKnown = isOnCost || cost.points.some((point) => point.at === at);
  const bound = isKnown ? reached + overshootOf(cost) : cost.final;
  return Math.min(isOnCost ? cost.final : mostAt(cost, at + STOPS_WITHIN_MS), bound);
}

/** How far a budget is beyond its step: by so much less it would have stopped as well. Of other rules all can be taken back. */
function overBudget({ step, evidence: { budget, measured, limit } }: Decision): MicroUsd {
  return budget === undefined ? Number.POSITIVE_INFINITY : Math.max(0, measured - (step.at * limit) / 100);
}

/** A run that has begun and not ended: its last look, and what is booked of it. */
type UnderWay = {
  readonly own: Applying;
  readonly spender: Known;
  readonly look: Look;
  booked: MicroUsd;
};

/** One pass over all runs in the order of time, asking what the tick asks. Nothing that comes later is looked at. */
export function replay(
  policy: Policy,
  runs: readonly Replayed[],
  { since, pace, applying }: { since: Date; pace: Pace; applying: (of: Replayed) => Applying },
): Replay {
  const stops = new Map<string, Stop>();
  const notices = new Map<string, number>();
  const live = new Map<string, UnderWay>();
  const names = new Map<string, Replayed>();
  for (const each of runs) names.set(spenderKey(each.run), each);
  const bookings = new Bookings(policy, since, (spender) => {
    const { actorName, taskName, scheduleName } = names.get(spenderKey(spender)) ?? {};
    return {
      ...(actorName !== undefined && { actorName }),
      ...(taskName !== undefined && { taskName }),
      ...(scheduleName !== undefined && { scheduleName }),
    };
  });

  const note = (now: Date, ...parts: readonly (string | number)[]): void => {
    const key = parts.join("/");
    if (!notices.has(key)) notices.set(key, now.getTime());
  };

  const judge = (rules: Policy, looks: readonly Look[], now: Date, withBudgets: boolean): void => {
    const observations = looks.map((look) => ({ ...observationOf(look), observedAt: now }));
    const { decisions, budgets } = decide({
      policy: rules,
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
      note(now, ruleId, subject.group, subject.from.toISOString(), step.at);
    const over = new Map<string, MicroUsd>();
    for (const decision of decisions) {
      const { runId } = decision.subject;
      if (decision.action === "notify") note(now, decision.ruleId, runId, decision.step.at);
      // What a budget may not stop yet, since its window is not filled, is held.
      if (decision.action === "notify" || decision.action === "hold") continue;
      const look = looks.find(({ of }) => of.run.id === runId);
      if (look === undefined) continue;
      const key = `${decision.ruleId}/${decision.evidence.budget?.group}`;
      const left = over.get(key) ?? overBudget(decision);
      over.set(key, left - stop(look, { at: now.getTime(), decision }, left));
    }
  };

  /** Late, nothing counts in a window that may have been spent before it. */
  const bookedAt = ({ at, since = at }: Look, now: number): Date => new Date(pace === "late" ? since : now);

  /** Takes back what the run would have spent, at most so much; returns that. */
  const stop = (look: Look, stopped: Omit<Stop, "spent">, most: MicroUsd): MicroUsd => {
    const { of } = look;
    const { booked = 0, spender = bookings.spenderOf(of.run) } = live.get(of.run.id) ?? {};
    const spent = Math.max(spentBy(of, stopped, pace, firsts), booked - most);
    bookings.add(spender, bookedAt(look, stopped.at), spent - booked);
    stops.set(of.run.id, { ...stopped, spent });
    live.delete(of.run.id);
    return Math.max(0, booked - spent);
  };

  const firsts = firstStops(policy);
  const hasBudgets = policy.rules.some(isBudgetRule);
  const looksOf = (each: Replayed): readonly Look[] => {
    const { hasLimits, steps } = applying(each);
    return hasLimits || hasBudgets ? looksAt(each, steps, pace) : [];
  };
  for (const look of inTime(runs, looksOf)) {
    const { run } = look.of;
    if (stops.has(run.id)) continue;
    const now = new Date(look.at);
    const before = live.get(run.id);
    const own = before?.own ?? applying(look.of);
    const is = {
      own,
      look,
      booked: before?.booked ?? 0,
      spender: before?.spender ?? bookings.spenderOf(run),
    };
    live.set(run.id, is);
    // What costs as much as at the look before is within the same limits on cost.
    const isNew = look.isTimed || (look.microUsd ?? 0) !== (before?.look.microUsd ?? 0);
    if (own.hasLimits && isNew) judge(own.policy, [look], now, false);
    if (!stops.has(run.id)) {
      const booked = look.booked ?? look.microUsd ?? 0;
      bookings.add(is.spender, bookedAt(look, look.at), booked - is.booked);
      is.booked = booked;
      if (bookings.saysSomething(is.spender, now))
        judge(
          policy,
          [...live.values()].map((each) => each.look),
          now,
          true,
        );
    }
    if (look.isLast) live.delete(run.id);
  }
  return { stops, notices };
}
