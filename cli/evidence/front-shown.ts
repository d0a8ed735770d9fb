import { toUsd } from "../../src/policy/index.ts";
import type { Front, FrontPoint } from "../../src/watchdog/learn/front/front.ts";
import { csv } from "../show/csv.ts";
import { markdown, markdownTable } from "../show/markdown.ts";
import { type Column, table } from "../show/table.ts";
import { type Paint, wrapped } from "../show/terminal.ts";
import { count } from "../show/words.ts";
import { savedBySome } from "./backtest-lines.ts";
import { figureText, figureTold, shareText } from "./figures.ts";

/** The front of one rule for people and for programs: what its limit would have done elsewhere, in this history. */

/** A terminal shows so many limits; the others are in the other forms. */
const ROWS = 20;

export const frontTitle = ({ ruleId }: Front): string => `The limit of ${ruleId} moved, in this history`;

export const frontRests = ({ runs, successes }: Front): string =>
  `As if it was the only rule, on ${count(runs, "run")} that it selects, of which ${successes} succeeded.`;

const isWritten = ({ limit }: FrontPoint, { written }: Front): boolean => limit === written.limit;

/** The lowest limit that stops none of the runs that were to be left alone, if it stops any other. */
export const bestOf = ({ points }: Front): FrontPoint | undefined =>
  points.findLast(({ stops, wrong }) => wrong === 0 && stops > 0);

export const limitText = ({ quantity }: Front, { limit }: FrontPoint): string => figureText(quantity, limit);

const savedAt = ({ savedMicroUsd, stops, unknown }: FrontPoint): string =>
  savedBySome(savedMicroUsd, stops, unknown);

/** What can be said of it, and what can't. */
export function frontSays(front: Front): readonly string[] {
  const { written, successes } = front;
  const best = bestOf(front);
  const none = best
    ? `${limitText(front, best)} is the lowest of these limits with no wrong stop: ${count(best.stops, "stop")}; saved: ${savedAt(best)}.`
    : "None of these limits stops a run without a wrong stop.";
  const bound =
    successes > 0
      ? ` If this history had no part in choosing it, at most ${shareText(written.atMost95)} of such runs are stopped wrongly, at 95 % confidence.`
      : "";
  return [
    none,
    `As written, ${limitText(front, written)}: ${written.wrong} of ${count(successes, "run")} that succeeded stopped wrongly.${bound}`,
    "The other limits have no bound: one that is chosen here is chosen by the runs that it is measured on. Limits with a bound come from suggest.",
  ];
}

export const frontColumns = (front: Front): readonly Column<FrontPoint>[] => [
  { title: "LIMIT", align: "right", cell: (point) => limitText(front, point) },
  { title: "STOPS", align: "right", cell: ({ stops }) => String(stops) },
  { title: "SURE", align: "right", cell: ({ sure }) => String(sure) },
  {
    title: "WRONG",
    align: "right",
    cell: ({ wrong }) => String(wrong),
    paint: (text, { wrong }, paint) => (wrong > 0 ? paint("red", text) : text),
  },
  { title: "SAVED", align: "right", cell: savedAt },
  {
    title: "",
    cell: (point) =>
      isWritten(point, front) ? "as written" : point === bestOf(front) ? "lowest with no wrong stop" : "",
  },
];

/** Some of the points, evenly, and those that have a name. */
function fewer(front: Front): readonly FrontPoint[] {
  const { points } = front;
  const each = Math.max(1, (points.length - 1) / (ROWS - 1));
  const shown = new Set(Array.from({ length: ROWS }, (_, i) => Math.round(i * each)));
  return points.filter((point, i) => shown.has(i) || isWritten(point, front) || point === bestOf(front));
}

/** How many of its limits are shown, where not all of them are. */
const leftOutOf = ({ points }: Front, shown: readonly FrontPoint[]): readonly string[] =>
  shown.length < points.length
    ? [`${shown.length} of ${points.length} limits; --csv and --json have all of them.`]
    : [];

export function frontLines(
  front: Front,
  look: { readonly columns: number; readonly paint: Paint },
): readonly string[] {
  const shown = fewer(front);
  return [
    "",
    ...wrapped(`${frontTitle(front)}. ${frontRests(front)}`, look.columns),
    "",
    ...table(shown, frontColumns(front), look),
    "",
    ...[...frontSays(front), ...leftOutOf(front, shown)].flatMap((each) => wrapped(each, look.columns)),
  ];
}

/** The same limits in Markdown. */
export function frontMarkdown(front: Front): readonly string[] {
  const shown = fewer(front);
  return [
    `#### ${markdown(frontTitle(front))}`,
    "",
    markdown(frontRests(front)),
    "",
    ...markdownTable(shown, frontColumns(front)),
    "",
    ...[...frontSays(front), ...leftOutOf(front, shown)].map((each) => `- ${markdown(each)}`),
  ];
}

const pointTold = (
  { quantity }: Front,
  { limit, stops, sure, wrong, unknown, savedMicroUsd: saved }: FrontPoint,
) => ({
  limit: figureTold(quantity, limit),
  stops,
  sure,
  wrong,
  stopsOfUnknownCost: unknown,
  savedUsd: unknown > 0 && unknown === stops ? null : { from: toUsd(saved.from), to: toUsd(saved.to) },
});

/** For programs: limits in USD or seconds. Only the limit as written has a bound. */
export const frontTold = (front: Front) => ({
  ruleId: front.ruleId,
  quantity: front.quantity,
  runs: front.runs,
  successes: front.successes,
  written: { ...pointTold(front, front.written), atMost95: front.written.atMost95 },
  points: front.points.map((point) => pointTold(front, point)),
});

/** A line for each limit. */
export const frontCsv = (front: Front): string =>
  csv(
    [
      ...["ruleId", "quantity", "limit", "stops", "sure", "wrong"],
      ...["savedUsdFrom", "savedUsdTo", "asWritten", "stopsOfUnknownCost"],
    ],
    front.points.map((point) => {
      const { limit, stops, sure, wrong, savedUsd, stopsOfUnknownCost } = pointTold(front, point);
      const is = isWritten(point, front) ? "yes" : "no";
      const of = [front.ruleId, front.quantity, limit, stops, sure, wrong] as const;
      return [...of, savedUsd?.from, savedUsd?.to, is, stopsOfUnknownCost];
    }),
  );
