import {
  formatDuration,
  formatUsd,
  isLive,
  type MicroUsd,
  type Policy,
  printable,
} from "../../src/policy/index.ts";
import { describeEntry } from "../../src/watchdog/audit/describe.ts";
import type { BudgetsView } from "../../src/watchdog/explain/budget-view.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import type { LiveRun } from "../../src/watchdog/model/live.ts";
import { table } from "../show/table.ts";
import { widthOf, wrap } from "../show/terminal.ts";
import { count, usdText } from "../show/words.ts";
import { budgetTexts } from "./budget-lines.ts";

const clockTime = (at: Date): string => at.toISOString().slice(11, 16);
const pad = (text: string, width: number): string => text.padEnd(width);

/** `08:01  STOPPED     acme/shop-products 3KH8gEpp4d8uQSe8T  ABORTED at $7.10, $2.10 over the limit` */
export function entryLine(entry: Entry, name: string): string {
  const { word, text } = describeEntry(entry);
  const named = printable(name);
  const isActors = entry.subject?.kind === "budget" && name !== "";
  const who = entry.runId ? `${named} ${printable(entry.runId)}  ` : isActors ? `${named}  ` : "";
  return `${clockTime(new Date(entry.at))}  ${pad(word, 10)}  ${who}${text}`;
}

/** Where an entry's words begin, behind its time and its kind. */
const INDENT = 19;

/** An entry in as many lines as the width asks for: broken after the run, so that no reason is cut. */
export function entryLines(entry: Entry, name: string, width: number): readonly string[] {
  const line = entryLine(entry, name);
  if (widthOf(line) <= width) return [line];
  const { text } = describeEntry(entry);
  const head = line.slice(0, line.length - text.length).trimEnd();
  const told = wrap(text, Math.max(20, width - INDENT));
  const [first = "", ...rest] = wrap(head, width);
  return [first, ...[...rest, ...told].map((each) => " ".repeat(INDENT) + each.trimStart())];
}

const INDENT_TABLE = "  ";

const costOf = ({ run }: LiveRun): MicroUsd => run.usageTotalMicroUsd ?? 0;

/** One line on all live runs together. */
export function summaryLine(now: Date, runs: readonly LiveRun[], nameOf: (run: LiveRun) => string): string {
  const live = runs.filter(({ run }) => isLive(run.status));
  const total = live.reduce((sum, each) => sum + costOf(each), 0);
  const dearest = live.toSorted((a, b) => costOf(b) - costOf(a))[0];
  const most = dearest ? `; ${formatUsd(costOf(dearest))} of it by ${nameOf(dearest)}` : "";
  return `${clockTime(now)}  ${pad("live", 10)}  ${live.length} ${live.length === 1 ? "run" : "runs"}, ${formatUsd(total)} so far${most}`;
}

/** What the budgets have spent, in one line as far as there is room. */
export function budgetLines(
  now: Date,
  budgets: BudgetsView,
  nameOf: (actorId: string) => string,
  width: number,
): readonly string[] {
  const texts = budgetTexts(budgets, nameOf);
  if (texts.length === 0) return [];
  const [first = "", ...more] = wrap(texts.join("; "), Math.max(20, width - INDENT));
  const head = `${clockTime(now)}  ${pad("budgets", 10)}  ${first}`;
  return [head, ...more.map((each) => " ".repeat(INDENT) + each.trimStart())];
}

/** The live runs, dearest first: what runs, for how long, and what it costs; no line wider than `columns`. */
export function runTable(
  now: Date,
  runs: readonly LiveRun[],
  nameOf: (run: LiveRun) => string,
  columns: number,
): readonly string[] {
  const live = runs.filter(({ run }) => isLive(run.status)).toSorted((a, b) => costOf(b) - costOf(a));
  const lines = table(
    live,
    [
      { title: "ACTOR", cell: nameOf },
      { title: "RUN", cell: ({ run }) => run.id },
      { title: "STATUS", cell: ({ run }) => run.status },
      { title: "FOR", cell: ({ life }) => formatDuration((now.getTime() - life.since.getTime()) / 1000) },
      {
        title: "COST",
        cell: ({ run: { usageTotalMicroUsd: cost } }) => usdText(cost),
      },
    ],
    { columns: columns - INDENT_TABLE.length, paint: (_format, text) => text },
  );
  return lines.map((line) => INDENT_TABLE + line);
}

/** The policy's rules, a line each. */
export const policyLines = (policy: Policy, source: string, mode: string): readonly string[] => [
  `Policy: ${source}; ${mode} mode; ${count(policy.rules.length, "rule")}: ${policy.rules.map(({ id }) => id).join(", ")}`,
];
