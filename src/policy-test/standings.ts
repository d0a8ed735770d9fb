import { budgetLooksAfter } from "../policy/judge/budgets/budget-looks.ts";
import { type BudgetStandings, standingsOf } from "../policy/judge/budgets/budgets.ts";
import { groupFor } from "../policy/judge/budgets/spend-groups.ts";
import { TWO_LOOKS_SECS } from "../policy/limits/looks.ts";
import type { Observation } from "../policy/observation.ts";
import { type BudgetRule, isBudgetRule, type Policy } from "../policy/policy.ts";
import { isLive } from "../policy/run.ts";
import type { LedgerView, LiveSpend } from "../policy/spend/ledger-view.ts";
import { windowAt } from "../policy/spend/windows.ts";
import { toUsd } from "../policy/values/money.ts";
import { hourSlot } from "../policy/values/slots.ts";
import type { Case } from "./case-file.ts";

/** Where budgets stand in a case: what is said to be spent of each, else what the case's own runs have cost. */

type Unrecorded = Pick<LiveSpend, "unrecorded" | "uncounted">;

/** What a run of a case has by itself: its cost, all of it in this hour, and its start. */
const ownOf = ({ usageTotalMicroUsd = 0, startedAt }: Observation["run"], now: Date): Unrecorded => ({
  unrecorded: { [hourSlot(now)]: usageTotalMicroUsd },
  uncounted: { runs: { [hourSlot(startedAt)]: 1 } },
});

/** So much of what a budget is of, in this hour. What a case says is read as money before the policy is known. */
function saidOf({ budget: { of } }: BudgetRule, microUsd: number, now: Date): Unrecorded {
  const slot = hourSlot(now);
  return of === "usd"
    ? { unrecorded: { [slot]: microUsd } }
    : { unrecorded: {}, uncounted: { [of]: { [slot]: toUsd(microUsd) } } };
}

function spendOf(
  { run, actorName, taskName, scheduleName, ...seen }: Observation,
  unrecorded: Unrecorded,
): LiveSpend {
  const { actorId, actorTaskId, scheduleId, origin, startedAt, usageTotalMicroUsd } = run;
  const burn = seen.measuredBurnMicroUsdPerHour;
  return {
    actorId,
    startedAt,
    ...unrecorded,
    ...(actorTaskId !== undefined && { actorTaskId }),
    ...(scheduleId !== undefined && { scheduleId }),
    ...(origin !== undefined && { origin }),
    ...(actorName !== undefined && { actorName }),
    ...(taskName !== undefined && { taskName }),
    ...(scheduleName !== undefined && { scheduleName }),
    ...(usageTotalMicroUsd !== undefined && { usageTotalMicroUsd }),
    ...(burn !== undefined && isLive(run.status) && { measuredBurnMicroUsdPerHour: burn }),
  };
}

/** The first run of each group is given what the whole group has spent, the others nothing more. */
function liveOf(rule: BudgetRule, { spent, now }: Case, seen: readonly Observation[]): readonly LiveSpend[] {
  const said = spent?.[rule.id];
  const given = new Set<string | undefined>();
  return seen.map((each) => {
    const own = spendOf(each, ownOf(each.run, now));
    const group = groupFor(rule, own);
    if (said === undefined || group === undefined) return own;
    const isFirst = !given.has(group);
    given.add(group);
    return spendOf(each, saidOf(rule, isFirst ? said : 0, now));
  });
}

/** A ledger that has known all since long ago and is up to date, as far as one budget goes. */
function ledgerFor(policy: Policy, rule: BudgetRule, each: Case, seen: readonly Observation[]): LedgerView {
  const { now, accountUsage } = each;
  const cycle = windowAt({ ...rule.budget, per: "month", timeZone: "UTC" }, now, undefined);
  const ledger: LedgerView = {
    recorded: { cells: [], nameOf: () => ({}) },
    live: liveOf(rule, each, seen),
    readAt: now,
    ...(cycle && { cycle }),
    ...(accountUsage !== undefined && { accountUsage: { microUsd: accountUsage, readAt: now } }),
    completeSince: new Date(0),
    countedSince: new Date(0),
    lastCompleteAt: now,
    looks: {},
  };
  if (each.runs.some(({ written }) => written.looks === "first")) return ledger;
  // What is at a step now was there at the look before.
  const before = new Date(now.getTime() - TWO_LOOKS_SECS * 1000);
  const looks = budgetLooksAfter({ ...policy, rules: [rule] }, { ...ledger, readAt: before }, now);
  return { ...ledger, looks, lookedAt: before };
}

/** Where the budgets stand for the runs of a case, each by what is said of it. */
export function standingsIn(policy: Policy, each: Case, seen: readonly Observation[]): BudgetStandings {
  const all = policy.rules
    .filter(isBudgetRule)
    .map((rule) => standingsOf({ ...policy, rules: [rule] }, ledgerFor(policy, rule, each, seen), each.now));
  return {
    groups: new Map(all.flatMap(({ groups }) => [...groups])),
    unknown: new Map(all.flatMap(({ unknown }) => [...unknown])),
  };
}
