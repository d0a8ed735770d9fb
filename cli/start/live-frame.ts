import { formatUsd, isPaused, printable } from "../../src/policy/index.ts";
import { viewOf } from "../../src/watchdog/model/control.ts";
import { budgetTexts } from "../lines/budget-lines.ts";
import { forgoneText } from "../lines/savings.ts";
import { cut, type Paint, wrapped } from "../show/terminal.ts";
import { endOfPause } from "../show/when.ts";
import { count, paintShare } from "../show/words.ts";
import { row, title, widthsAt } from "./live-rows.ts";
import type { Moment } from "./view.ts";

const INDENT = " ".repeat(7);
const MOST_RUNS = 15;

/** Above all figures: why nothing is stopped, where that is so. */
function warnings({ now, control, policy }: Moment): readonly string[] {
  const { pause } = control;
  if (pause && isPaused(viewOf(control), now))
    return [`PAUSED by ${printable(pause.by)}, ${endOfPause(pause.until, now)}: ${printable(pause.reason)}`];
  return policy === undefined ? ["No policy was pushed: nothing is stopped."] : [];
}

function headlines(moment: Moment, width: number, paint: Paint): readonly string[] {
  const { now, runs, budgets, nameOf, stopped, observed, held, warned, savedMicroUsd, isReadOnly } = moment;
  const spent = runs.reduce((sum, { live }) => sum + (live.run.usageTotalMicroUsd ?? 0), 0);
  const clock = now.toISOString().slice(11, 16);
  const first = `${clock} UTC  ${isReadOnly ? "watching, read-only: " : ""}${count(runs.length, "live run")}, ${formatUsd(spent)} so far`;
  const would = observed > 0 || isReadOnly ? [`would have stopped ${observed}`] : [];
  const did = isReadOnly ? [] : [`stopped ${stopped}`];
  const done = `${INDENT}${[...would, ...did, `held ${held}`, `warned ${warned}`].join(", ")}`;
  const saved = isReadOnly
    ? forgoneText(moment)
    : savedMicroUsd > 0
      ? `saved about ${formatUsd(savedMicroUsd)} so far, had they gone on`
      : "";
  const green = (text: string): string => paint(["bold", "green"], text);
  const isOne = saved !== "" && `${done}; ${saved}`.length <= width;
  const told = budgetTexts(budgets, nameOf).join("; ");
  const [nearest] = budgets.groups;
  const spends = cut(`${INDENT}budgets  ${told}`, width);
  return [
    ...warnings(moment).map((text) => paint(["bold", "yellow"], cut(text, width))),
    cut(first, width).replace(clock, (text) => paint("bold", text)),
    ...(isOne ? [`${done}; ${green(saved)}`] : wrapped(done, width)),
    ...(isOne || saved === "" ? [] : wrapped(`${INDENT}${saved}`, width, green)),
    ...(told === "" ? [] : [nearest ? paintShare(spends, nearest.share, paint) : spends]),
  ];
}

function foot(moment: Moment, more: number): string {
  const { ticks, report, nextAt } = moment;
  const skipped = Object.values(report.skipped).reduce((sum, each) => sum + each, 0);
  return [
    ...(more > 0 ? [`… and ${more} more`] : []),
    `${count(ticks, "tick")}${nextAt ? `, the next at ${nextAt.toISOString().slice(11, 16)}` : ""}`,
    `policy version ${report.policyVersion ?? "none"}, ${report.mode ?? "nothing"}${skipped > 0 ? `, ${skipped} not covered` : ""}`,
    "Ctrl-C ends",
  ].join("; ");
}

/** The moving part of the live view: no line wider, and no more of them, than there is room for from 30 columns on. */
export function liveFrame(
  moment: Moment,
  { columns, rows, paint }: { readonly columns: number; readonly rows: number; readonly paint: Paint },
): readonly string[] {
  const width = Math.max(1, columns - 1);
  const widths = widthsAt(width);
  const heads = headlines(moment, width, paint);
  // Besides the runs: the heads, a blank line, the titles, the foot, and the line that the cursor waits in.
  const room = Math.max(1, Math.min(MOST_RUNS, rows - heads.length - 5));
  const shown = moment.runs.slice(0, room);
  const lines = [
    "",
    ...heads,
    paint("dim", cut(title(widths), width)),
    ...shown.map((view) => row(view, moment, widths, paint)),
    paint("dim", cut(foot(moment, moment.runs.length - shown.length), width)),
  ];
  return lines.slice(0, Math.max(1, rows - 1));
}
