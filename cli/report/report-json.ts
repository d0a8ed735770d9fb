import { type MicroUsd, plainAmount, toUsd } from "../../src/policy/index.ts";
import type { Range } from "../../src/watchdog/learn/stops.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import type { BudgetOver, BudgetSpent } from "../../src/watchdog/report/budget-windows.ts";
import type { EnforcedStop } from "../../src/watchdog/report/enforced.ts";
import type { ObservedStop } from "../../src/watchdog/report/observed.ts";
import type { Report } from "../../src/watchdog/report/report.ts";
import type { NameOf } from "../target/names.ts";

const usdOrNull = (microUsd: MicroUsd | undefined): number | null =>
  microUsd === undefined ? null : toUsd(microUsd);
const rangeOrNull = (range: Range<MicroUsd> | undefined) =>
  range === undefined ? null : { from: toUsd(range.from), to: toUsd(range.to) };

const stopTold = (stop: EnforcedStop | ObservedStop, nameOf: NameOf) => {
  const { costMicroUsd, savedMicroUsd, ...rest } = stop;
  return {
    ...rest,
    actor: stop.actorId === undefined ? null : nameOf(stop.actorId),
    costUsd: usdOrNull(costMicroUsd),
    savedUsd: rangeOrNull(savedMicroUsd),
  };
};

const spentTold = ({ place, spent, runsOfUnknownCost }: BudgetSpent, { rule: { budget } }: BudgetOver) => ({
  ...place,
  spent: plainAmount(budget, spent),
  ...(budget.of === "usd" && { usd: toUsd(spent) }),
  share: spent / budget.limit,
  runsOfUnknownCost,
});

const budgetTold = (budget: BudgetOver) => ({
  ruleId: budget.rule.id,
  of: budget.rule.budget.of,
  limit: plainAmount(budget.rule.budget, budget.rule.budget.limit),
  ...(budget.rule.budget.of === "usd" && { limitUsd: toUsd(budget.rule.budget.limit) }),
  windows: budget.windows,
  windowsNotAllKnown: budget.notAllKnown,
  over: budget.over.map((each) => spentTold(each, budget)),
  most: budget.most ? spentTold(budget.most, budget) : null,
  current: budget.current.map((each) => spentTold(each, budget)),
});

const exemptionTold = ({ entryId, at, by, change = {} }: Entry) => ({ entryId, endedAt: at, by, ...change });

/** A report for programs: money in USD, instants in ISO 8601; what is not known is `null`. */
export function reportTold(report: Report, timeZone: string, nameOf: NameOf): object {
  const { span, until, enforced, observed, spend, unwatched } = report;
  const { heartbeat, pausedMs, gapMs, completeSince, completeAt, unreadable } = unwatched;
  return {
    from: span.from,
    to: span.to,
    until,
    timeZone,
    saved: {
      enforced: {
        stops: enforced.stops.map((each) => stopTold(each, nameOf)),
        savedUsd: rangeOrNull(enforced.savedMicroUsd),
      },
      observed: {
        stops: observed.stops.map((each) => stopTold(each, nameOf)),
        savedUsd: rangeOrNull(observed.savedMicroUsd),
      },
      held: Object.fromEntries(report.held),
      warned: report.warned,
    },
    overshoot: report.overshoot,
    wrongStops: report.wrongStops,
    nearMisses: report.nearMisses?.map((each) => ({ ...each, actor: nameOf(each.actorId) })) ?? null,
    budgets: report.budgets.map(budgetTold),
    actors: report.actors.map(({ microUsd, savedMicroUsd, forgoneMicroUsd, ...row }) => ({
      ...row,
      name: nameOf(row.actorId),
      usd: usdOrNull(microUsd),
      savedUsd: rangeOrNull(savedMicroUsd),
      wouldHaveSavedUsd: rangeOrNull(forgoneMicroUsd),
    })),
    totalUsd: usdOrNull(spend.total.microUsd),
    runsOfUnknownCost: spend.total.runsOfUnknownCost,
    unknownBefore: spend.total.unknownBefore ?? null,
    exemptionsEnded: report.exemptionsEnded.map(exemptionTold),
    attention: report.attention.map(({ id, text, from, until: end, lastedMs }) => ({
      id,
      text,
      from,
      until: end ?? null,
      secs: Math.round(lastedMs / 1000),
    })),
    notWatched: {
      pausedSecs: Math.round(pausedMs / 1000),
      gapSecs: Math.round(gapMs / 1000),
      ledgerCompleteSince: completeSince ?? null,
      lastCompleteTickAt: completeAt ?? null,
      blind: heartbeat?.blind ?? [],
      skipped: heartbeat?.skipped ?? {},
      unreadableEntries: unreadable,
    },
  };
}
