import { formatPath, type SelectedCount } from "../../../src/policy/index.ts";
import type { Survey } from "../../../src/watchdog/explain/survey.ts";
import { type Column, table } from "../../show/table.ts";
import { type Paint, wrap } from "../../show/terminal.ts";
import { count } from "../../show/words.ts";

type Look = { readonly columns: number; readonly paint: Paint };

/** What was not read is not 0. */
const figure = (taken: number | undefined): string => (taken === undefined ? "unknown" : String(taken));

/** Of a rule that names no schedule, how many it takes is not asked. */
const SCHEDULES: Column<SelectedCount> = {
  title: "SCHEDULES",
  align: "right",
  cell: ({ takes }) => (takes.schedules === undefined ? "" : String(takes.schedules)),
};

const columnsFor = (selected: readonly SelectedCount[]): readonly Column<SelectedCount>[] => [
  { title: "SELECTS", cell: ({ ruleId }) => ruleId },
  { title: "ACTORS", align: "right", cell: ({ takes }) => figure(takes.actors) },
  { title: "TASKS", align: "right", cell: ({ takes }) => figure(takes.tasks) },
  ...(selected.some(({ takes }) => takes.schedules !== undefined) ? [SCHEDULES] : []),
  { title: "LIVE RUNS", align: "right", cell: ({ takes }) => figure(takes.runs) },
];

const shareText = ({ ruleId, ended, of, sources }: Survey["typical"][number]): string => {
  if (of === 0) return `${ruleId}: no recorded success could be measured against the usual`;
  const share = ((100 * ended) / of).toFixed(1);
  return (
    `${ruleId} would have ended ${ended} of ${count(of, "recorded success", "recorded successes")} ` +
    `(${share}%) of ${count(sources, "Actor or task", "Actors and tasks")}`
  );
};

/** What a policy selects on the account, which of its words take nothing there, and whom a stop on the usual would have hit. */
export function surveyLines({ selected, warnings, typical, notes }: Survey, look: Look): readonly string[] {
  const { paint, columns } = look;
  const say = (format: "dim" | "yellow" | "red", word: string, text: string): readonly string[] => {
    const [first = "", ...more] = wrap(`${word}  ${text}`, columns);
    return [paint(format, word) + first.slice(word.length), ...more];
  };
  return [
    ...table(selected, columnsFor(selected), look),
    ...typical.flatMap((each) => say(each.ended > 0 ? "red" : "dim", "typical", shareText(each))),
    ...warnings.flatMap(({ path, warning }) => say("red", "WARNING", `${formatPath(path)}: ${warning}`)),
    ...notes.flatMap((note) => say("dim", "note", note)),
  ];
}
