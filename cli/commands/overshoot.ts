import { entryIn } from "../../src/watchdog/audit/entry-in.ts";
import { overshootOf } from "../../src/watchdog/ledger/overshoot-report.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import { type Command, targetText } from "../command.ts";
import { OVERSHOOT_COLUMNS, OVERSHOOT_NOTES } from "../lines/overshoot-lines.ts";
import { pastSpan, spanOptions } from "../options/span-options.ts";
import { csv } from "../show/csv.ts";
import { table } from "../show/table.ts";
import { wrapped } from "../show/terminal.ts";
import { damagedText } from "../show/words.ts";

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
  notes: OVERSHOOT_NOTES,
  async run({ args, terminal, paint, connect }) {
    const { ports, target } = await connect();
    const { from, to = ports.clock.now() } = await pastSpan(args, ports, 30);
    const entries: Entry[] = [];
    let damaged = 0;
    for await (const { text } of ports.audit.list({ from, to })) {
      const entry = entryIn(text);
      if (entry) entries.push(entry);
      else damaged++;
    }
    if (damaged > 0) terminal.err(damagedText(damaged));
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
    for (const line of table(rules, OVERSHOOT_COLUMNS, { columns: terminal.columns, paint }))
      terminal.out(line);
    terminal.out("");
    terminal.out(wrapped(OVERSHOOT_NOTES, terminal.columns, (line) => paint("dim", line)));
    return 0;
  },
};
