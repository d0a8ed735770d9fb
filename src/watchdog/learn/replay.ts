import {
  type ControlView,
  decide,
  isBudgetRule,
  looksAfter,
  type MicroUsd,
  type Observation,
  type Policy,
  spenderKey,
  type Typical,
} from "../../policy/index.ts";
import type { Applying } from "./applying.ts";
import { Bookings, type Known } from "./bookings.ts";
import { inTime } from "./in-time.ts";
import type { Pace } from "./known-cost.ts";
import { type Look, looksAt, observationOf, type Replayed } from "./looks.ts";
import { firstStops, overBudget, type Stop, spentBy } from "./spent-by.ts";
import { stepsBy } from "./steps.ts";
import { type TypicalThen, typicalThen } from "./typical-then.ts";

export type Replay = {
  readonly stops: ReadonlyMap<string, Stop>;
  /** Each notice once, as live, and when. */
  readonly notices: ReadonlyMap<string, number>;
};

const NO_CONTROL: ControlView = { exemptions: [], recentIntents: [], openRunIds: new Set() };

/** A run that has begun and not ended: its last look, and what is booked of it. */
type UnderWay = {
  readonly own: Applying;
  readonly spender: Known;
  readonly look: Look;
  /** What is typical of it, as a tick may have known. */
  readonly typical?: Typical | undefined;
  /** Since when gauges have been at their steps. */
  looks?: Observation["life"]["looks"];
  booked: MicroUsd;
};

/** As a tick would have seen it. */
function observed({ look, typical, looks = {} }: UnderWay, now: Date, pace: Pace): Observation {
  const observation = observationOf(look, pace);
  const life = { ...observation.life, looks };
  return { ...observation, observedAt: now, life, ...(typical && { typical }) };
}

/** One pass over all runs in the order of time, asking what the tick asks. Nothing that comes later is looked at. */
export function replay(
  policy: Policy,
  runs: readonly Replayed[],
  {
    since,
    pace,
    applying,
    typical = typicalThen(runs),
  }: { since: Date; pace: Pace; applying: (of: Replayed) => Applying; typical?: TypicalThen },
): Replay {
  const stops = new Map<string, Stop>();
  const notices = new Map<string, number>();
  const live = new Map<string, UnderWay>();
  /** Those that have ended, and not all of whose cost is booked yet. */
  const awaited = new Map<string, Pick<UnderWay, "spender" | "booked">>();
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

  const judge = (rules: Policy, all: readonly UnderWay[], now: Date, withBudgets: boolean): void => {
    const observations = all.map((each) => observed(each, now, pace));
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
      const look = all.find((each) => each.look.of.run.id === runId)?.look;
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
    if (!hasLimits && !hasBudgets) return [];
    const own = steps.typical.length > 0 ? stepsBy(steps, typical(each, pace) ?? {}) : steps;
    return looksAt(each, own, pace);
  };
  for (const look of inTime(runs, looksOf)) {
    const { run } = look.of;
    if (stops.has(run.id)) continue;
    const now = new Date(look.at);
    if (look.isOver) {
      const { spender, booked } = awaited.get(run.id) ?? { spender: bookings.spenderOf(run), booked: 0 };
      awaited.delete(run.id);
      bookings.add(spender, bookedAt(look, look.at), (look.microUsd ?? 0) - booked);
      if (bookings.saysSomething(spender, now)) judge(policy, [...live.values()], now, true);
      continue;
    }
    const before = live.get(run.id);
    const own = before?.own ?? applying(look.of);
    const isGauged = own.steps.typical.length > 0;
    const is: UnderWay = {
      own,
      look,
      ...(isGauged && {
        typical: before ? before.typical : typical(look.of, pace),
        looks: before?.looks ?? {},
      }),
      booked: before?.booked ?? 0,
      spender: before?.spender ?? bookings.spenderOf(run),
    };
    live.set(run.id, is);
    // What costs as much as at the look before is within the same limits on cost.
    const isNew = look.isTimed || (look.microUsd ?? 0) !== (before?.look.microUsd ?? 0);
    if (own.hasLimits && isNew) judge(own.policy, [is], now, false);
    if (isGauged) is.looks = looksAfter(own.policy.rules, observed(is, now, pace), now);
    if (!stops.has(run.id)) {
      const booked = look.booked ?? look.microUsd ?? 0;
      bookings.add(is.spender, bookedAt(look, look.at), booked - is.booked);
      is.booked = booked;
      if (bookings.saysSomething(is.spender, now)) judge(policy, [...live.values()], now, true);
    }
    if (look.isLast && live.delete(run.id) && look.booked !== undefined) awaited.set(run.id, is);
  }
  return { stops, notices };
}
