import { isStop } from "../../src/policy/index.ts";
import { describeEntry, formatMeasure, guardWords } from "../../src/watchdog/audit/describe.ts";
import { groupWords } from "../../src/watchdog/audit/describe-budget.ts";
import type { BudgetsView } from "../../src/watchdog/explain/budget-view.ts";
import { actorOf } from "../../src/watchdog/model/entry.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { AuditStore } from "../../src/watchdog/model/ports.ts";
import type { ReportedDecision, TickReport } from "../../src/watchdog/tick/report.ts";
import { type Column, table } from "../show/table.ts";
import { cut, type Paint, padTo, wrap } from "../show/terminal.ts";
import { count, paintWord } from "../show/words.ts";
import { actorsOf, budgetTexts } from "./budget-lines.ts";
import { toldEntries } from "./told-entries.ts";

type NameOf = (id: string | undefined) => string;

/** Asks Apify for the names of these Actors. */
export type NamesOf = (ids: Iterable<string>) => Promise<NameOf>;

/** A look that only reads. */
export type Trial = {
  /** What was judged, in words. */
  readonly words: string;
  /** The rules that a tick would enforce: the trial itself only observes. */
  readonly enforced: ReadonlySet<string>;
};

type Look = {
  readonly columns: number;
  readonly paint: Paint;
  readonly trial: Trial | undefined;
  readonly budgets: BudgetsView;
  readonly nameOf: NamesOf;
};

const verdictOf = (
  { action, guard, subject, step, ruleId }: ReportedDecision,
  trial: Trial | undefined,
): string => {
  if (subject.kind === "budget" && isStop(step)) return "SPENT";
  if (action === "notify") return "NOTICE";
  if (action === "hold") return "HELD";
  const does = action === "hold-sources" ? "HOLD" : "STOP";
  return guard === "observe" && !trial?.enforced.has(ruleId) ? `WOULD ${does}` : does;
};

/** Of a budget's decision whose it is: there is no run. */
function subjectOf({ runId, evidence: { budget } }: ReportedDecision, nameOf: NameOf): string {
  if (runId !== undefined || budget === undefined) return runId ?? "";
  return budget.each === "actor" ? nameOf(budget.group) : groupWords(budget);
}

const columns = (nameOf: NameOf, trial: Trial | undefined): readonly Column<ReportedDecision>[] => [
  {
    title: "DECISION",
    cell: (decision) => verdictOf(decision, trial),
    paint: (text, _row, paint) => paintWord(text, paint),
  },
  { title: "RUN", cell: (decision) => subjectOf(decision, nameOf) },
  {
    title: "MEASURED",
    align: "right",
    cell: ({ evidence }) => formatMeasure(evidence.unit, evidence.measured),
  },
  { title: "LIMIT", align: "right", cell: ({ evidence }) => formatMeasure(evidence.unit, evidence.limit) },
  {
    title: "RULE",
    cell: ({ ruleId, guard }) => (guard && guard !== "observe" ? `${ruleId}: ${guardWords(guard)}` : ruleId),
  },
];

/** A tick in words: what was looked at, what was decided and what was written. */
export async function scanLines(
  report: TickReport,
  audit: AuditStore,
  look: Look,
): Promise<readonly string[]> {
  const { paint } = look;
  const { listed, evaluated, policyVersion, mode, decisions, outcomes, skipped } = report;
  const entries = look.trial !== undefined ? [] : await toldEntries(audit, outcomes, report.startedAt);
  const nameOf = await look.nameOf([
    ...entries.flatMap((entry) => actorOf(entry) ?? []),
    ...actorsOf(look.budgets),
  ]);
  const policy =
    policyVersion === null
      ? "no policy was pushed: nothing is stopped"
      : `policy version ${policyVersion}, ${mode}`;
  const by = look.trial?.words ?? policy;
  const head = `${minuteOf(report.startedAt)} UTC  ${count(listed, "live run")}, ${evaluated} looked at; ${by}`;
  const lines = wrap(head, look.columns).map((line) => paint("dim", line));
  if (decisions.length > 0) lines.push(...table(decisions, columns(nameOf, look.trial), look));
  else lines.push("Nothing is over a limit.");
  for (const [reason, times] of Object.entries(skipped))
    lines.push(
      ...wrap(`not covered: ${times} × ${reason}`, look.columns).map((line) => paint("yellow", line)),
    );
  for (const text of budgetTexts(look.budgets, nameOf)) lines.push(...wrap(`budget  ${text}`, look.columns));
  for (const entry of entries) {
    const { word, text } = describeEntry(entry);
    const who = [nameOf(actorOf(entry)), entry.runId ?? ""].filter(Boolean).join(" ");
    const line = `${padTo(word, 10)}  ${who ? `${who}  ` : ""}${text}`;
    lines.push(cut(line, look.columns).replace(word, paintWord(word, paint)));
  }
  return lines;
}
