import { formatUsd, metricWords, toMicroUsd } from "../../src/policy/index.ts";
import type { RuleOvershoot } from "../../src/watchdog/ledger/overshoot-report.ts";
import type { Column } from "../show/table.ts";

const usd = (value: number | undefined): string => (value === undefined ? "" : formatUsd(toMicroUsd(value)));

export const OVERSHOOT_COLUMNS: readonly Column<RuleOvershoot>[] = [
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

export const OVERSHOOT_NOTES =
  "Of a limit on a run's cost: what it cost over the limit. Of any other: what it still cost after it was found. FORESEEN is the " +
  "most that was foreseen of any of them: its fastest burn rate times a minute until it is found and 30 s of grace. What Apify's " +
  "figures lag behind, and what is charged at once, comes on top.";
