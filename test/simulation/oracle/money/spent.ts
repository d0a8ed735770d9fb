import type { TrueRun } from "../../../../emulator/index.ts";
import type { History } from "../history.ts";
import { isLeftOutOfHistory } from "../listed.ts";
import { countsFor, type RuleText, type Selected } from "../policy-text.ts";
import { ENDED, type Reading, type Readings } from "../readings.ts";
import type { Span } from "../schedule-text.ts";
import { micro } from "../told.ts";
import { watchedSince } from "./watched-since.ts";

/** What groups of runs have spent in a window, by bounds that hold whatever the watchdog wrote down when. */

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Whoever works on what was written down before this before a window knew of it when he looked within the window. */
const KNOWN_BEFORE_MS = 2 * MINUTE_MS;
/** Two figures nearer to each other than this make no rate. */
const APART_MS = 30_000;
/** A run that ended so long ago is known to have ended. */
const KNOWN_END_MS = 10 * MINUTE_MS;
/** What had ended so shortly before anybody watched is filled in with the figure of then, which may have moved. */
const YOUNG_MS = 15 * MINUTE_MS;

/** The group of a budget that a run is in. */
export function groupOf({ budget }: RuleText, { actorId, taskId, origin }: TrueRun): string | undefined {
  const { each = "account" } = budget ?? {};
  return { account: "account", actor: actorId, task: taskId, origin }[each];
}

/** The same, and those that it was in as another Actor. */
export const groupsOf = (rule: RuleText, run: TrueRun): readonly (string | undefined)[] =>
  [run, ...((run as Partial<Selected>).actorsBefore ?? [])].map(({ actorId }) =>
    groupOf(rule, { ...run, actorId }),
  );

/** The runs whose spend a group's budget counts. */
export const membersOf = (
  truth: History["truth"],
  rule: RuleText,
  group: string,
  isSure = false,
): readonly TrueRun[] =>
  truth.runs().filter((run) => {
    const groups = groupsOf(rule, run);
    const isIn = isSure ? groups.every((each) => each === group) : groups.includes(group);
    return isIn && countsFor(rule, run, {}, isSure);
  });

type Told = Reading & { readonly usageTotalUsd: number };

const toldOf = (readings: Readings, { id }: TrueRun, byMs: number): readonly Told[] =>
  readings
    .of(id)
    .filter((each): each is Told => each.usageTotalUsd !== undefined && each.asOfMs <= byMs)
    .sort((a, b) => a.saidMs - b.saidMs);

/**
 * The least that can be said to have been spent before a window began. A figure that was written down in time stands.
 * Any later look may be the next one, and what it told more is spread evenly over the time since; where nothing stands,
 * since the start.
 */
function leastBefore(
  readings: Readings,
  { lives }: TrueRun,
  told: readonly Told[],
  { fromMs }: Span,
): number {
  const startMs = lives[0]?.startedAtMs ?? fromMs;
  if (startMs >= fromMs) return 0;
  const standing = told.findLast(
    ({ call, saidMs }) => saidMs < fromMs && readings.writtenBy(call, fromMs - KNOWN_BEFORE_MS),
  );
  const later = told.filter(({ saidMs }) => standing === undefined || saidMs >= standing.saidMs);
  const endMs = lives[0]?.endedAtMs ?? Number.POSITIVE_INFINITY;
  const shares = later.map(({ saidMs, status, usageTotalUsd }) => {
    // Whoever was shown it live counts until when he asked, by his own clock.
    const isOver = lives.length === 1 && ENDED.includes(status);
    const untilMs = isOver ? Math.min(saidMs, endMs) : saidMs;
    if (standing || untilMs <= fromMs) return micro(usageTotalUsd);
    return micro(usageTotalUsd) * ((fromMs - startMs) / (untilMs - startMs));
  });
  return Math.floor(Math.min(...shares));
}

/** The most that a group can be said to have spent in a window by an instant, in USD: of what anybody was told. */
export function mostSpent(
  { truth }: Pick<History, "truth">,
  readings: Readings,
  { rule, group, window, nowMs }: SpentBy,
): number {
  let sum = 0;
  for (const run of membersOf(truth, rule, group)) {
    const told = toldOf(readings, run, nowMs);
    if (told.length === 0) continue;
    const most = Math.max(...told.map(({ usageTotalUsd }) => micro(usageTotalUsd)));
    sum += most - leastBefore(readings, run, told, window) + 1;
  }
  return sum / 1e6;
}

type SpentBy = {
  readonly rule: RuleText;
  readonly group: string;
  readonly window: Span;
  readonly nowMs: number;
};

/** The fastest that a run can be said to spend, in USD an hour. */
function fastest(told: readonly Told[]): number {
  let most = 0;
  for (const [index, to] of told.entries()) {
    for (const from of told.slice(0, index)) {
      const elapsedMs = to.saidMs - from.saidMs;
      if (elapsedMs < APART_MS) continue;
      most = Math.max(most, ((to.usageTotalUsd - from.usageTotalUsd) * HOUR_MS) / elapsedMs);
    }
  }
  return most;
}

/** The most that a group can be said to come to by the end of the window. */
export function mostProjected(history: Pick<History, "truth">, readings: Readings, by: SpentBy): number {
  const { rule, group, window, nowMs } = by;
  const spent = mostSpent(history, readings, by);
  const live = membersOf(history.truth, rule, group).filter(({ lives }) => {
    const { endedAtMs = Number.POSITIVE_INFINITY } = lives.at(-1) ?? {};
    return endedAtMs > nowMs - KNOWN_END_MS;
  });
  const burn = live.reduce((sum, run) => sum + fastest(toldOf(readings, run, nowMs)), 0);
  const average = (spent * HOUR_MS) / Math.max(1, nowMs - window.fromMs - MINUTE_MS);
  return spent + ((window.toMs - nowMs + MINUTE_MS) / HOUR_MS) * (burn + average);
}

/**
 * The least that a group has spent in a window by an instant, in USD, of what has been shown since to whoever asked.
 * `looksFromMs`: from then on all is looked at once a minute. What ran before the window counts from a look within it.
 */
export function leastSpent(
  { truth, calls, ticks }: Pick<History, "truth" | "calls" | "ticks">,
  readings: Readings,
  { rule, group, window, nowMs }: SpentBy,
  looksFromMs: number,
): number {
  const sinceMs = watchedSince({ calls, ticks });
  const countsFromMs = Math.max(window.fromMs, looksFromMs) + 3 * MINUTE_MS;
  const deleted = new Set(calls.flatMap(({ kind, runId }) => (kind === "delete" && runId ? [runId] : [])));
  // What is garbled in a list of what was before is left out of it, and said so.
  const garbled = new Set(calls.flatMap(({ isHistory, garbled: ids = [] }) => (isHistory ? ids : [])));
  const isUntold = (run: TrueRun): boolean => garbled.has(run.id) || isLeftOutOfHistory({ calls }, run);
  let sum = 0;
  for (const run of membersOf(truth, rule, group, true)) {
    const endedMs = run.lives.at(-1)?.endedAtMs ?? Number.POSITIVE_INFINITY;
    const wasFilledYoung = endedMs < sinceMs && endedMs > sinceMs - YOUNG_MS;
    if (deleted.has(run.id) || isUntold(run) || wasFilledYoung) continue;
    const began = (run.lives[0]?.startedAtMs ?? nowMs) < window.fromMs;
    const before = began ? (truth.reportedUsdAt(run.id, countsFromMs) ?? 0) : 0;
    const shown = truth.reportedUsdAt(run.id, nowMs) ?? 0;
    // Of what is over no figure is asked for but at some moments: what came after the last of them nobody was told.
    const told = endedMs < nowMs ? readings.lastToldUsd(run.id, ({ by }) => ticks.has(by)) : undefined;
    // What was over before anybody looked is filled in by what lists and details tell of it then, which may be no cost at all.
    const isUnheard =
      told === undefined && endedMs < sinceMs && readings.lastToldUsd(run.id, () => true) === undefined;
    const usd = isUnheard ? 0 : Math.min(shown, told ?? shown);
    sum += Math.max(0, micro(usd) - micro(before) - 1);
  }
  return sum / 1e6;
}
