import { type BudgetGuard, periodWords, quantityWords, toMicroUsd } from "../../policy/index.ts";
import type { EntryBudget, EntryDraft, EntryEvidence } from "../model/entry.ts";
import { minuteOf } from "../model/minute.ts";

const GROUP_WORDS: Readonly<Record<string, (group: string) => string>> = {
  account: () => "the account",
  actor: (id) => `Actor ${id}`,
  task: (id) => `task ${id}`,
  schedule: (id) => `schedule ${id}`,
  origin: (origin) => `origin ${origin}`,
};

/** Whose budget: `the account`, `Actor hG7…`. */
export const groupWords = ({ each, group }: Pick<EntryBudget, "each" | "group">): string =>
  GROUP_WORDS[each]?.(group) ?? group;

/** An amount of a budget as people read it, of a figure in USD or a count: `$31.20`, `20 failures`. */
const amountWords = (of: string, figure: number): string =>
  quantityWords(of, of === "usd" ? toMicroUsd(figure) : figure);

/** `$31.20 of $50.00 a day`, of figures in USD; of counts `12 of 20 failures an hour`. */
export function budgetAmounts(
  { of = "usd", per }: Pick<EntryBudget, "of" | "per">,
  measured: number,
  limit: number,
): string {
  const spent = of === "usd" ? amountWords(of, measured) : String(measured);
  return `${spent} of ${amountWords(of, limit)} ${periodWords(per)}`;
}

const VERBS: Readonly<Record<string, string>> = { runs: "started", failures: "had" };
/** What a group has done that its budget limits: it `spent`, `started` runs, or `had` failures. */
export const budgetVerb = ({ of = "usd" }: Pick<EntryBudget, "of">): string => VERBS[of] ?? "spent";

/** `, unknown of 4 runs`: so many have cost something that Apify does not tell, and that is in no sum. */
export const unknownOfRuns = (runs = 0): string =>
  runs === 0 ? "" : `, unknown of ${runs === 1 ? "1 run" : `${runs} runs`}`;

/** `the account spent $310.02 of $300.00 a month`; of a projection, `… will have spent … by 2026-12-01 00:00`. */
export function againstBudget(
  budget: EntryBudget,
  { measured, limit, basis, facts = {} }: Pick<EntryEvidence, "measured" | "limit" | "basis" | "facts">,
): string {
  const amounts = budgetAmounts(budget, measured, limit);
  if (basis === "account") return `${groupWords(budget)} has used ${amounts}, by Apify's own figure`;
  const untold = unknownOfRuns(facts.runsOfUnknownCost);
  if (basis === "projected")
    return `${groupWords(budget)} will have ${budgetVerb(budget)} ${amounts} by ${minuteOf(budget.to)}${untold}`;
  return `${groupWords(budget)} ${budgetVerb(budget)} ${amounts}${untold}`;
}

const HELD_WORDS: Readonly<Record<BudgetGuard, string>> = {
  unfilledWindow: "the ledger does not go back to its window's beginning",
  staleLedger: "the ledger is not up to date",
};

/** Why a budget stops nothing for now: `stops nothing yet: the ledger …`. */
export const budgetHeld = (guard: BudgetGuard): string =>
  `stops nothing ${guard === "unfilledWindow" ? "yet" : "now"}: ${HELD_WORDS[guard]}`;

const HOLDS = "the schedules that start its runs are to be held";
const WOULD_HOLD = "the schedules that start its runs would be held; the rule is only observed";

/** Of a run a step is passed; of a budget it is told at which step, and what that does to its runs. */
export function noticeWords({ subject, step, evidence, mode }: EntryDraft, facts: string) {
  if (subject.kind !== "budget") return { word: "NOTICE", text: `${facts} has passed ${step?.at}%` };
  const text = `${facts}, at ${step?.at}%`;
  if (step?.do === "hold")
    return { word: "HOLD", text: `${text}: ${mode === "observe" ? WOULD_HOLD : HOLDS}` };
  const isSpent = step?.do !== "notify" && evidence?.basis !== "projected";
  return { word: isSpent ? "SPENT" : "NOTICE", text };
}
