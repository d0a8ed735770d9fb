import { formatUsd, toMicroUsd } from "../../src/policy/index.ts";
import { listSources, type SourceView } from "../../src/watchdog/hold/list-sources.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { Command } from "../command.ts";
import { type Column, table } from "../show/table.ts";
import { namesById } from "../target/names.ts";

const stateOf = ({ enabled, heldBy, until, left }: SourceView): string => {
  if (heldBy !== undefined && until !== undefined) return `held by ${heldBy} until ${minuteOf(until)}`;
  if (left !== undefined) return "left disabled: release enables it";
  return enabled ? "enabled" : "disabled";
};

const COLUMNS: readonly Column<SourceView>[] = [
  { title: "SCHEDULE", cell: ({ name, scheduleId }) => name ?? scheduleId },
  { title: "ID", cell: ({ scheduleId }) => scheduleId, from: 90 },
  {
    title: "STATE (UTC)",
    cell: stateOf,
    paint: (text, { heldBy, left }, paint) => ((heldBy ?? left) ? paint("yellow", text) : text),
  },
  { title: "NEXT (UTC)", cell: ({ nextAt }) => (nextAt === undefined ? "" : minuteOf(nextAt)) },
  {
    title: "A DAY",
    align: "right",
    cell: ({ usdPerDay }) => (usdPerDay === undefined ? "" : formatUsd(toMicroUsd(usdPerDay))),
  },
  { title: "STARTS", cell: ({ starts }) => starts.map(({ name, id }) => name ?? id).join(", ") },
];

export const sources: Command = {
  name: "sources",
  about: "The schedules that start runs: what they start and cost, and which are held",
  examples: [
    ["sources", "those that cost most first"],
    ["sources --json", "for a program"],
  ],
  notes:
    "It asks Apify for the account's schedules. What a schedule costs a day is the mean of its runs of the last seven days, as far as " +
    "the ledger goes back; what is not known is empty, never 0.",
  async run({ terminal, paint, connect, signal, answer, args, pasteable }) {
    const connection = await connect();
    const found = await listSources(connection.ports, signal);
    if (found === undefined) {
      terminal.err("The token may not list the account's schedules: grant it Read on schedules.");
      return 1;
    }
    const ids = (kind: "actor" | "task") =>
      found.flatMap(({ starts }) => starts.flatMap((each) => (each.kind === kind ? each.id : [])));
    const actors = await namesById(connection, "actor", ids("actor"), signal);
    const tasks = await namesById(connection, "task", ids("task"), signal);
    const named = found.map((each) => ({
      ...each,
      starts: each.starts.map(({ kind, id }) => {
        const name = kind === "actor" ? actors(id) : tasks(id);
        return { kind, id, ...(name !== id && { name }) };
      }),
    }));
    if (args.flag("json")) {
      answer({ sources: named });
      return 0;
    }
    if (named.length === 0) {
      terminal.out("The account has no schedules.");
      return 0;
    }
    for (const line of table(named, COLUMNS, { columns: terminal.columns, paint })) terminal.out(line);
    const [held, another] = named.filter(({ heldBy }) => heldBy !== undefined);
    const which = another ? "one of them" : "it";
    if (held)
      terminal.out(pasteable(`To release ${which}: watchdog release ${held.scheduleId} --reason "…"`));
    return 0;
  },
};
