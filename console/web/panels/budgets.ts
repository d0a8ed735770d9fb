import type { VNode } from "preact";
import { shareBar } from "../../../page/bars.ts";
import { type Child, el, type Tone } from "../../../page/el.ts";
import { budgetAmounts, budgetHeld, groupWords } from "../../../src/watchdog/audit/describe-budget.ts";
import { NEAR, type Pace, paceOf, stepAt } from "../pace.ts";
import { hashOf } from "../state.ts";
import type { Budget, Budgets, Status } from "../told.ts";
import { capital, clockText, count, fromNow, percentText, stepWords, usdText } from "../words.ts";
import { frame, type Seen } from "./frame.ts";

export type NameOf = (actorId: string) => string;

export type BudgetsLook = {
  readonly nameOf: NameOf;
  readonly isAll: boolean;
  readonly onAll: () => void;
};

/** So many of a policy's groups are shown at once: a budget for each of 300 Actors has as many. */
const MOST = 8;

const toneOf = (share: number): Tone | undefined => (share >= 1 ? "bad" : share >= NEAR ? "warn" : undefined);

const whose = ({ budget }: Budget, nameOf: NameOf): string =>
  budget.each === "actor" ? nameOf(budget.group) : capital(groupWords(budget));

/** How far the window is, and whether that is faster or slower than the money goes. */
function paceText({ share, budget: { to } }: Budget, { gone, atEnd }: Pace, now: Date): string {
  const window = `${percentText(gone)} of its window over, ends ${fromNow(to, now)}`;
  if (share >= 1 || atEnd === undefined) return window;
  return `${window}; at this pace ${percentText(atEnd)} used by then`;
}

/** When it is full, by the rate of the runs that are live. */
function fullText(each: Budget, { fullAt }: Pace, asOf: Date, now: Date): string {
  const { share, nextStep, spent, limit, budget } = each;
  if (share >= 1) {
    const over = spent - limit;
    if (over <= 0) return "Used up.";
    return `Used up, ${budget.of === undefined || budget.of === "usd" ? usdText(over) : over} over.`;
  }
  if (fullAt)
    return `Full ${fromNow(fullAt, now)}, about ${clockText(fullAt).slice(0, 5)} UTC, at the present rate.`;
  const next = stepAt(nextStep, asOf);
  if (next && nextStep)
    return `${nextStep.at}% ${fromNow(next, now)}: ${stepWords(nextStep.do)}. Not full before its window ends.`;
  return budget.of === undefined || budget.of === "usd"
    ? "Not full before its window ends, at the present rate."
    : "";
}

function budgetItem(each: Budget, nameOf: NameOf, asOf: Date, now: Date): VNode {
  const { ruleId, mode, budget, spent, limit, share, runsOfUnknownCost: unknown, guard } = each;
  const pace = paceOf(each, asOf);
  const says: readonly (string | false | undefined)[] = [
    fullText(each, pace, asOf, now),
    guard && capital(`${budgetHeld(guard)}.`),
    unknown !== undefined && `What ${count(unknown, "run")} cost is unknown, and not in it.`,
    mode === "observe" && "Only observed: it stops nothing.",
  ];
  return el(
    "li",
    { key: `${ruleId} ${budget.group}` },
    el(
      "div",
      { class: "line" },
      el("strong", { class: "name" }, whose(each, nameOf)),
      el("strong", { class: toneOf(share) }, percentText(share)),
    ),
    shareBar({ share, tone: toneOf(share), mark: pace.gone }),
    el(
      "div",
      { class: "line" },
      el("span", {}, budgetAmounts(budget, spent, limit)),
      el("a", { href: hashOf({ kind: "rule", id: ruleId }), class: "name" }, ruleId),
    ),
    el("p", { class: "small" }, says.filter(Boolean).join(" ")),
    el("p", { class: "small dim" }, capital(`${paceText(each, pace, now)}.`)),
  );
}

const unknownView = (unknown: Budgets["unknown"]): Child =>
  unknown.length === 0
    ? undefined
    : el(
        "ul",
        { class: "notes" },
        unknown.map(({ ruleId, reason }) =>
          el("li", { key: ruleId, class: "warn" }, `${ruleId} is not known, and stops nothing: ${reason}`),
        ),
      );

/** What is shown where there is no budget at all. */
const noneText = ({ policyVersion }: Status): string =>
  policyVersion === null
    ? "No policy was pushed: no budget limits what is spent."
    : "The policy in force has no budgets: it limits single runs alone.";

/** Every budget's use against how much of its window is over, the nearest to its limit first. */
export function budgetsView(seen: Seen, { nameOf, isAll, onAll }: BudgetsLook): VNode {
  return frame<Status>({
    ...seen,
    title: "Budgets",
    id: "budgets",
    view: ({ value, at }) => {
      const { groups, unknown } = value.budgets;
      if (groups.length + unknown.length === 0) return el("p", { class: "dim" }, noneText(value));
      const asOf = value.lastTickAt === null ? at : new Date(value.lastTickAt);
      const shown = isAll ? groups : groups.slice(0, MOST);
      return [
        unknownView(unknown),
        el(
          "ul",
          { class: "budgets" },
          shown.map((each) => budgetItem(each, nameOf, asOf, seen.now)),
        ),
        groups.length > shown.length
          ? el("button", { type: "button", class: "quiet", onClick: onAll }, `Show all ${groups.length}`)
          : undefined,
      ];
    },
  });
}
