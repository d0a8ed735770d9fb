import type { Budget, Each, Period } from "../policy.ts";
import { formatCount } from "../values/count.ts";
import { formatUsd } from "../values/money.ts";

const PERIOD_WORDS: Readonly<Record<Period, string>> = {
  hour: "an hour",
  day: "a day",
  week: "a week",
  month: "a month",
  cycle: "a usage cycle",
};

/** `a day`, `a usage cycle`; of what was written down, whatever that is. */
export const periodWords = (per: string): string =>
  (PERIOD_WORDS as Readonly<Record<string, string | undefined>>)[per] ?? `a ${per}`;

const EACH_WORDS: Readonly<Record<Each, string>> = {
  account: "in all",
  actor: "for each Actor",
  task: "for each task",
  schedule: "for each schedule",
  origin: "for each origin",
};

/** Where a local midnight begins it. Hours begin with UTC's, and cycles when Apify says. */
const hangsOnZone = ({ per }: Budget): boolean => per === "day" || per === "week" || per === "month";

/** An amount of a quantity, in micro-dollars or a count: `$31.20`, `1 run`, `20 failures`. */
export const quantityWords = (of: string, amount: number): string =>
  of === "runs" || of === "failures" ? formatCount(amount, of.slice(0, -1)) : formatUsd(amount);

/** A budget as people read it: `$300 a month for each Actor`, `20 failures an hour for each schedule`. */
export function budgetWords(budget: Budget): string {
  const { of, limit, per, each, timeZone } = budget;
  const amount = quantityWords(of, limit).replace(/\.00$/, "");
  const zone = timeZone !== "UTC" && hangsOnZone(budget) ? ` (${timeZone})` : "";
  return `${amount} ${PERIOD_WORDS[per]} ${EACH_WORDS[each]}${zone}`;
}
