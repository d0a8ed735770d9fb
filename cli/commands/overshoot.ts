import { formatUsd, metricWords, toMicroUsd } from "../../src/policy/index.ts";
import { overshootOf, type RuleOvershoot } from "../../src/watchdog/ledger/overshoot-report.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import { type Command, targetText } from "../command.ts";
import { pastSpan, spanOptions } from "../options/span-options.ts";
import { csv } from "../show/csv.ts";
import { type Column, table } from "../show/table.ts";
import { wrapped } from "../show/terminal.ts";

const usd = (value: number | undefined): string => (value === undefined ? "" : formatUsd(toMicroUsd(value)));

const columns: readonly Column<RuleOvershoot>[] = [
  { title: "RULE", cell: ({ ruleId }) => ruleId },
  { title: "ON", cell: ({ metric }) => metricWords(metric) },
  { title: "STOPS", align: "right", cell: ({ stops }) => String(stops.length) },
  { title: "MEDIAN", align: "right", cell: ({ medianUsd }) => usd(medianUsd) },
  { title: "MOST", align: "right", cell: ({ mostUsd }) => usd(mostUsd) },
  { title: "FORESEEN", align: "right", cell: ({ mostBoundUsd }) => usd(mostBoundUsd) },
  {
    title: "BEYOND IT",
    align: "right",
    cell: ({ beyond }) => (beyond === 0 ? "none" : String(beyond)),
    paint: (text, { beyond }, paint) => (beyond > 0 ? paint("yellow", text) : text),
  },
];

const NOTES =
  "Of a limit on a run's cost: what it cost over the limit. Of any other: what it still cost after it was found. FORESEEN is the " +
  "most that was foreseen of any of them: its fastest burn rate times a minute until it is found and 30 s of grace. What Apify's " +
  "figures lag behind, and what is charged at once, comes on top.";

export const overshoot: Command = {
  name: "overshoot",
  about: "What stopped runs cost beyond their limits, compared with what was foreseen",
  pages: true,
  options: {
    ...spanOptions("the last 30 days"),
    csv: { about: "Print comma-separated values alone, a line for each stop" },
  },
  examples: [
    ["overshoot", "each rule's stops of the last thirty days"],
    ["overshoot --since 7d --csv", "each stop, for a spreadsheet"],
  ],
  notes: NOTES,
  async run({ args, terminal, paint, connect }) {
    const { ports, target } = await connect();
    const { from, to = ports.clock.now() } = await pastSpan(args, ports, 30);
    const entries: Entry[] = [];
    for await (const { text } of ports.audit.list({ from, to })) entries.push(JSON.parse(text) as Entry);
    const rules = overshootOf(entries);
    if (args.flag("json")) {
      terminal.data(JSON.stringify(rules, null, 2));
      return 0;
    }
    if (args.flag("csv")) {
      const rows = rules.flatMap(({ ruleId, metric, stops }) =>
        stops.map(({ intentId, runId, at, boundUsd, overshootUsd }) => [
          ruleId,
          metric,
          intentId,
          runId,
          at,
          overshootUsd,
          boundUsd,
        ]),
      );
      terminal.data(csv(["rule", "metric", "intent", "run", "at", "overshoot_usd", "foreseen_usd"], rows));
      return 0;
    }
    if (rules.length === 0) {
      terminal.out(`No run was stopped in that time: ${targetText(target)}.`);
      return 0;
    }
    for (const line of table(rules, columns, { columns: terminal.columns, paint })) terminal.out(line);
    terminal.out("");
    terminal.out(wrapped(NOTES, terminal.columns, (line) => paint("dim", line)));
    return 0;
  },
};
