import { DEFAULT_TIME_ZONE } from "../../src/policy/index.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { policyInForce } from "../../src/watchdog/policies/policy-in-force.ts";
import { makeReport } from "../../src/watchdog/report/report.ts";
import { type Command, NOT_ALL_KNOWN, targetText } from "../command.ts";
import { HTML, pageFile, pageWritten, writePage } from "../evidence/page-file.ts";
import { monthSpan, spanOptions } from "../options/span-options.ts";
import type { Part } from "../report/part.ts";
import { reportTold } from "../report/report-json.ts";
import { reportLines } from "../report/report-lines.ts";
import { reportParts } from "../report/report-parts.ts";
import { wrapped } from "../show/terminal.ts";
import { actorNames } from "../target/names.ts";

/** So many rows of one table; `--json` has all. */
const MOST_ROWS = { lines: 15, page: 1_000 };

export const report: Command = {
  name: "report",
  about: "A month in one page: saved, overshoot, wrong stops, near misses, budgets, attention",
  pages: true,
  options: {
    month: { value: "MONTH", about: "A month, for example 2026-11 (default: this month so far)" },
    ...spanOptions("this month"),
    ...HTML,
  },
  examples: [
    ["report", "this month so far"],
    ["report --month 2026-08", "one month"],
    ["report --html report.html", "as a page for a browser"],
    ["report --since 7d --json", "the last seven days, for a program"],
  ],
  notes:
    "Spans are whole UTC hours; months and days begin in the policy's time zone. Figures are those of spend, overshoot and audit list. " +
    "Money saved is a range. What is not known is said to be, and is never 0. Exit code 3: --month or --since begins before the ledger, " +
    "so a part of the spend is unknown.",
  async run({ args, terminal, paint, connect, signal, answer, pasteable }) {
    const html = await pageFile(args);
    const connection = await connect();
    const { ports } = connection;
    const policy = (await policyInForce(ports, await ports.state.readControl()))?.policy;
    const timeZone = policy?.timeZone ?? DEFAULT_TIME_ZONE;
    const span = await monthSpan(args, ports, timeZone);
    const onRead = (entries: number): void => {
      if (entries % 500 === 0) terminal.progress(`${entries} entries read`);
    };
    const made = await makeReport(ports, span, { policy, timeZone, onRead });
    terminal.progress(undefined);
    const { actors, budgets, nearMisses = [], spend, until } = made;
    const groups = budgets.flatMap(({ rule, most }) =>
      rule.budget.each === "actor" ? (most?.place.group ?? []) : [],
    );
    const ids = [...actors, ...nearMisses].map(({ actorId }) => actorId);
    const nameOf = await actorNames(connection, [...ids, ...groups], signal);
    const isAsked = args.text("since") !== undefined || args.text("month") !== undefined;
    const code = isAsked && spend.total.unknownBefore ? NOT_ALL_KNOWN : 0;
    const title = `${minuteOf(span.from)} to ${minuteOf(until)} UTC; days and months begin in ${timeZone}`;
    const partsOf = (most: number): readonly Part[] =>
      reportParts(made, nameOf, most).map(({ says, notes, ...part }) => ({
        ...part,
        says: says.map(pasteable),
        notes: notes.map(pasteable),
      }));
    if (html !== undefined) {
      const { reportPage } = await import("../report/report-page.ts");
      const of = targetText(connection.target);
      await writePage(html, reportPage(made, partsOf(MOST_ROWS.page), { span: title, of }));
    }
    if (args.flag("json")) {
      answer({ ...reportTold(made, timeZone, nameOf), ...(html !== undefined && { html }) });
      return code;
    }
    terminal.out(wrapped(title, terminal.columns, (line) => paint("dim", line)));
    const look = { columns: terminal.columns, paint };
    for (const line of reportLines(partsOf(MOST_ROWS.lines), look)) terminal.out(line);
    if (html !== undefined) terminal.out(["", pageWritten(html)]);
    return code;
  },
};
