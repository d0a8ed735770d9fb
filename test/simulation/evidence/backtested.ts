import { type Policy, PolicyError, parseStoredPolicy } from "../../../src/policy/index.ts";
import { type Backtest, backtest } from "../../../src/watchdog/learn/backtest.ts";
import { historyInLedger } from "../../../src/watchdog/learn/history.ts";
import type { Replayed } from "../../../src/watchdog/learn/looks.ts";
import { type History, isSingle, type Past } from "../../../src/watchdog/learn/past.ts";
import { simulated } from "../../../src/watchdog/learn/simulated.ts";
import { type BacktestStop, replayedOf, replays } from "../../../src/watchdog/learn/stops.ts";
import type { NamesOfRun } from "../../../src/watchdog/learn/suggest/check-limits.ts";
import type { Plant } from "../process/ports.ts";
import { type Outcome, simulate } from "../simulate.ts";
import { type Plan, planFor } from "../world/plan.ts";
import { clock, type Decided, noticeDiffers, type Said, saidIn } from "./said.ts";
import { ALONE, type Kind, watched } from "./watched-world.ts";

/** When worlds begin, and with them the watch. */
const BEGINS_MS = Date.parse("2026-09-01T08:00:00.000Z");
/** From what a back-test says to the next look, and from that to its entry. */
const NEXT_LOOK_MS = 75_000;

export type Compared = {
  readonly runs: number;
  readonly decided: number;
  readonly sure: number;
  readonly notices: number;
  readonly differs?: string;
};

/** What a policy's back-test says of a run, and what each of its rules would have done alone. */
type Tried = {
  readonly stop: BacktestStop | undefined;
  readonly by: (ruleId: string) => BacktestStop | undefined;
};

/** Of a run whose cost was never told it is not recorded when it was first seen: Apify may have listed it late. */
const seenFrom = ({ watched: seen }: Past): number =>
  Math.max(BEGINS_MS, seen?.from?.getTime() ?? Number.POSITIVE_INFINITY);

/** Is the run looked at again, and judged, after what was reached by then? What was over before anybody watched was for nobody to decide. */
function isJudgedAfter(of: Past, at: number): boolean {
  const { activeUntil = of.run.finishedAt } = of.watched ?? {};
  return at >= BEGINS_MS && Math.max(at, seenFrom(of)) + NEXT_LOOK_MS <= Number(activeUntil);
}

const isWithin = (atMs: number, { at: { from, to } }: BacktestStop, of: Past): boolean =>
  // What was reached before anybody saw the run is decided at the first look.
  atMs >= from.getTime() && atMs <= Math.max(to.getTime(), seenFrom(of)) + NEXT_LOOK_MS;

const told = ({ ruleId, at: { from, to } }: BacktestStop): string =>
  `by ${ruleId} from ${clock(from.getTime())} to ${clock(to.getTime())}`;

/** Why what was decided of a run and what the back-test says of it are not the same, if so. */
function differsFor(
  of: Replayed,
  decided: Decided | undefined,
  { stop, by }: Tried,
  kind: Kind,
): string | undefined {
  const isKnown = stop !== undefined && kind === "known";
  if (isKnown && stop.at.from.getTime() !== stop.at.to.getTime())
    return `all is known that it rests on, and the back-test has a stop ${told(stop)}`;
  if (decided === undefined) {
    const isSaid =
      stop?.sure === true
        ? stop.at.to.getTime() >= BEGINS_MS
        : isKnown && isJudgedAfter(of, stop.at.to.getTime());
    return stop && isSaid ? `the back-test is sure of a stop ${told(stop)}, and none was decided` : undefined;
  }
  const what = `a stop by ${decided.ruleId} was decided at ${clock(decided.atMs)}`;
  if (stop === undefined) return `${what}, and the back-test has none`;
  if (!isWithin(decided.atMs, stop, of)) return `${what}, and the back-test has it ${told(stop)}`;
  const own = by(decided.ruleId);
  if (own === undefined) return `${what}, and a back-test of that rule alone has none`;
  return isWithin(decided.atMs, own, of)
    ? undefined
    : `${what}, and a back-test of that rule alone has it ${told(own)}`;
}

async function historyOf({ left, plan }: Outcome, nowMs: number): Promise<History> {
  if (left === undefined) throw new Error("the world left nothing to read");
  const clockThen = { now: () => new Date(nowMs), monotonicMs: () => nowMs, sleep: async () => undefined };
  const from = new Date(nowMs - plan.activeMs - plan.calmMs - 400 * 3_600_000);
  return historyInLedger({ ...left, clock: clockThen }, { from, until: new Date(nowMs) });
}

function isPolicy(document: Plan["policy"]): boolean {
  try {
    return parseStoredPolicy(document).rules.length > 0;
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}

const namesIn = async ({ left }: Outcome, { runs }: History): Promise<NamesOfRun> => {
  const actors = await left?.state.readNames(
    "actor",
    runs.map(({ run }) => run.actorId),
  );
  const tasks = await left?.state.readNames(
    "task",
    runs.flatMap(({ run }) => run.actorTaskId ?? []),
  );
  return ({ actorId, actorTaskId = "" }) => {
    const [actorName, taskName] = [actors?.get(actorId)?.name, tasks?.get(actorTaskId)?.name];
    return { ...(actorName && { actorName }), ...(taskName && { taskName }) };
  };
};

/** Of notices: each that was given is within its range; each that is sure to have been due was given, or a later step in its place. */
function noticesDiffer(
  policy: Policy,
  { from }: History,
  runs: readonly Replayed[],
  said: Said,
  untilMs: (runId?: string) => number,
) {
  const paces = replays(policy, runs, from);
  const of = new Map(runs.map((each) => [each.run.id, each]));
  const given = said.notices.filter(
    ({ runId, atMs }) => (runId === undefined || of.has(runId)) && atMs < untilMs(runId),
  );
  const differs = given.flatMap((notice) => {
    const run = of.get(notice.runId ?? "");
    const seenMs = run ? seenFrom(run) : Math.max(...runs.map(seenFrom).filter(Number.isFinite), BEGINS_MS);
    return noticeDiffers(notice, paces, { seenMs, nextLookMs: NEXT_LOOK_MS }) ?? [];
  });
  const keys = new Set(said.notices.map(({ key }) => key));
  for (const [key, latest] of paces.late.notices) {
    const [ruleId = "", runId = ""] = key.split("/");
    const run = of.get(runId);
    const isAlways = paces.early.notices.has(key) && paces.even.notices.has(key);
    if (run === undefined || !isAlways || keys.has(key) || !isJudgedAfter(run, latest)) continue;
    const isLater =
      said.stops.has(runId) ||
      said.notices.some((notice) => notice.runId === runId && notice.key.startsWith(`${ruleId}/`));
    if (!isLater) differs.push(`the notice ${key} was due at ${clock(latest)}, and none was given`);
  }
  return { notices: given.length, differs };
}

/**
 * Plays a world in observe mode, and back-tests its policy on what was recorded of it: what was decided must be among what the
 * back-test says, each within its range and by a rule that would have done so alone; what the back-test is sure of must have been
 * decided, and where all is known, all that it says. What a budget stops spends no more in a back-test, and goes on where it is only
 * observed: of budgets all up to the first stop is compared.
 */
export async function backtestDiffers(
  seed: number,
  kind: Kind,
  plant?: Plant,
): Promise<Compared | undefined> {
  // A world whose policy is refused has none in force.
  if (!isPolicy(watched(kind)(planFor(seed)).policy)) return undefined;
  const outcome = await simulate(seed, { plant, kept: ALONE, storage: "memory", change: watched(kind) });
  const { plan } = outcome;
  const history = await historyOf(outcome, BEGINS_MS + plan.activeMs + plan.calmMs);
  if (kind === "budgets" && !isAllSeen(history)) return undefined;
  const namesOf = await namesIn(outcome, history);
  const runs = replayedOf(history.runs.filter(isSingle), namesOf);
  const { policy } = simulated(parseStoredPolicy(plan.policy), runs);
  const said = saidIn(outcome, (id) => policy.rules.some((rule) => rule.id === id));
  const stopsBy = (rules: Policy["rules"]) => stopsIn(backtest({ ...policy, rules }, history, namesOf));
  const whole = stopsBy(policy.rules);
  const alone = new Map(policy.rules.map((rule) => [rule.id, stopsBy([rule])]));
  const firstMs = Math.min(...[...said.stops.values()].map(({ atMs }) => atMs));
  const compared = runs.filter(({ run, watched: seen }) => {
    if (seen === undefined) return false;
    const at = whole.get(run.id)?.at.to.getTime() ?? Number.POSITIVE_INFINITY;
    return kind !== "budgets" || said.stops.get(run.id)?.atMs === firstMs || at + NEXT_LOOK_MS < firstMs;
  });
  const untilMs = (runId = ""): number =>
    kind === "budgets" ? firstMs : (said.stops.get(runId)?.atMs ?? Number.POSITIVE_INFINITY);
  const noticed = noticesDiffer(policy, history, kind === "budgets" ? runs : compared, said, untilMs);
  const differs = compared.flatMap((of) => {
    const { id } = of.run;
    const tried = { stop: whole.get(id), by: (ruleId: string) => alone.get(ruleId)?.get(id) };
    const why = differsFor(of, said.stops.get(id), tried, kind);
    return why === undefined ? [] : [`run ${id}: ${why}`];
  });
  const all = [...differs, ...noticed.differs];
  return {
    runs: compared.length,
    decided: compared.filter(({ run }) => said.stops.has(run.id)).length,
    sure: [...whole.values()].filter(({ sure }) => sure).length,
    notices: noticed.notices,
    ...(all.length > 0 && { differs: all.join("\n") }),
  };
}

/**
 * What a run has spent that is live at the end is in no history, and may have used up a budget; and of one that lived for long and was
 * never seen, because what Apify listed of it could not be read, it was found only later what it had spent.
 */
const isAllSeen = ({ open, runs }: History): boolean =>
  open === 0 &&
  runs.every((past) => {
    const { startedAt, finishedAt = startedAt } = past.run;
    const isBrief = finishedAt.getTime() - startedAt.getTime() < NEXT_LOOK_MS;
    return isSingle(past) && (isBrief || past.watched !== undefined);
  });

const stopsIn = ({ stops }: Backtest): ReadonlyMap<string, BacktestStop> =>
  new Map(stops.map((stop) => [stop.runId, stop]));
