import { formatDuration, metricWords, printable, toUsd } from "../../src/policy/index.ts";
import { formatMeasure } from "../../src/watchdog/audit/describe.ts";
import type { RunView, Share } from "../../src/watchdog/explain/query.ts";
import { bar, percent } from "../show/bar.ts";
import { cut, type Paint, padTo } from "../show/terminal.ts";
import { paintShare } from "../show/words.ts";
import { markOf, type RunMark } from "./run-mark.ts";
import type { Moment } from "./view.ts";

const GAP = "  ";
const RUN = 17;
const ACTOR = 18;
const SPEND = 12;
/** Where it stands last, it has room for `would stop`, too. */
const TIME = 9;
const TIME_OR_MARK = 10;
const LIMIT = 15;
const GAPS = 4 * GAP.length;
/** All five columns, each as narrow as it can be read: what 80 columns have room for. */
const ALL = RUN + ACTOR + SPEND + TIME + LIMIT + GAPS;
const LEAST_ACTOR = 10;
const MOST_ACTOR = 26;
const BAR = 10;
const MOST_BAR = 30;
/** `100%` behind a bar. */
const PERCENT = 5;
/** From here on there is room for words beside the bar. */
const WORDY = 32;

/** How a row shares the width; 0: no room for that column. Narrow, it keeps what the rules measure: who, spend and time. */
export type Widths = {
  readonly run: number;
  readonly actor: number;
  readonly time: number;
  readonly limit: number;
};

export function widthsAt(width: number): Widths {
  if (width >= ALL) {
    const more = width - ALL;
    const actor = Math.min(MOST_ACTOR, ACTOR + Math.floor(more / 4));
    return { run: RUN, actor, time: TIME, limit: LIMIT + more - (actor - ACTOR) };
  }
  const room = width - SPEND - TIME_OR_MARK - 2 * GAP.length;
  const actor = room - RUN - GAP.length;
  const time = TIME_OR_MARK;
  if (actor >= LEAST_ACTOR) return { run: RUN, actor, time, limit: 0 };
  return { run: 0, actor: Math.max(1, Math.min(ACTOR, room)), time, limit: 0 };
}

/** `$5`, `$2.50`, `6h`: a limit has no cents unless it needs them. */
const limitText = ({ unit, limit }: Share): string => formatMeasure(unit, limit).replace(/\.00$/, "");

/** Seconds are of interest in the first minute alone. */
const timeText = (secs: number): string => formatDuration(secs < 60 ? secs : secs - (secs % 60));

const against = (text: string, share: Share | undefined): string =>
  share ? `${text}/${limitText(share)}` : text;

/** Has it a column of its own? */
const isShown = ({ metric }: Share): boolean => metric === "usageTotalUsd" || metric === "runTime";

/** The nearest limit as a bar, or in words where there are words to say and no room for both. */
function limitCell(
  nearest: Share | undefined,
  mark: RunMark | undefined,
  width: number,
  paint: Paint,
): string {
  const what = nearest && !isShown(nearest) ? metricWords(nearest.metric) : undefined;
  const shared = (text: string): string => (nearest ? paintShare(text, nearest.share, paint) : text);
  const dress = (text: string): string => (mark ? paint("magenta", text) : shared(text));
  const said = (words: readonly (string | undefined)[], room: number): string =>
    dress(cut(printable(words.filter((each) => each !== undefined).join(" ")), room));
  if (nearest === undefined) return said([width < WORDY ? mark?.word : mark?.text], width);
  const part = percent(nearest.share);
  if (width < WORDY && (mark || what)) return said([mark?.word ?? what, part], width);
  const barWidth = Math.max(BAR, Math.min(MOST_BAR, Math.floor((width - PERCENT) / 2)));
  const drawn = shared(`${bar(nearest.share, width < WORDY ? BAR : barWidth)} ${part.padStart(PERCENT - 1)}`);
  const room = width - barWidth - PERCENT - GAP.length;
  return mark || what ? `${drawn}${GAP}${said([what, mark?.text], room)}` : drawn;
}

export function row(view: RunView, moment: Moment, widths: Widths, paint: Paint): string {
  const { run, life } = view.live;
  // In the queue a run neither spends nor runs yet: its time there is no share of runTime.
  const shares =
    view.live.run.status === "READY" ? view.shares.filter((share) => !isShown(share)) : view.shares;
  const [nearest] = shares;
  const of = (metric: string): Share | undefined => shares.find((share) => share.metric === metric);
  /** The figure that is nearest to its limit has its colour, where no bar shows it. */
  const cell = (text: string, share: Share | undefined, width: number): string => {
    const words = cut(text, width).padStart(width);
    return share && share === nearest ? paintShare(words, share.share, paint) : words;
  };
  const mark = markOf(view, moment.report.decisions);
  const costed = run.usageTotalMicroUsd;
  const cost = costed === undefined ? "unknown" : `$${toUsd(costed).toFixed(2)}`;
  const secs = (moment.now.getTime() - life.since.getTime()) / 1000;
  const timed = of("runTime");
  const actor = padTo(cut(printable(moment.nameOf(run.actorId)), widths.actor), widths.actor);
  const time = cell(against(timeText(secs), timed), timed, widths.time);
  return [
    ...(widths.run > 0 ? [padTo(cut(printable(run.id), RUN), RUN)] : []),
    actor,
    cell(against(cost, of("usageTotalUsd")), of("usageTotalUsd"), SPEND),
    mark && widths.limit === 0 ? paint("magenta", cut(mark.word, widths.time).padStart(widths.time)) : time,
    ...(widths.limit > 0 ? [limitCell(nearest, mark, widths.limit, paint)] : []),
  ].join(GAP);
}

export const title = ({ run, actor, time, limit }: Widths): string =>
  [
    ...(run > 0 ? [padTo("RUN", RUN)] : []),
    padTo("ACTOR", actor),
    "SPEND".padStart(SPEND),
    "TIME".padStart(time),
    ...(limit > 0 ? ["NEAREST LIMIT"] : []),
  ].join(GAP);
