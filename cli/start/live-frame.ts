import { formatDuration, formatUsd, printable, toUsd } from "../../src/policy/index.ts";
import { formatMeasure } from "../../src/watchdog/audit/describe.ts";
import type { RunView, Share } from "../../src/watchdog/explain/query.ts";
import { budgetTexts } from "../lines/budget-lines.ts";
import { bar } from "../show/bar.ts";
import { cut, type Paint, padTo, wrap } from "../show/terminal.ts";
import { count, paintShare } from "../show/words.ts";
import type { Moment } from "./view.ts";

const ACTOR = 21;
const STATUS = 8;
const COST = 12;
const TIME = 11;
const GAP = "  ";
const LEAST_BAR = 4;
const MOST_BAR = 30;
/** Two bars, each with a space behind it, and four gaps. */
const GAPS = 8;

type Widths = {
  readonly actor: number /** 0 where there is no room for bars and a status. */;
  readonly bar: number;
};

/** How a row shares the width. Narrow, it keeps what the rules measure: who, what it costs and how long it has run. */
function widthsAt(columns: number): Widths {
  const bar = Math.floor((columns - 1 - ACTOR - STATUS - COST - TIME - GAPS) / 2);
  if (bar >= LEAST_BAR) return { actor: ACTOR, bar: Math.min(MOST_BAR, bar) };
  return { actor: Math.max(1, Math.min(ACTOR, columns - 1 - COST - TIME - 2 * GAP.length)), bar: 0 };
}

/** A figure against its limit, behind a bar where there is room for one; else the figure has the bar's colour. */
function gauge(
  share: Share | undefined,
  text: string,
  width: number,
  barWidth: number,
  paint: Paint,
): string {
  const words = cut(share ? `${text}/${formatMeasure(share.unit, share.limit)}` : text, width).padStart(
    width,
  );
  if (barWidth === 0) return share ? paintShare(words, share.share, paint) : words;
  const drawn = share ? paintShare(bar(share.share, barWidth), share.share, paint) : " ".repeat(barWidth);
  return `${drawn} ${words}`;
}

function row(view: RunView, { now, nameOf }: Moment, widths: Widths, paint: Paint): string {
  const { run, life } = view.live;
  const of = (metric: string): Share | undefined => view.shares.find((share) => share.metric === metric);
  const cost =
    run.usageTotalMicroUsd === undefined ? "unknown" : `$${toUsd(run.usageTotalMicroUsd).toFixed(2)}`;
  const time = formatDuration((now.getTime() - life.since.getTime()) / 1000);
  const isQueued = run.status === "READY";
  const actor = padTo(cut(printable(nameOf(run.actorId)), widths.actor), widths.actor);
  const status = padTo(cut(view.intent ? "stopping" : printable(run.status.toLowerCase()), STATUS), STATUS);
  const isNarrow = widths.bar === 0;
  return [
    isNarrow && view.intent ? paint("red", actor) : actor,
    ...(isNarrow ? [] : [view.intent ? paint("red", status) : status]),
    gauge(of("usageTotalUsd"), cost, COST, widths.bar, paint),
    gauge(isQueued ? undefined : of("runTime"), time, TIME, widths.bar, paint),
  ].join(GAP);
}

function title({ actor, bar: barWidth }: Widths): string {
  if (barWidth === 0) return [padTo("ACTOR", actor), "SPEND".padStart(COST), "TIME".padStart(TIME)].join(GAP);
  return [padTo("ACTOR", actor), padTo("STATUS", STATUS), padTo("SPEND", barWidth + 1 + COST), "TIME"].join(
    GAP,
  );
}

function headlines(moment: Moment, width: number, paint: Paint): readonly string[] {
  const { now, runs, budgets, nameOf, stopped, observed, held, warned, savedMicroUsd, report } = moment;
  const spent = runs.reduce((sum, { live }) => sum + (live.run.usageTotalMicroUsd ?? 0), 0);
  const clock = now.toISOString().slice(11, 16);
  const would = observed > 0 || report.mode === "observe" ? `would have stopped ${observed}, ` : "";
  const done = `${would}stopped ${stopped}, held ${held}, warned ${warned}`;
  const saved = `saved about ${formatUsd(savedMicroUsd)} so far (an estimate)`;
  const indent = " ".repeat(7);
  const isOne = `${indent}${done}; ${saved}`.length <= width;
  const green = (text: string): string => paint(["bold", "green"], text);
  const told = budgetTexts(budgets, nameOf).join("; ");
  const [nearest] = budgets.groups;
  const spends = cut(`${indent}budgets  ${told}`, width);
  return [
    cut(`${clock}  ${count(runs.length, "live run")}, ${formatUsd(spent)} so far`, width).replace(
      clock,
      (text) => paint("bold", text),
    ),
    ...(isOne
      ? [`${indent}${done}; ${green(saved)}`]
      : [...wrap(done, width), ...wrap(saved, width).map(green)]),
    ...(told === "" ? [] : [nearest ? paintShare(spends, nearest.share, paint) : spends]),
  ];
}

/** The moving part of the live view: no line wider, and no more of them, than there is room for from 30 columns on. */
export function liveFrame(
  moment: Moment,
  { columns, rows, paint }: { readonly columns: number; readonly rows: number; readonly paint: Paint },
): readonly string[] {
  const width = Math.max(1, columns - 1);
  const widths = widthsAt(columns);
  const heads = headlines(moment, width, paint);
  // Besides the runs: the heads, a blank line, the titles, the foot, and the line that the cursor waits in.
  const room = Math.max(1, Math.min(15, rows - heads.length - 5));
  const shown = moment.runs.slice(0, room);
  const more = moment.runs.length - shown.length;
  const { policyVersion, mode } = moment.report;
  const skipped = Object.values(moment.report.skipped).reduce((sum, each) => sum + each, 0);
  const uncovered = skipped > 0 ? `, ${skipped} not covered` : "";
  const foot = `${count(moment.ticks, "tick")}, policy version ${policyVersion}, ${mode}${uncovered}; Ctrl-C ends with a summary`;
  const lines = [
    "",
    ...heads,
    paint("dim", cut(title(widths), width)),
    ...shown.map((view) => row(view, moment, widths, paint)),
    paint("dim", cut(`${more > 0 ? `… and ${more} more; ` : ""}${foot}`, width)),
  ];
  return lines.slice(0, Math.max(1, rows - 1));
}
