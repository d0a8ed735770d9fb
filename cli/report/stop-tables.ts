import type { MicroUsd } from "../../src/policy/index.ts";
import type { Range } from "../../src/watchdog/learn/stops.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { EnforcedStop } from "../../src/watchdog/report/enforced.ts";
import type { ObservedStop } from "../../src/watchdog/report/observed.ts";
import { savedBy } from "../../src/watchdog/report/range.ts";
import type { Report } from "../../src/watchdog/report/report.ts";
import { isWrong } from "../../src/watchdog/report/wrong-stops.ts";
import { rangeText } from "../evidence/backtest-lines.ts";
import { usdText } from "../show/words.ts";
import type { NameOf } from "../target/names.ts";
import type { Column } from "./part.ts";

type Stop = EnforcedStop | ObservedStop;

export const savedCell = (stops: number, saved: Range<MicroUsd> | undefined): string =>
  stops === 0 ? "" : saved === undefined ? "unknown" : rangeText(saved);
export const some = (count: number): string => (count === 0 ? "" : String(count));

/** What one rule stopped, or would have. */
export type RuleRow = {
  readonly rule: string;
  readonly enforced: readonly EnforcedStop[];
  readonly observed: readonly ObservedStop[];
};

const BY_HAND = "(by hand)";

export function ruleRows({ enforced, observed }: Report): readonly RuleRow[] {
  const ruleOf = ({ ruleId = BY_HAND }: Stop): string => ruleId;
  const [stopped, would] = [Map.groupBy(enforced.stops, ruleOf), Map.groupBy(observed.stops, ruleOf)];
  return [...new Set([...stopped.keys(), ...would.keys()])].map((rule) => ({
    rule,
    enforced: stopped.get(rule) ?? [],
    observed: would.get(rule) ?? [],
  }));
}

export const RULE_COLUMNS: readonly Column<RuleRow>[] = [
  { title: "RULE", cell: ({ rule }) => rule },
  { title: "STOPPED", align: "right", cell: ({ enforced }) => some(enforced.length) },
  { title: "SAVED", align: "right", cell: ({ enforced }) => savedCell(enforced.length, savedBy(enforced)) },
  { title: "WOULD STOP", align: "right", cell: ({ observed }) => some(observed.length) },
  {
    title: "WOULD HAVE SAVED",
    align: "right",
    cell: ({ observed }) => savedCell(observed.length, savedBy(observed)),
  },
  {
    title: "WRONG",
    align: "right",
    cell: ({ enforced, observed }) => some([...enforced, ...observed].filter(isWrong).length),
    paint: (text, _row, paint) => paint("red", text),
    tone: () => "bad",
  },
];

export const stopColumns = (nameOf: NameOf): readonly Column<Stop>[] => [
  { title: "RUN", cell: ({ runId }) => runId },
  { title: "WHEN (UTC)", cell: ({ at }) => minuteOf(at) },
  { title: "RULE", cell: ({ ruleId = BY_HAND }) => ruleId },
  { title: "COST", align: "right", cell: ({ costMicroUsd }) => usdText(costMicroUsd) },
  {
    title: "WHY WRONG",
    cell: (stop) => {
      if (stop.verdict === "wrong") return "judged wrong";
      return "undone" in stop ? "undone" : `in truth ${stop.status}`;
    },
  },
  { title: "ACTOR", cell: ({ actorId }) => nameOf(actorId) },
];
