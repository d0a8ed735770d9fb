import type { TrueRun } from "../../../../emulator/index.ts";
import type { EntryFields, EvidenceFields } from "../entry-text.ts";
import type { SeenEntry } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { appliesTo, type PolicyDocument, percentOf, type RuleText } from "../policy-text.ts";
import type { Reading } from "../readings.ts";
import { isOpenIn, type Span } from "../schedule-text.ts";
import { DECIDED_MS, unknownThen } from "./budget-guards.ts";
import { budgetWindow } from "./budget-windows.ts";
import { groupOf, groupsOf, mostProjected, mostSpent } from "./spent.ts";

type Finding = readonly [promise: string, text: string];

const MINUTE_MS = 60_000;
/** A projection waits for a quarter of an hour of its window, and then for a second look. */
const PROJECTED_AFTER_MS = 16 * MINUTE_MS;

/** The windows in which a budget may have been judged for something that happened at an instant. */
function windowsThen(know: Knowledge, { timeZone = "UTC" }: PolicyDocument, rule: RuleText, span: Span) {
  const { budget } = rule;
  const at = (ms: number): Span | undefined =>
    budget && budgetWindow(budget, timeZone, know.history.cycleStart, ms);
  const [first, last] = [at(span.fromMs), at(span.toMs)];
  return first?.fromMs === last?.fromMs ? [last] : [first, last];
}

/**
 * The most that the budget of a run's group may be held to have spent when a call left; `undefined` when it could stop
 * nothing.
 */
export function mostHeldAgainst(
  know: Knowledge,
  document: PolicyDocument,
  run: TrueRun,
  { by }: Pick<Reading, "by">,
  nowMs: number,
): (rule: RuleText, basis: string) => number | undefined {
  const saidMs = know.clockOf(by, nowMs);
  const span = { fromMs: Math.min(nowMs, saidMs) - DECIDED_MS, toMs: Math.max(nowMs, saidMs) };
  return (rule, basis) => {
    const groups = groupsOf(rule, run).filter((group) => group !== undefined);
    const places = windowsThen(know, document, rule, span).flatMap((window) =>
      groups.map((group) => ({ window, group })),
    );
    const figures = places.flatMap(({ window, group }) => {
      if (window === undefined || unknownThen(know, window, by, nowMs, document) !== undefined) return [];
      const spentBy = { rule, group, window, nowMs };
      if (basis !== "projected") return [mostSpent(know.history, know.readings, spentBy)];
      if (span.toMs < window.fromMs + PROJECTED_AFTER_MS) return [];
      return [mostProjected(know.history, know.readings, spentBy)];
    });
    return figures.length === 0 ? undefined : Math.max(...figures);
  };
}

/** Is what an entry says of a budget so: the window, the group, and no more than was spent? */
export function* checkBudget(
  know: Knowledge,
  seen: SeenEntry,
  entry: EntryFields,
  { document, rule }: { readonly document: PolicyDocument; readonly rule: RuleText },
): Generator<Finding> {
  const { evidence, subject, step, kind } = entry;
  if (evidence === undefined || rule.budget === undefined) return;
  const { budget, observedAt } = evidence;
  if (budget === undefined) return yield ["P9", "it does not say of which budget it speaks"];
  const { per, each = "account" } = rule.budget;
  if (budget.per !== per || budget.each !== each)
    yield ["P9", `the budget is per ${per} and ${each}, it says ${budget.per} and ${budget.each}`];
  const readMs = Date.parse(observedAt);
  const window = { fromMs: Date.parse(budget.from), toMs: Date.parse(budget.to) };
  const span = { fromMs: readMs, toMs: Math.max(readMs, know.clockOf(seen.by, seen.commitMs)) };
  const meant = windowsThen(know, document, rule, span);
  if (!meant.some((each) => each?.fromMs === window.fromMs && each.toMs === window.toMs))
    yield ["P9", `${budget.from} to ${budget.to} is no window of this budget at ${observedAt}`];
  yield* checkMeant(know, entry, evidence, rule);
  const { at = Number.NaN, do: action, basis = "actual" } = step ?? {};
  const written = rule.steps.find(
    (each) => percentOf(each.at) === at && each.do === action && (each.basis ?? "actual") === basis,
  );
  if (!isOpenIn([rule.schedule, written?.schedule], document.timeZone ?? "UTC", span, false))
    yield ["P9", `its schedule was not open from ${observedAt} on`];
  yield* checkSpent(know, seen, evidence, { rule, window, basis });
  if (kind !== "abort.intended" && subject.kind !== "budget") return;
  const unknown = unknownThen(know, window, seen.by, seen.commitMs, document);
  if (kind === "abort.intended" && unknown)
    yield ["P1", `a budget stops a run although its spend was not known: ${unknown}`];
}

/** It must speak of the group that its run is in. */
function* checkMeant(
  know: Knowledge,
  { subject, runId }: EntryFields,
  { budget }: EvidenceFields,
  rule: RuleText,
): Generator<Finding> {
  if (subject.kind === "budget") {
    if (subject.group !== budget?.group || subject.from !== budget?.from || subject.ruleId !== rule.id)
      yield ["P9", "its subject is not the budget of its evidence"];
    return;
  }
  const run = know.run(runId);
  if (run === undefined) return;
  if (!appliesTo(rule, run)) yield ["P9", "the rule is not meant for this run"];
  if (!groupsOf(rule, run).includes(budget?.group))
    yield ["P9", `the run is of ${groupOf(rule, run) ?? "no group"}, it says ${budget?.group}`];
}

/** No more may be held against a group than anybody was told that it spent. */
function* checkSpent(
  know: Knowledge,
  { commitMs }: SeenEntry,
  { measured, budget, observedAt }: EvidenceFields,
  { rule, window, basis }: { readonly rule: RuleText; readonly window: Span; readonly basis: string },
): Generator<Finding> {
  const spentBy = { rule, group: budget?.group ?? "", window, nowMs: commitMs };
  const isProjected = basis === "projected";
  if (isProjected && Date.parse(observedAt) < window.fromMs + PROJECTED_AFTER_MS)
    yield ["P9", "it projects what was not looked at twice, a minute apart, after a quarter of an hour"];
  const most = (isProjected ? mostProjected : mostSpent)(know.history, know.readings, spentBy);
  if (measured > most + 1e-6)
    yield ["P9", `it measured ${measured} USD where ${most} USD is the most possible`];
}
