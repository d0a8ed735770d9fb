import { describeEntry, formatMeasure, guardWords } from "../src/watchdog/describe.ts";
import { minuteOf } from "../src/watchdog/minute.ts";
import type { AuditStore } from "../src/watchdog/ports.ts";
import type { ReportedDecision, TickReport } from "../src/watchdog/report.ts";
import { type Column, table } from "./table.ts";
import { cut, type Paint, padTo, wrap } from "./terminal.ts";
import { toldEntries } from "./told-entries.ts";
import { count, paintWord } from "./words.ts";

type Look = {
  readonly columns: number;
  readonly paint: Paint;
  readonly trial: boolean;
  readonly nameOf: (ids: Iterable<string>) => Promise<(id: string | undefined) => string>;
};

const verdictOf = ({ action, guard }: ReportedDecision): string => {
  if (action === "notify") return "NOTICE";
  if (action === "hold") return "HELD";
  return guard === "observe" ? "WOULD STOP" : "STOP";
};

const budgetSubject = (subject: ReportedDecision["subject"]): string =>
  subject.kind === "budget" ? `budget of ${subject.group}` : "";

const columns: readonly Column<ReportedDecision>[] = [
  { title: "DECISION", cell: verdictOf, paint: (text, _row, paint) => paintWord(text, paint) },
  { title: "RUN", cell: ({ runId, subject }) => runId ?? budgetSubject(subject) },
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
  const by = look.trial
    ? "on trial: nothing is stopped or written"
    : policyVersion === null
      ? "no policy was pushed: nothing is stopped"
      : `policy version ${policyVersion}, ${mode}`;
  const head = `${minuteOf(report.startedAt)} UTC  ${count(listed, "live run")}, ${evaluated} looked at; ${by}`;
  const lines = wrap(head, look.columns).map((line) => paint("dim", line));
  if (decisions.length > 0) lines.push(...table(decisions, columns, look));
  else lines.push("Nothing is over a limit.");
  for (const [reason, times] of Object.entries(skipped))
    lines.push(
      ...wrap(`not covered: ${times} × ${reason}`, look.columns).map((line) => paint("yellow", line)),
    );
  if (look.trial) return lines;
  const entries = await toldEntries(audit, outcomes, report.startedAt);
  const nameOf = await look.nameOf(entries.flatMap(({ actorId }) => actorId ?? []));
  for (const entry of entries) {
    const { word, text } = describeEntry(entry);
    const line = `${padTo(word, 10)}  ${nameOf(entry.actorId)} ${entry.runId}  ${text}`;
    lines.push(cut(line, look.columns).replace(word, paintWord(word, paint)));
  }
  return lines;
}
