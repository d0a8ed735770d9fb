import { formatMeasure, guardWords } from "../../../src/watchdog/audit/describe.ts";
import type { Preview } from "../../../src/watchdog/explain/plan-policy.ts";
import type { AffectedRun, PolicyEffect } from "../../../src/watchdog/explain/policy-effect.ts";
import { minuteOf } from "../../../src/watchdog/model/minute.ts";
import { describeChange, type PolicyChange } from "../../../src/watchdog/policies/policy-diff.ts";
import { type Column, table } from "../../show/table.ts";
import { type Paint, wrap } from "../../show/terminal.ts";
import { fromNow } from "../../show/when.ts";
import { count, paintWord, sentence } from "../../show/words.ts";
import { actorsOf, budgetTexts } from "../budget-lines.ts";

const COLOURS = { "+": "green", "-": "red", "~": "yellow" } as const;

/** What differs between two policies, a line each. */
export const changeLines = (changes: readonly PolicyChange[], paint: Paint): readonly string[] =>
  changes.map((change) => {
    const line = describeChange(change);
    return `  ${paint(COLOURS[line[0] as keyof typeof COLOURS], line)}`;
  });

type Row = AffectedRun & { readonly word: string };

const columns = (nameOf: (actorId: string) => string): readonly Column<Row>[] => [
  { title: "NOW", cell: ({ word }) => word, paint: (text, _row, paint) => paintWord(text, paint) },
  { title: "RUN", cell: ({ runId }) => runId },
  {
    title: "MEASURED",
    align: "right",
    cell: ({ evidence }) => formatMeasure(evidence.unit, evidence.measured),
  },
  { title: "LIMIT", align: "right", cell: ({ evidence }) => formatMeasure(evidence.unit, evidence.limit) },
  { title: "ACTOR", cell: ({ actorId }) => nameOf(actorId), from: 100 },
  {
    title: "RULE",
    cell: ({ ruleId, guard }) => (guard && guard !== "observe" ? `${ruleId}: ${guardWords(guard)}` : ruleId),
  },
];

const under = (word: string, runs: readonly AffectedRun[]): readonly Row[] =>
  runs.map((run) => ({ ...run, word }));

function summary({ stops, held, waiting, observed, notices, spared }: PolicyEffect): string {
  const then = waiting.length > 0 ? " yet" : "";
  const parts = [
    [stops, `stop ${count(stops.length, "run")}`],
    [held, `hold ${held.length}`],
    [observed, `only write down that ${observed.length} would be stopped`],
    [notices, `give ${count(notices.length, "notice")}`],
    [spared, `no longer stop ${spared.length}`],
  ] as const;
  const told = parts.filter(([runs]) => runs.length > 0).map(([, text]) => text);
  return told.length > 0 ? `would ${told.join(", ")}:` : `would do nothing about them${then}.`;
}

const waitText = (waiting: readonly AffectedRun[]): string =>
  waiting.length === 1
    ? "1 run is over the limit and waits for a second look."
    : `${waiting.length} runs are over the limit and wait for a second look.`;

/** Every run that a preview names. */
const affectedRuns = (preview: Preview): readonly AffectedRun[] => {
  if (preview.kind === "impossible") return [];
  const { stops, held, waiting, observed, notices, spared } = preview.effect;
  return [...stops, ...held, ...waiting, ...observed, ...notices, ...spared];
};

/** The Actors that a preview names. */
export const affectedActors = (preview: Preview): readonly string[] => {
  if (preview.kind === "impossible") return [];
  return [...affectedRuns(preview).map(({ actorId }) => actorId), ...actorsOf(preview.effect.budgets)];
};

type Look = {
  readonly columns: number;
  readonly paint: Paint;
  readonly now: Date;
  readonly nameOf: (actorId: string) => string;
};

/** What a policy would do about the live runs now, in words. */
export function previewLines(preview: Preview, look: Look): readonly string[] {
  const { paint } = look;
  if (preview.kind === "impossible")
    return [paint("yellow", sentence(`No preview of its effect: ${preview.why}`))];
  const { effect, note } = preview;
  const { asOf, source, stops, held, waiting, observed, notices, spared, unjudged } = effect;
  const seen =
    source === "apify"
      ? "read just now"
      : `as the last tick saw them ${minuteOf(asOf)} UTC (${fromNow(new Date(asOf), look.now)})`;
  const rows = [
    ...under("STOP", stops),
    ...under("HELD", held),
    ...under("WAITING", waiting),
    ...under("WOULD STOP", observed),
    ...under("NOTICE", notices),
    ...under("NOT STOPPED", spared),
  ];
  return [
    ...(note ? [paint("yellow", sentence(note))] : []),
    effect.liveRuns === 0
      ? `No run is live, ${seen}.`
      : `Of ${count(effect.liveRuns, "live run")}, ${seen}, it ${summary(effect)}`,
    ...(waiting.length > 0 ? [waitText(waiting)] : []),
    ...(rows.length > 0 ? table(rows, columns(look.nameOf), look) : []),
    ...budgetTexts(effect.budgets, look.nameOf).flatMap((text) => wrap(`budget  ${text}`, look.columns)),
    ...Object.entries(unjudged).map(([reason, times]) => paint("yellow", `not judged: ${times} × ${reason}`)),
  ];
}
