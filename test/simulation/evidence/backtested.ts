import type { RunScript } from "../../../emulator/index.ts";
import { PolicyError, parseStoredPolicy } from "../../../src/policy/index.ts";
import { backtest } from "../../../src/watchdog/learn/backtest.ts";
import { historyInLedger } from "../../../src/watchdog/learn/history.ts";
import type { History } from "../../../src/watchdog/learn/past.ts";
import { simulated } from "../../../src/watchdog/learn/simulated.ts";
import type { BacktestStop } from "../../../src/watchdog/learn/stops.ts";
import type { EntryFields } from "../oracle/entry-text.ts";
import type { Plant } from "../process/ports.ts";
import { seededRandom } from "../random.ts";
import { PARTS } from "../shrink/cut.ts";
import { type Outcome, simulate } from "../simulate.ts";
import type { Rule } from "../world/document.ts";
import { type Plan, planFor } from "../world/plan.ts";
import { randomRun } from "../world/runs.ts";

/** Nothing but runs, rules and ticks: pauses, exemptions and what else comes between are not back-tested. */
const ALONE = Object.fromEntries(
  PARTS.filter((part) => part !== "runs" && part !== "rules" && part !== "ticks").map((part) => [part, []]),
);
const MINUTE = 60_000;
/** When worlds begin, and with them the watch. */
const BEGINS_MS = Date.parse("2026-09-01T08:00:00.000Z");
/** From what a back-test says to the next look, and from that to its entry. */
const NEXT_LOOK_MS = 75_000;
const MORE_RUNS = 8;
/** So many runs of a world are never seen to end otherwise. */
const LASTS_MS = [4, 9, 17, 28, 44].map((minutes) => minutes * MINUTE);
const LONGEST_QUEUE_MS = 25 * MINUTE;

/** The rules of one kind: limits on runs, or budgets. */
export const KINDS = ["limits", "budgets"] as const;
type Kind = (typeof KINDS)[number];

const TOLD = ["usageTotalUsd", "runTime", "queueTime", "abortingTime", "noTimeout", "timeout", "noCap"];

/** A rule as far as a back-test can tell: one that it leaves out may hide what others decide. */
function simulatedRule({ mode: _own, schedule: _when, ...rule }: Rule, kind: Kind): Rule | undefined {
  const steps = rule.steps
    .filter(({ basis = "actual" }) => basis === "actual")
    .map(({ schedule: _then, ...step }) => step);
  const { limit = {}, budget } = rule;
  const isTold = budget ? budget.per !== "cycle" : Object.keys(limit).every((key) => TOLD.includes(key));
  const isMeant = isTold && steps.length > 0 && (budget !== undefined) === (kind === "budgets");
  return isMeant ? { ...rule, steps } : undefined;
}

const moreRuns = ({ seed, activeMs }: Plan): readonly RunScript[] => {
  const random = seededRandom(seed, "back-test");
  return Array.from({ length: MORE_RUNS }, (_, i) => ({
    ...randomRun(random, activeMs),
    label: `more ${i}`,
  }));
};

/** So long after its end a run's figures rest. */
const RESTS_MS = 20 * MINUTE;

/** When the run ends: as it would, or so, and with time for its figures to rest where it can. */
function inTime(
  { activeMs, calmMs }: Plan,
  { startsAfterMs = 0, readyForMs = 0, ends: own }: RunScript,
  otherwise: Ends,
): Ends {
  const ends = own ?? otherwise;
  const queueMs = Math.min(readyForMs, LONGEST_QUEUE_MS);
  const leftMs = activeMs + calmMs - RESTS_MS - startsAfterMs - queueMs;
  return { ...ends, afterMs: Math.min(ends.afterMs, Math.max(MINUTE, leftMs)) };
}

type Ends = NonNullable<RunScript["ends"]>;

/** The world of a seed in observe mode, looked at once a minute, in which all that is started ends. */
const watched =
  (kind: Kind) =>
  (plan: Plan): Plan => {
    const { changes: _changes, date: _date, ...world } = plan.world;
    // What a budget would have stopped before anybody watched changes all that comes after it.
    const isMeant = ({ startsAfterMs = 0 }: RunScript) => kind === "limits" || startsAfterMs >= 0;
    const [secret] = plan.secrets;
    return {
      ...plan,
      world: {
        ...world,
        runs: [...world.runs, ...moreRuns(plan)].filter(isMeant).map((run, i) => ({
          ...run,
          readyForMs: Math.min(run.readyForMs ?? 0, LONGEST_QUEUE_MS),
          ends: inTime(plan, run, { afterMs: LASTS_MS[i % LASTS_MS.length] ?? MINUTE, status: "SUCCEEDED" }),
        })),
      },
      secrets: secret ? [secret] : [],
      policy: {
        ...plan.policy,
        mode: "observe",
        rules: plan.policy.rules.flatMap((rule) => simulatedRule(rule, kind) ?? []),
      },
      ticks: Array.from({ length: (plan.activeMs + plan.calmMs) / MINUTE - 2 }, (_, minute) => ({
        atMs: 10_000 + minute * MINUTE + ((plan.seed * 7919 + minute * 104_729) % 1_500),
        timeoutMs: 55_000,
        signalAfterMs: 45_000,
        ...(plan.seed % 2 === 0 && { watchMs: 40_000 }),
        isWarm: true,
      })),
    };
  };

type Decided = { readonly runId: string; readonly ruleId: string; readonly atMs: number };

/** The first stop of each run that was decided, whether it was observed or held: by caps, or until a window is filled. */
function decidedIn({ history }: Outcome, isSimulated: (ruleId: string) => boolean): Map<string, Decided> {
  const decided = new Map<string, Decided>();
  for (const { text } of history.entries) {
    const { kind, runId, ruleId = "", at } = JSON.parse(text) as EntryFields;
    const isStop = kind === "abort.observed" || kind === "abort.held";
    if (!isStop || runId === undefined || !isSimulated(ruleId) || decided.has(runId)) continue;
    decided.set(runId, { runId, ruleId, atMs: Date.parse(at) });
  }
  return decided;
}

export type Compared = {
  readonly runs: number;
  readonly decided: number;
  readonly sure: number;
  readonly differs?: string;
};

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

/** Why what was decided of a run and what the back-test says of it are not the same, if so. */
function differsFor(
  decided: Decided | undefined,
  stop: BacktestStop | undefined,
  firstMs: number,
): string | undefined {
  if (decided === undefined) {
    // What was over before anybody watched was for nobody to decide.
    return stop?.sure === true && stop.at.to.getTime() >= BEGINS_MS
      ? `the back-test is sure of a stop by ${stop.ruleId} from ${clock(stop.at.from.getTime())} to ${clock(stop.at.to.getTime())}, and none was decided`
      : undefined;
  }
  const what = `a stop by ${decided.ruleId} was decided at ${clock(decided.atMs)}`;
  if (stop === undefined) return `${what}, and the back-test has none`;
  const [from, to] = [stop.at.from.getTime(), stop.at.to.getTime()];
  // What was reached before anybody saw the run is decided at the first look.
  const isWithin = decided.atMs >= from && decided.atMs <= Math.max(to, firstMs) + NEXT_LOOK_MS;
  return isWithin
    ? undefined
    : `${what}, and the back-test has it by ${stop.ruleId} from ${clock(from)} to ${clock(to)}`;
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

/**
 * Plays a world in observe mode, and back-tests its policy on what was recorded of it: what was decided must be among what the
 * back-test says, each within its range, and what the back-test is sure of must have been decided. What a budget stops spends
 * no more in a back-test, and goes on where it is only observed: of budgets all up to the first stop is compared.
 */
export async function backtestDiffers(
  seed: number,
  kind: Kind,
  plant?: Plant,
): Promise<Compared | undefined> {
  // A world whose policy is refused has none in force.
  if (!isPolicy(watched(kind)(planFor(seed)).policy)) return undefined;
  const outcome = await simulate(seed, { plant, kept: ALONE, storage: "memory", change: watched(kind) });
  const { plan, left } = outcome;
  const endMs = BEGINS_MS + plan.activeMs + plan.calmMs;
  const history = await historyOf(outcome, endMs);
  // What a run has spent that is live at the end is in no history, and may have used up a budget.
  if (kind === "budgets" && (history.open > 0 || history.runs.some(({ lives = 1 }) => lives > 1)))
    return undefined;
  const policy = parseStoredPolicy(plan.policy);
  const rules = new Set(simulated(policy, history.runs).policy.rules.map(({ id }) => id));
  const names = {
    actor: await left?.state.readNames(
      "actor",
      history.runs.map(({ run }) => run.actorId),
    ),
    task: await left?.state.readNames(
      "task",
      history.runs.flatMap(({ run }) => run.actorTaskId ?? []),
    ),
  };
  const found = backtest(policy, history, ({ actorId, actorTaskId = "" }) => {
    const [actorName, taskName] = [names.actor?.get(actorId)?.name, names.task?.get(actorTaskId)?.name];
    return { ...(actorName && { actorName }), ...(taskName && { taskName }) };
  });
  const stops = new Map(found.stops.map((stop) => [stop.runId, stop]));
  const decided = decidedIn(outcome, (id) => rules.has(id));
  const firstMs = Math.min(...[...decided.values()].map(({ atMs }) => atMs));
  const compared = history.runs.filter(({ run, lives = 1, watched: seen }) => {
    if (lives > 1 || seen === undefined) return false;
    const at = stops.get(run.id)?.at.to.getTime() ?? Number.POSITIVE_INFINITY;
    return kind === "limits" || decided.get(run.id)?.atMs === firstMs || at + NEXT_LOOK_MS < firstMs;
  });
  const differs = compared.flatMap(({ run, watched: seen }) => {
    const seenMs = Math.max(BEGINS_MS, seen?.from?.getTime() ?? BEGINS_MS);
    const why = differsFor(decided.get(run.id), stops.get(run.id), seenMs);
    return why === undefined ? [] : [`run ${run.id}: ${why}`];
  });
  return {
    runs: compared.length,
    decided: compared.filter(({ run }) => decided.has(run.id)).length,
    sure: found.stops.filter(({ sure }) => sure).length,
    ...(differs.length > 0 && { differs: differs.join("\n") }),
  };
}
