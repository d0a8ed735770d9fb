import { type BudgetPlace, DEFAULT_TIME_ZONE, standingsOf } from "../../src/policy/index.ts";
import { holderOf } from "../../src/watchdog/hold/list-sources.ts";
import { type DailySpend, dailySpend } from "../../src/watchdog/ledger/daily-spend.ts";
import {
  NONE,
  SPEND_BY,
  type SpendBy,
  type SpendRow,
  spendReport,
} from "../../src/watchdog/ledger/spend-report.ts";
import { storedLedger } from "../../src/watchdog/ledger/stored-ledger.ts";
import type { SourceHold } from "../../src/watchdog/model/holds/hold.ts";
import { holdOfSchedule } from "../../src/watchdog/model/holds/sources.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { policyInForce } from "../../src/watchdog/policies/policy-in-force.ts";
import { type Command, type Connection, NOT_ALL_KNOWN } from "../command.ts";
import { namesFor } from "../evidence/names.ts";
import { FOCUS_VERSION, type FocusFacts, focusCsv, focusRow } from "../lines/focus.ts";
import { budgetTable, ledgerLines, spendTable } from "../lines/spend-lines.ts";
import { spendCsv, spendJson } from "../lines/spend-told.ts";
import { hoursSpan, spanOptions } from "../options/span-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { wrapped } from "../show/terminal.ts";
import { namesById } from "../target/names.ts";

/** What the rows of `--focus` need besides the sums. */
async function focusFacts(
  connection: Connection,
  days: readonly DailySpend[],
  signal: AbortSignal,
): Promise<FocusFacts> {
  const { state } = connection.ports;
  const { apifyUserId } = await state.readControl();
  const nameOf = await namesFor(connection.ports, days, connection.hasApify, signal);
  return {
    apifyUserId,
    actorName: (id) => nameOf("actor", id),
    taskName: (id) => nameOf("task", id),
  };
}

const heldText = (hold: SourceHold | undefined): string =>
  hold ? `, held by ${holderOf(hold)} until ${minuteOf(hold.until)} UTC` : "";

const isTime = (by: SpendBy): boolean => by === "hour" || by === "day" || by === "month";

export const spend: Command = {
  name: "spend",
  about: "What runs have spent, by Actor, task, schedule, origin or time, and where the budgets stand",
  pages: true,
  options: {
    by: {
      value: "WHAT",
      choices: SPEND_BY,
      about: "actor, task, schedule, origin, hour, day or month (default: actor)",
    },
    ...spanOptions("this month"),
    csv: { about: "Print comma-separated values alone" },
    focus: {
      about:
        "In the columns of FOCUS 1.2, as estimates: a row for each Actor, task, origin and UTC day, as CSV or with --json",
    },
  },
  examples: [
    ["spend", "this month, by Actor"],
    ["spend --by day --since 30d", "the last thirty days"],
    ["spend --by schedule", "what each schedule started, and what no schedule did"],
    ["spend --by task --since 7d --csv", "for a spreadsheet"],
    ["spend --json", "for a program"],
    ["spend --focus --since 30d", "for a FinOps tool, as CSV"],
  ],
  notes:
    "Days and months begin in the policy's time zone, with the first full UTC hour. What Apify bills outside of runs, for example " +
    "storage, is in no row. Standby runs count in every budget that their Actor falls under. What is not known is empty, never 0. " +
    "Exit code 3: --since is before the ledger's beginning, so a part of what was asked for is unknown.",
  async run({ args, terminal, paint, connect, signal, answer, pasteable }) {
    const by = args.choice("by", SPEND_BY) ?? "actor";
    const connection = await connect();
    const { ports } = connection;
    const now = ports.clock.now();
    const control = await ports.state.readControl();
    const policy = (await policyInForce(ports, control))?.policy;
    const timeZone = policy?.timeZone ?? DEFAULT_TIME_ZONE;
    const span = await hoursSpan(args, ports, timeZone);
    const index = await ports.state.readLive();
    const state = await ports.state.readLedger();
    const { completeSince } = state;
    if (args.flag("focus")) {
      if (args.text("by") !== undefined)
        throw new UsageError("--focus has a row for each Actor, task, origin and day: leave out --by.");
      const days = await dailySpend(ports.state, index, span, now);
      const facts = await focusFacts(connection, days, signal);
      const rows = days.map((each) => focusRow(each, { ...facts, cycle: state.cycle }));
      if (args.flag("json")) answer({ focusVersion: FOCUS_VERSION, from: span.from, to: span.to, rows });
      else terminal.data(focusCsv(rows));
      const isAllKnown = completeSince !== undefined && completeSince <= span.from;
      return isAllKnown || args.text("since") === undefined ? 0 : NOT_ALL_KNOWN;
    }
    const report = await spendReport(ports.state, index, span, by, { completeSince, timeZone, now });
    const ledger = await storedLedger(ports.state, policy, index, now);
    const budgets = policy && ledger ? standingsOf(policy, ledger, now) : undefined;
    const standings = [...(budgets?.groups.values() ?? [])];
    const unknown = [...(budgets?.unknown ?? [])].map(([ruleId, { reason }]) => ({ ruleId, reason }));
    const names = async (kind: "actor" | "schedule") => {
      const groups = standings.flatMap(({ place }) => (place.each === kind ? place.group : []));
      const rows = by === kind ? report.rows.flatMap(({ key }) => (key === NONE ? [] : key)) : [];
      return namesById(connection, kind, [...rows, ...groups], signal);
    };
    const [actorName, scheduleName] = [await names("actor"), await names("schedule")];
    const groupName = ({ each, group }: BudgetPlace): string =>
      each === "actor" ? actorName(group) : each === "schedule" ? scheduleName(group) : group;
    const tasks =
      by === "task"
        ? await ports.state.readNames(
            "task",
            report.rows.map(({ key }) => key),
          )
        : new Map();
    const nameOf = ({ key }: SpendRow): string => {
      if (by === "actor") return actorName(key);
      if (by === "schedule") return scheduleName(key);
      return isTime(by) ? minuteOf(key) : (tasks.get(key)?.name ?? key);
    };

    const holdOf = ({ key }: SpendRow) => (by === "schedule" ? holdOfSchedule(control, key) : undefined);

    // Who asked for a time that is not known must not take the answer for all of it.
    const code = args.text("since") !== undefined && report.total.unknownBefore ? NOT_ALL_KNOWN : 0;
    if (args.flag("json")) {
      answer(spendJson(report, { span, by, nameOf, holdOf, standings, unknown, state }));
      return code;
    }
    if (args.flag("csv")) {
      terminal.data(spendCsv(report, { by, nameOf }));
      return code;
    }
    const look = { columns: terminal.columns, paint };
    if (policy && standings.length > 0) {
      for (const line of budgetTable(policy, standings, groupName, look)) terminal.out(line);
      terminal.out("");
    }
    for (const { ruleId, reason } of unknown)
      terminal.out(
        wrapped(`budget  ${ruleId} not known: ${reason}`, terminal.columns, (text) => paint("yellow", text)),
      );
    const { microUsd = 0, unknownBefore } = report.total;
    const until = `${minuteOf(span.to)} UTC`;
    const when = `${minuteOf(span.from)} to ${until}`;
    if (isTime(by) || report.rows.length > 0) {
      terminal.out(paint("dim", `Spent from ${when}`));
      const rows = report.rows.map((row) => ({ ...row, name: `${nameOf(row)}${heldText(holdOf(row))}` }));
      const all = [...rows, { ...report.total, name: "in all", isTotal: true }];
      for (const line of spendTable(all, microUsd, by.toUpperCase(), look)) terminal.out(line);
    } else if (unknownBefore === undefined || unknownBefore < span.to)
      terminal.out(`Nothing was spent from ${minuteOf(unknownBefore ?? span.from)} to ${until}.`);
    if (unknownBefore) {
      const fill = "To fill it from Apify's list of runs: watchdog backfill --since 30d";
      const line = `Unknown before ${minuteOf(unknownBefore)} UTC: the ledger does not go back further. ${fill}`;
      terminal.out(wrapped(pasteable(line), terminal.columns, (text) => paint("yellow", text)));
    }
    terminal.out("");
    for (const line of ledgerLines(state))
      terminal.out(wrapped(line, terminal.columns, (text) => paint("dim", text)));
    return code;
  },
};
