import type { TrueRun } from "../../../emulator/index.ts";
import type { SeenCall } from "./history.ts";
import type { Knowledge } from "./knowledge.ts";
import { watchedSince } from "./money/watched-since.ts";
import { ENDED, lifeIndexAt } from "./readings.ts";
import { ACTIVE, STOPPING } from "./told.ts";

/** A list may lag by so long. */
export const LAG_MS = 2 * 60_000;

const LIVE: readonly (string | undefined)[] = [...ACTIVE, ...STOPPING];

/** What started so long before a list is not asked for again after it: two minutes, by clocks that agree to half a minute. */
const LISTED_AGAIN_MS = 85_000;

/** Something well-formed in Apify's place said that there was nothing: whoever asks believes it. */
export const isFalse = ({ kind, status, neverArrived, shown }: SeenCall): boolean =>
  kind === "list" && status === 200 && neverArrived === true && shown !== undefined;

/** Does it say that there is no such run? */
const denies = (call: SeenCall, { id }: TrueRun): boolean =>
  isFalse(call) || call.leftOut?.includes(id) === true;

/** Is it one of what was before anybody looked, and without the run? Whoever fills the ledger by it believes it. */
export const isLeftOutOfHistory = ({ calls }: Pick<Knowledge["history"], "calls">, run: TrueRun): boolean =>
  calls.some((call) => call.isHistory === true && denies(call, run));

/** One that does, and behind which nobody asks for the run again. */
export const hides = (call: SeenCall, run: TrueRun): boolean =>
  denies(call, run) && call.atMs > (run.lives[0]?.startedAtMs ?? 0) + LISTED_AGAIN_MS;

const isHad = (call: SeenCall): boolean => call.shown !== undefined && call.deliveredAtMs !== undefined;

/** Did what earlier ticks had written down tell this one that the run lived? */
function wasTold({ history, readings }: Knowledge, run: TrueRun, index: number, by: string): boolean {
  const told = readings
    .of(run.id)
    .filter((each) => each.by !== by && history.ticks.has(each.by) && readings.knew(each.call, by));
  const last = told.reduce((a, b) => (a && a.saidMs >= b.saidMs ? a : b), told[0]);
  return last !== undefined && !ENDED.includes(last.status) && lifeIndexAt(run, last.asOfMs) === index;
}

/** Of a tick, or of all of them, the lists that tell what is there now. */
export const listsOf = ({ history }: Knowledge, isMeant: (call: SeenCall) => boolean): readonly SeenCall[] =>
  history.calls.filter(
    (call) =>
      call.kind === "list" &&
      history.ticks.has(call.by) &&
      !call.isHistory &&
      !call.isWhose &&
      call.successes === undefined &&
      isMeant(call),
  );

/**
 * Should whoever had these lists have seen the run? By a list of what started, which shows every status, or by one of what
 * is live, which leaves out what is in a status that nobody knows.
 */
export function isListed(know: Knowledge, run: TrueRun, lists: readonly SeenCall[]): boolean {
  const { truth, calls, ticks } = know.history;
  const sinceMs = watchedSince(know.history, (ms) => know.readings.isForgotten(ms));
  const isNew = run.lives.length === 1 && (run.lives[0]?.startedAtMs ?? 0) > sinceMs;
  if (isNew && !calls.some((call) => hides(call, run) && ticks.has(call.by))) return true;
  const isLive = (atMs: number): boolean => LIVE.includes(truth.listedStatusAt(run.id, atMs));
  // A tick asks for what started and for what is live: where one of them was false, nobody can say which.
  const misled = new Set(lists.filter((call) => denies(call, run)).map(({ by }) => by));
  return lists.some(
    (call) => isHad(call) && !misled.has(call.by) && isLive(call.atMs) && isLive(call.atMs - LAG_MS),
  );
}

/** Could a tick know that a run was in this life? By what earlier ticks had written down, or by its own lists, if it asked for any. */
export function couldKnow(know: Knowledge, run: TrueRun, index: number, by: string): boolean {
  const lists = listsOf(know, (call) => call.by === by);
  if (wasTold(know, run, index, by) || lists.length === 0) return true;
  // Lists may show single runs later than others.
  const { truth } = know.history;
  const isShown = lists.some(({ atMs, asOfMs = atMs }) => truth.listedStatusAt(run.id, asOfMs) !== undefined);
  return isShown && isListed(know, run, lists);
}
