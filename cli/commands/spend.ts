import { DEFAULT_TIME_ZONE, standingsOf, toUsd } from "../../src/policy/index.ts";
import {
  SPEND_BY,
  type SpendBy,
  type SpendRow,
  spendReport,
} from "../../src/watchdog/ledger/spend-report.ts";
import { storedLedger } from "../../src/watchdog/ledger/stored-ledger.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { policyInForce } from "../../src/watchdog/policies/policy-in-force.ts";
import type { Command } from "../command.ts";
import { budgetTable, ledgerLines, spendTable } from "../lines/spend-lines.ts";
import { SPAN_OPTIONS, spanFrom } from "../options/span-options.ts";
import { csv } from "../show/csv.ts";
import { wrapped } from "../show/terminal.ts";
import { actorNames } from "../target/names.ts";

const isTime = (by: SpendBy): boolean => by === "hour" || by === "day" || by === "month";

export const spend: Command = {
  name: "spend",
  about: "What runs have spent, by Actor, task, origin or time, and where the budgets stand",
  options: {
    by: {
      value: "WHAT",
      choices: SPEND_BY,
      about: "actor, task, origin, hour, day or month (default: actor)",
    },
    ...SPAN_OPTIONS,
    csv: { about: "Print comma-separated values alone" },
  },
  examples: [
    ["spend", "this month, by Actor"],
    ["spend --by day --since 30d", "the last thirty days"],
    ["spend --by task --since 7d --csv", "for a spreadsheet"],
    ["spend --json", "for a program"],
  ],
  notes:
    "Days and months begin in the policy's time zone, with the first full UTC hour. What Apify bills outside of runs, such as " +
    "storage, is in no row; Standby runs are in no budget that does not name them.",
  async run({ args, terminal, paint, connect, signal }) {
    const by = (args.choice("by", SPEND_BY) ?? "actor") as SpendBy;
    const connection = await connect();
    const { ports } = connection;
    const now = ports.clock.now();
    const policy = (await policyInForce(ports, await ports.state.readControl()))?.policy;
    const timeZone = policy?.timeZone ?? DEFAULT_TIME_ZONE;
    const span = spanFrom(args, timeZone, now);
    const index = await ports.state.readLive();
    const report = await spendReport(ports.state, index, span, by, { timeZone, now });
    const state = await ports.state.readLedger();
    const ledger = await storedLedger(ports.state, policy, index, now);
    const standings = policy && ledger ? [...standingsOf(policy, ledger, now).groups.values()] : [];
    const groups = standings.flatMap(({ place }) => (place.each === "actor" ? place.group : []));
    const actors = by === "actor" ? report.rows.map(({ key }) => key) : [];
    const actorName = await actorNames(connection, [...actors, ...groups], signal);
    const tasks =
      by === "task"
        ? await ports.state.readNames(
            "task",
            report.rows.map(({ key }) => key),
          )
        : new Map();
    const nameOf = ({ key }: SpendRow): string =>
      by === "actor" ? actorName(key) : isTime(by) ? minuteOf(key) : (tasks.get(key)?.name ?? key);

    if (args.flag("json")) {
      const rows = report.rows.map((row) => ({ key: row.key, name: nameOf(row), usd: toUsd(row.microUsd) }));
      const budgets = standings.map(({ rule, place, spentMicroUsd, guard }) => ({
        ruleId: rule.id,
        ...place,
        usd: toUsd(spentMicroUsd),
        limitUsd: toUsd(rule.budget.microUsd),
        ...(guard && { guard }),
      }));
      const drift = state.drift.at(-1);
      const told = {
        from: span.from,
        to: span.to,
        by,
        rows,
        totalUsd: toUsd(report.totalMicroUsd),
        budgets,
        completeSince: state.completeSince ?? null,
        apify: drift
          ? { at: drift.at, usd: toUsd(drift.apifyMicroUsd), ofRunsUsd: toUsd(drift.ledgerMicroUsd) }
          : null,
      };
      terminal.data(JSON.stringify(told, null, 2));
      return 0;
    }
    if (args.flag("csv")) {
      const rows = report.rows.map((row) => [row.key, nameOf(row), toUsd(row.microUsd)]);
      terminal.data(csv([by, "name", "usd"], rows));
      return 0;
    }
    const look = { columns: terminal.columns, paint };
    if (policy && standings.length > 0) {
      for (const line of budgetTable(policy, standings, actorName, look)) terminal.out(line);
      terminal.out("");
    }
    const when = `${minuteOf(span.from)} to ${minuteOf(span.to)} UTC`;
    if (report.totalMicroUsd === 0 && !isTime(by)) terminal.out(`Nothing was spent from ${when}.`);
    else {
      terminal.out(paint("dim", `Spent from ${when}`));
      const rows = report.rows.map((row) => ({ name: nameOf(row), microUsd: row.microUsd }));
      const all = [...rows, { name: "in all", microUsd: report.totalMicroUsd, isTotal: true }];
      for (const line of spendTable(all, report.totalMicroUsd, by.toUpperCase(), look)) terminal.out(line);
    }
    terminal.out("");
    for (const line of ledgerLines(state))
      terminal.out(wrapped(line, terminal.columns, (text) => paint("dim", text)));
    return 0;
  },
};
