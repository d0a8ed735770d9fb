import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { type PolicyVersion, policyHistory } from "../../src/watchdog/policies/policy-history.ts";
import type { Command } from "../command.ts";
import { pastSpan, spanOptions } from "../options/span-options.ts";
import { type Column, table } from "../show/table.ts";

/** A hundred years: longer than there are policies. */
const EVER_DAYS = 36_500;

const why = ({ rolledBackTo, reason }: PolicyVersion): string =>
  [rolledBackTo === undefined ? "" : `back to ${rolledBackTo}`, reason ?? ""].filter(Boolean).join(": ");

const columns = (inForce: number | undefined): readonly Column<PolicyVersion>[] => [
  { title: "VERSION", align: "right", cell: ({ version }) => String(version) },
  {
    title: "",
    cell: ({ version, problem }) =>
      version === inForce ? "in force" : problem === undefined ? "" : "can't be used",
    paint: (text, _row, paint) => paint(text.startsWith("in") ? "green" : "red", text),
  },
  { title: "PUSHED (UTC)", cell: ({ pushedAt }) => minuteOf(pushedAt) },
  { title: "BY", cell: ({ by }) => by },
  { title: "WHY", cell: why },
];

export const policyList: Command = {
  name: "policy list",
  about: "Every version: when, by whom, why, and which one is in force",
  pages: true,
  options: spanOptions("the first version"),
  examples: [
    ["policy list", "the latest last"],
    ["policy list --since 30d", "what was pushed in the last thirty days"],
    ["policy list --json", "the same for a program"],
  ],
  async run({ args, terminal, paint, connect, answer, pasteable }) {
    const { ports } = await connect();
    const { inForce, versions: all } = await policyHistory(ports);
    const { from, to } = await pastSpan(args, ports, EVER_DAYS);
    const versions = all.filter(({ pushedAt }) => {
      const at = new Date(pushedAt);
      return at >= from && (to === undefined || at < to);
    });
    if (args.flag("json")) {
      answer({ inForce: inForce ?? null, versions });
      return 0;
    }
    if (all.length > 0 && versions.length === 0) {
      terminal.out("No policy was pushed in that time.");
      return 0;
    }
    if (versions.length === 0) {
      terminal.out(
        pasteable("No policy was pushed yet, so nothing is stopped: watchdog policy push policy.yaml"),
      );
      return 0;
    }
    for (const line of table(versions, columns(inForce), { columns: terminal.columns, paint }))
      terminal.out(line);
    return 0;
  },
};
