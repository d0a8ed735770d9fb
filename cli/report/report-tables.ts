import type { Tone } from "../../page/el.ts";
import { budgetWords, formatDuration, quantityWords } from "../../src/policy/index.ts";
import { groupWords } from "../../src/watchdog/audit/describe-budget.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import { subjectWords } from "../../src/watchdog/model/exemption.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { BudgetOver, BudgetSpent } from "../../src/watchdog/report/budget-windows.ts";
import type { ActorRow } from "../../src/watchdog/report/by-actor.ts";
import type { NearRun } from "../../src/watchdog/report/near-misses.ts";
import type { Report } from "../../src/watchdog/report/report.ts";
import { percent } from "../show/bar.ts";
import { count, paintShare, usdText } from "../show/words.ts";
import type { NameOf } from "../target/names.ts";
import type { Column } from "./part.ts";
import { savedCell, some } from "./stop-tables.ts";

const toneOf = (share: number): Tone => (share >= 1 ? "bad" : share >= 0.8 ? "warn" : "good");

export const nearColumns = (nameOf: NameOf): readonly Column<NearRun>[] => [
  { title: "RUN", cell: ({ runId }) => runId },
  { title: "ENDED (UTC)", cell: ({ at }) => minuteOf(at) },
  {
    title: "SHARE",
    align: "right",
    cell: ({ share }) => percent(share),
    paint: (text, { share }, paint) => paintShare(text, share, paint),
    bar: { title: "OF THE STEP", share: ({ share }) => share },
    tone: ({ share }) => toneOf(share),
  },
  { title: "RULE", cell: ({ ruleId }) => ruleId },
  { title: "ACTOR", cell: ({ actorId }) => nameOf(actorId) },
];

/** Of runs whose cost is not known alone it is not known what they came to. */
const isUnknown = ({ spent, runsOfUnknownCost }: BudgetSpent): boolean =>
  spent === 0 && runsOfUnknownCost > 0;

const shareOf = ({ rule, most }: BudgetOver): number | undefined =>
  most === undefined || isUnknown(most) ? undefined : most.spent / rule.budget.limit;

function mostText({ rule, most, notAllKnown }: BudgetOver): string {
  const { of } = rule.budget;
  if (most === undefined) return notAllKnown > 0 ? "unknown" : quantityWords(of, 0);
  if (isUnknown(most)) return "unknown";
  const { spent, runsOfUnknownCost: unknown } = most;
  return `${quantityWords(of, spent)}${unknown > 0 ? `, ${count(unknown, "run")} unknown` : ""}`;
}

function reachedText({ over, hasUnknownCost }: BudgetOver): string {
  if (over.length > 0) return `${over.length}×`;
  return hasUnknownCost ? "unknown" : "never";
}

export const budgetColumns = (nameOf: NameOf): readonly Column<BudgetOver>[] => [
  { title: "BUDGET", cell: ({ rule }) => rule.id },
  { title: "LIMIT", cell: ({ rule }) => budgetWords(rule.budget) },
  { title: "WINDOWS", align: "right", cell: ({ windows }) => String(windows), from: 110 },
  { title: "REACHED", align: "right", cell: reachedText },
  {
    title: "MOST",
    align: "right",
    cell: mostText,
  },
  {
    title: "SHARE",
    align: "right",
    cell: (budget) => {
      const share = shareOf(budget);
      return share === undefined ? "" : percent(share);
    },
    paint: (text, budget, paint) => paintShare(text, shareOf(budget) ?? 0, paint),
    bar: { title: "OF THE LIMIT", share: shareOf },
    tone: (budget) => {
      const share = shareOf(budget);
      return share === undefined ? undefined : toneOf(share);
    },
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

/** An Actor, or all of them; `part`: of all that was spent, as far as it is known. */
export type SpentRow = ActorRow & { readonly name: string; readonly part?: number };

export const ACTOR_COLUMNS: readonly Column<SpentRow>[] = [
  { title: "SPENT", align: "right", cell: ({ microUsd }) => usdText(microUsd) },
  {
    title: "PART",
    align: "right",
    cell: ({ part }) => (part === undefined ? "" : percent(part)),
    bar: { title: "OF ALL", share: ({ part }) => part },
  },
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
  { title: "ACTOR", cell: ({ name }) => name, isName: true },
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
    tone: ({ until }) => (until ? undefined : "warn"),
  },
  {
    title: "WHAT",
    cell: ({ id, text }) => (text.startsWith(id) ? text : text ? `${id}: ${text}` : id),
    wraps: true,
  },
];
