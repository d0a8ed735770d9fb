import { formatDuration, formatUsd, type MicroUsd, toUsd } from "../../../src/policy/index.ts";
import { countVerdicts } from "../../../src/watchdog/audit/verdicts.ts";
import type {
  PromotedRule,
  PromotedRun,
  Promotion,
} from "../../../src/watchdog/learn/promotion/promotion.ts";
import { minuteOf } from "../../../src/watchdog/model/minute.ts";
import { type Column, table } from "../../show/table.ts";
import { type Paint, wrapped } from "../../show/terminal.ts";
import { countsText } from "../../show/words.ts";

const SUCCEEDED = "SUCCEEDED";
const DAY_SECS = 86_400;

type Sum = { readonly microUsd: MicroUsd; readonly unknown: number };

const sumOf = (runs: readonly PromotedRun[], of: (run: PromotedRun) => MicroUsd | undefined): Sum => ({
  microUsd: runs.reduce((sum, run) => sum + (of(run) ?? 0), 0),
  unknown: runs.filter((run) => of(run) === undefined).length,
});
const costOf = ({ runs }: PromotedRule): Sum => sumOf(runs, ({ costMicroUsd }) => costMicroUsd);
const afterOf = ({ runs }: PromotedRule): Sum => sumOf(runs, ({ afterMicroUsd }) => afterMicroUsd);

/** Of runs whose cost is not known nothing is added up. */
function sumText({ microUsd, unknown }: Sum, { runs }: PromotedRule): string {
  if (runs.length === 0) return "";
  if (unknown === runs.length) return "unknown";
  return unknown === 0 ? formatUsd(microUsd) : `${formatUsd(microUsd)}, ${unknown} unknown`;
}

const became = ({ runs }: PromotedRule) => ({
  succeeded: runs.filter(({ status }) => status === SUCCEEDED).length,
  otherwise: runs.filter(({ status, isLive }) => status !== undefined && status !== SUCCEEDED && !isLive)
    .length,
  live: runs.filter(({ isLive }) => isLive).length,
  unknown: runs.filter(({ status }) => status === undefined).length,
});

function endText(rule: PromotedRule): string {
  const { otherwise, live, unknown } = became(rule);
  return countsText({ "ended otherwise": otherwise, live, unknown });
}

/** Whole minutes, or days: how long is only of interest by that. */
function spanText({ days }: PromotedRule): string {
  if (days >= 2) return `${Math.floor(days)} days`;
  const minutes = Math.floor((days * DAY_SECS) / 60);
  return minutes < 1 ? "less than a minute" : formatDuration(minutes * 60);
}

const columns: readonly Column<PromotedRule>[] = [
  { title: "RULE", cell: ({ ruleId }) => ruleId },
  { title: "OBSERVED", cell: spanText },
  { title: "STOPS", align: "right", cell: ({ runs }) => String(runs.length) },
  {
    title: "SUCCEEDED",
    align: "right",
    cell: (rule) => String(became(rule).succeeded),
    paint: (text, { runs }, paint) => (runs.some(({ isWrong }) => isWrong) ? paint("red", text) : text),
  },
  { title: "THE OTHERS", cell: endText },
  { title: "COST", align: "right", cell: (rule) => sumText(costOf(rule), rule) },
  { title: "OF IT AFTER", align: "right", cell: (rule) => sumText(afterOf(rule), rule) },
  { title: "JUDGED", cell: ({ runs }) => countsText(countVerdicts(runs)) },
];

/** An observation that is shorter says little of what happens once a week. */
const FEW_DAYS = 7;
const MOST_NAMED = 5;

const runText = ({ runId, costMicroUsd, verdict, status }: PromotedRun): string => {
  const how = verdict === "wrong" ? `judged wrong, ${status ?? "status unknown"}` : status;
  return `${runId} (${how}, ${costMicroUsd === undefined ? "cost unknown" : formatUsd(costMicroUsd)})`;
};

function* noteLines(rules: readonly PromotedRule[], readUntil: string | undefined): Generator<string> {
  const named = (which: (rule: PromotedRule) => boolean): string =>
    rules.flatMap((rule) => (which(rule) ? [rule.ruleId] : [])).join(", ");
  const isObserved = ({ observedSince }: PromotedRule): boolean => observedSince !== undefined;
  for (const { ruleId, runs } of rules) {
    const wrong = runs.filter(({ isWrong }) => isWrong);
    const more = wrong.length > MOST_NAMED ? `, and ${wrong.length - MOST_NAMED} more` : "";
    if (wrong.length > 0)
      yield `${ruleId} would have stopped healthy runs: ${wrong.slice(0, MOST_NAMED).map(runText).join(", ")}${more}.`;
  }
  const short = rules.filter((rule) => isObserved(rule) && rule.days < FEW_DAYS);
  for (const rule of short) yield `${rule.ruleId} was observed for ${spanText(rule)} only.`;
  const changed = named(({ isChanged }) => isChanged);
  if (changed)
    yield `What was observed is not what is about to be enforced, which stops otherwise: ${changed}.`;
  const never = named((rule) => !isObserved(rule));
  if (never) yield `Never observed: ${never}. What it would have done, backtest shows.`;
  if (readUntil)
    yield `The audit is long, and was read up to ${minuteOf(readUntil)} UTC only: what came later is not in this.`;
}

type Look = {
  readonly columns: number;
  readonly paint: Paint;
  readonly pasteable: (text: string) => string;
};

/** What observing has shown of rules that are about to stop runs, or may be. */
export function promotionLines(promotion: Promotion, look: Look): readonly string[] {
  const wrap = (text: string): readonly string[] => wrapped(look.pasteable(text), look.columns);
  if (promotion.kind === "unknown")
    return wrap(
      `What observing has shown of ${promotion.ruleIds.join(", ")} is not known: ${promotion.why}.`,
    );
  const { rules, readUntil } = promotion;
  const observed = rules.filter(({ observedSince }) => observedSince !== undefined);
  const title = "What these rules would have stopped while they were only observed:";
  return [
    ...(observed.length > 0 ? [...wrap(title), ...table(observed, columns, look)] : []),
    ...[...noteLines(rules, readUntil)].flatMap(wrap),
  ];
}

const MOST_TOLD = 100;

const runTold = ({ costMicroUsd, afterMicroUsd, ...run }: PromotedRun) => ({
  ...run,
  status: run.status ?? null,
  verdict: run.verdict ?? null,
  costUsd: costMicroUsd === undefined ? null : toUsd(costMicroUsd),
  afterUsd: afterMicroUsd === undefined ? null : toUsd(afterMicroUsd),
});

const sumTold = ({ microUsd, unknown }: Sum, { runs }: PromotedRule): number | null =>
  unknown > 0 && unknown === runs.length ? null : toUsd(microUsd);

function ruleTold(rule: PromotedRule) {
  const { ruleId, observedSince, days, isChanged, runs } = rule;
  const [cost, after] = [costOf(rule), afterOf(rule)];
  return {
    ruleId,
    observedSince: observedSince?.toISOString() ?? null,
    days,
    changed: isChanged,
    wouldHaveStopped: runs.length,
    ...became(rule),
    wrong: runs.filter(({ isWrong }) => isWrong).length,
    verdicts: countVerdicts(runs),
    costUsd: sumTold(cost, rule),
    afterUsd: sumTold(after, rule),
    runsOfUnknownCost: cost.unknown,
    runs: runs.slice(0, MOST_TOLD).map(runTold),
  };
}

/** The same for programs; `null` where no rule is about to stop runs. */
export const promotionTold = (promotion: Promotion | undefined) => {
  if (promotion === undefined) return null;
  if (promotion.kind === "unknown")
    return { rules: promotion.ruleIds.map((ruleId) => ({ ruleId })), why: promotion.why };
  return { rules: promotion.rules.map(ruleTold), readUntil: promotion.readUntil ?? null };
};
