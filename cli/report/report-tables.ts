import { budgetWords, formatDuration, formatUsd, type MicroUsd } from "../../src/policy/index.ts";
import { groupWords } from "../../src/watchdog/audit/describe-budget.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import { subjectWords } from "../../src/watchdog/model/exemption.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { BudgetOver, BudgetSpent } from "../../src/watchdog/report/budget-windows.ts";
import type { ActorRow } from "../../src/watchdog/report/by-actor.ts";
import type { EnforcedStop } from "../../src/watchdog/report/enforced.ts";
import type { NearRun } from "../../src/watchdog/report/near-misses.ts";
import type { ObservedStop } from "../../src/watchdog/report/observed.ts";
import type { Range } from "../../src/watchdog/report/range.ts";
import type { Report } from "../../src/watchdog/report/report.ts";
import { isWrong } from "../../src/watchdog/report/wrong-stops.ts";
import { rangeText } from "../evidence/backtest-lines.ts";
import { percent } from "../show/bar.ts";
import type { Column } from "../show/table.ts";
import { paintShare } from "../show/words.ts";

type NameOf = (id: string | undefined) => string;
type Stop = EnforcedStop | ObservedStop;

const usd = (microUsd: MicroUsd | undefined): string =>
  microUsd === undefined ? "unknown" : formatUsd(microUsd);
const some = (count: number): string => (count === 0 ? "" : String(count));
const savedCell = (stops: number, saved: Range<MicroUsd>): string => (stops === 0 ? "" : rangeText(saved));

/** What one rule stopped, or would have. */
export type RuleRow = {
  readonly rule: string;
  readonly enforced: readonly EnforcedStop[];
  readonly observed: readonly ObservedStop[];
};

const BY_HAND = "(by hand)";

export function ruleRows({ enforced, observed }: Report): readonly RuleRow[] {
  const ruleOf = ({ ruleId = BY_HAND }: Stop): string => ruleId;
  const [stopped, would] = [Map.groupBy(enforced.stops, ruleOf), Map.groupBy(observed.stops, ruleOf)];
  return [...new Set([...stopped.keys(), ...would.keys()])].map((rule) => ({
    rule,
    enforced: stopped.get(rule) ?? [],
    observed: would.get(rule) ?? [],
  }));
}

const savedBy = (stops: readonly Stop[]): string => {
  const known = stops.flatMap(({ savedMicroUsd }) => savedMicroUsd ?? []);
  if (stops.length === 0) return "";
  if (known.length === 0) return "unknown";
  const sum = (end: "from" | "to") => known.reduce((total, each) => total + each[end], 0);
  return rangeText({ from: sum("from"), to: sum("to") });
};

export const RULE_COLUMNS: readonly Column<RuleRow>[] = [
  { title: "RULE", cell: ({ rule }) => rule },
  { title: "STOPPED", align: "right", cell: ({ enforced }) => some(enforced.length) },
  { title: "SAVED", align: "right", cell: ({ enforced }) => savedBy(enforced) },
  { title: "WOULD STOP", align: "right", cell: ({ observed }) => some(observed.length) },
  { title: "WOULD HAVE SAVED", align: "right", cell: ({ observed }) => savedBy(observed) },
  {
    title: "WRONG",
    align: "right",
    cell: ({ enforced, observed }) => some([...enforced, ...observed].filter(isWrong).length),
    paint: (text, _row, paint) => paint("red", text),
  },
];

export const stopColumns = (nameOf: NameOf): readonly Column<Stop>[] => [
  { title: "RUN", cell: ({ runId }) => runId },
  { title: "WHEN (UTC)", cell: ({ at }) => minuteOf(at) },
  { title: "RULE", cell: ({ ruleId = BY_HAND }) => ruleId },
  { title: "COST", align: "right", cell: ({ costMicroUsd }) => usd(costMicroUsd) },
  {
    title: "WHY WRONG",
    cell: (stop) => {
      if (stop.verdict === "wrong") return "judged wrong";
      return "undone" in stop ? "undone" : `in truth ${stop.status}`;
    },
  },
  { title: "ACTOR", cell: ({ actorId }) => nameOf(actorId) },
];

export const nearColumns = (nameOf: NameOf): readonly Column<NearRun>[] => [
  { title: "RUN", cell: ({ runId }) => runId },
  { title: "ENDED (UTC)", cell: ({ at }) => minuteOf(at) },
  {
    title: "SHARE",
    align: "right",
    cell: ({ share }) => percent(share),
    paint: (text, { share }, paint) => paintShare(text, share, paint),
  },
  { title: "RULE", cell: ({ ruleId }) => ruleId },
  { title: "ACTOR", cell: ({ actorId }) => nameOf(actorId) },
];

const shareOf = ({ rule }: BudgetOver, { spentMicroUsd }: BudgetSpent): number =>
  spentMicroUsd / rule.budget.microUsd;

export const budgetColumns = (nameOf: NameOf): readonly Column<BudgetOver>[] => [
  { title: "BUDGET", cell: ({ rule }) => rule.id },
  { title: "LIMIT", cell: ({ rule }) => budgetWords(rule.budget) },
  { title: "WINDOWS", align: "right", cell: ({ windows }) => String(windows), from: 110 },
  { title: "REACHED", align: "right", cell: ({ over }) => (over.length === 0 ? "never" : `${over.length}×`) },
  {
    title: "MOST SPENT",
    align: "right",
    cell: ({ most, notAllKnown }) =>
      most ? formatUsd(most.spentMicroUsd) : notAllKnown > 0 ? "unknown" : "$0.00",
  },
  {
    title: "SHARE",
    align: "right",
    cell: (budget) => (budget.most ? percent(shareOf(budget, budget.most)) : ""),
    paint: (text, budget, paint) =>
      budget.most ? paintShare(text, shareOf(budget, budget.most), paint) : text,
  },
  {
    title: "BY",
    from: 90,
    cell: ({ most }) =>
      most
        ? groupWords({
            ...most.place,
            group: most.place.each === "actor" ? nameOf(most.place.group) : most.place.group,
          })
        : "",
  },
  { title: "FROM (UTC)", cell: ({ most }) => (most ? minuteOf(most.place.from) : ""), from: 110 },
  {
    title: "NOT KNOWN",
    align: "right",
    cell: ({ notAllKnown }) => some(notAllKnown),
  },
];

/** An Actor, or all of them. */
export type SpentRow = ActorRow & { readonly name: string };

export const ACTOR_COLUMNS: readonly Column<SpentRow>[] = [
  { title: "SPENT", align: "right", cell: ({ microUsd }) => usd(microUsd) },
  {
    title: "COST UNKNOWN",
    align: "right",
    cell: ({ runsOfUnknownCost: runs }) => (runs === 0 ? "" : runs === 1 ? "1 run" : `${runs} runs`),
  },
  { title: "STOPPED", align: "right", cell: ({ stops }) => some(stops) },
  { title: "SAVED", align: "right", cell: ({ stops, savedMicroUsd }) => savedCell(stops, savedMicroUsd) },
  { title: "WOULD STOP", align: "right", cell: ({ observed }) => some(observed) },
  {
    title: "WOULD HAVE SAVED",
    align: "right",
    cell: ({ observed, forgoneMicroUsd }) => savedCell(observed, forgoneMicroUsd),
  },
  { title: "ACTOR", cell: ({ name }) => name },
];

type Ended = {
  readonly subject?: Parameters<typeof subjectWords>[0];
  readonly name?: string;
  readonly owner?: string;
  readonly grantedFor?: string;
  readonly reason?: string;
};
const endedIn = ({ change = {} }: Entry): Ended => change as Ended;

export const EXEMPTION_COLUMNS: readonly Column<Entry>[] = [
  { title: "ENDED (UTC)", cell: ({ at }) => minuteOf(at) },
  {
    title: "EXEMPT",
    cell: (entry) => {
      const { subject, name } = endedIn(entry);
      return subjectWords(subject && { ...subject, id: name ?? subject.id });
    },
  },
  { title: "OWNER", cell: (entry) => endedIn(entry).owner ?? "" },
  { title: "GRANTED FOR", cell: (entry) => endedIn(entry).grantedFor ?? "" },
  { title: "ENDED BECAUSE", cell: (entry) => endedIn(entry).reason ?? "" },
];

export const ATTENTION_COLUMNS: readonly Column<Report["attention"][number]>[] = [
  { title: "LASTED", align: "right", cell: ({ lastedMs }) => formatDuration(Math.round(lastedMs / 1000)) },
  { title: "SINCE (UTC)", cell: ({ from }) => minuteOf(from) },
  {
    title: "UNTIL",
    cell: ({ until }) => (until ? minuteOf(until) : "not over"),
    paint: (text, { until }, paint) => (until ? text : paint("yellow", text)),
  },
  { title: "WHAT", cell: ({ id, text }) => (text.startsWith(id) ? text : `${id}: ${text}`), wraps: true },
];
