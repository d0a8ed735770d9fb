import { formatDuration, formatUsd, toUsd } from "../src/policy/index.ts";
import { formatMeasure } from "../src/watchdog/describe.ts";
import type { RunView, Share } from "../src/watchdog/query.ts";
import { cut, type Paint, padTo } from "./terminal.ts";
import type { Moment } from "./view.ts";
import { count, paintShare } from "./words.ts";

const ACTOR = 21;
const STATUS = 8;
const COST = 12;
const TIME = 11;
const GAPS = 8;

/** `█████░░░`: how much of a limit is used up. */
export function bar(share: number, width: number): string {
  const full = Math.min(width, Math.floor(share * width));
  return "█".repeat(full) + "░".repeat(width - full);
}

function gauge(
  share: Share | undefined,
  text: string,
  widths: { readonly bar: number; readonly text: number },
  paint: Paint,
): string {
  const words = cut(share ? `${text}/${formatMeasure(share.unit, share.limit)}` : text, widths.text);
  const drawn = share ? paintShare(bar(share.share, widths.bar), share.share, paint) : " ".repeat(widths.bar);
  return `${drawn} ${words.padStart(widths.text)}`;
}

function row(view: RunView, { now, nameOf }: Moment, barWidth: number, paint: Paint): string {
  const { run, life } = view.live;
  const of = (metric: string): Share | undefined => view.shares.find((share) => share.metric === metric);
  const cost =
    run.usageTotalMicroUsd === undefined ? "unknown" : `$${toUsd(run.usageTotalMicroUsd).toFixed(2)}`;
  const time = formatDuration((now.getTime() - life.since.getTime()) / 1000);
  const status = padTo(cut(view.intent ? "stopping" : run.status.toLowerCase(), STATUS), STATUS);
  return [
    padTo(cut(nameOf(run.actorId), ACTOR), ACTOR),
    view.intent ? paint("red", status) : status,
    gauge(of("usageTotalUsd"), cost, { bar: barWidth, text: COST }, paint),
    gauge(of("runTime"), time, { bar: barWidth, text: TIME }, paint),
  ].join("  ");
}

function headlines(moment: Moment, paint: Paint): readonly string[] {
  const { now, runs, stopped, held, warned, savedMicroUsd } = moment;
  const spent = runs.reduce((sum, { live }) => sum + (live.run.usageTotalMicroUsd ?? 0), 0);
  const saved = `saved about ${formatUsd(savedMicroUsd)} so far (an estimate)`;
  const clock = now.toISOString().slice(11, 16);
  return [
    `${paint("bold", clock)}  ${count(runs.length, "live run")}, ${formatUsd(spent)} so far`,
    `       stopped ${stopped}, held ${held}, warned ${warned}; ${paint(["bold", "green"], saved)}`,
  ];
}

/** The moving part of the live view: no line wider, and no more of them, than there is room for. */
export function liveFrame(
  moment: Moment,
  { columns, rows, paint }: { readonly columns: number; readonly rows: number; readonly paint: Paint },
): readonly string[] {
  const barWidth = Math.max(
    4,
    Math.min(30, Math.floor((columns - 1 - ACTOR - STATUS - COST - TIME - GAPS) / 2)),
  );
  const spend = `SPEND${" ".repeat(barWidth + COST - 4)}`;
  const title = `${padTo("ACTOR", ACTOR)}  ${padTo("STATUS", STATUS)}  ${spend}  TIME`;
  const room = Math.max(1, Math.min(15, rows - 7));
  const shown = moment.runs.slice(0, room);
  const more = moment.runs.length - shown.length;
  const { policyVersion, mode } = moment.report;
  const skipped = Object.values(moment.report.skipped).reduce((sum, each) => sum + each, 0);
  const unjudged = skipped > 0 ? `, ${skipped} not judged` : "";
  const foot = `${count(moment.ticks, "tick")}, policy version ${policyVersion}, ${mode}${unjudged}; Ctrl-C ends with a summary`;
  return [
    "",
    ...headlines(moment, paint),
    paint("dim", cut(title, columns - 1)),
    ...shown.map((view) => row(view, moment, barWidth, paint)),
    paint("dim", cut(`${more > 0 ? `… and ${more} more; ` : ""}${foot}`, columns - 1)),
  ];
}
