import { formatUsd } from "./money.ts";
import type { Budget } from "./policy.ts";

const EACH_WORDS = {
  account: "in all",
  actor: "for each Actor",
  task: "for each task",
  origin: "for each origin",
};

/** A budget as people read it: `$300 a month for each Actor`. */
export function budgetWords({ microUsd, per, each, timeZone }: Budget): string {
  const period = per === "cycle" ? "a usage cycle" : per === "hour" ? "an hour" : `a ${per}`;
  // Hours begin with UTC's, and cycles when Apify says.
  const zone = per === "hour" || per === "cycle" || timeZone === "UTC" ? "" : ` (${timeZone})`;
  return `${formatUsd(microUsd)} ${period} ${EACH_WORDS[each]}${zone}`;
}
