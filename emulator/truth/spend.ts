import type { Money, Runs, Users } from "../account/parts.ts";
import { type Accrual, between, dusted, within } from "../ground/accrual.ts";
import type { VirtualClock } from "../ground/clock.ts";
import { costOf } from "../runs/accrual.ts";
import type { Run } from "../runs/run.ts";
import { endOf } from "../runs/timeline.ts";
import { identity, type TrueIdentity } from "./identity.ts";

/**
 * A run by its id, or all runs that the world's owner pays for and that answer yes; those that are deleted or yet to start
 * are among them.
 */
export type Whose = string | ((run: TrueIdentity) => boolean);

/** What a run truly cost within a span; one that turned into another Actor is told of once for each that it was. */
export type RunSpend = TrueIdentity & { readonly usd: number };

/** What the runs of one Actor and task and origin truly cost within a span. */
export type GroupSpend = Omit<TrueIdentity, "id" | "label"> & { readonly usd: number; readonly runs: number };

/**
 * The true cost over any span from `fromMs` on and before `toMs`, with the corrections that have come by the clock's
 * now. What lies ahead of the clock is as it will be if nobody interferes.
 */
export interface SpendTruth {
  /** What a run or a group cost within the span, in USD. */
  usdBetween(of: Whose, fromMs: number, toMs: number): number;
  /** Each run that cost anything within the span, ascending by start. */
  spendByRun(fromMs: number, toMs: number): readonly RunSpend[];
  /** The same per Actor, task and origin. */
  spendByGroup(fromMs: number, toMs: number): readonly GroupSpend[];
  /** What the account spent within the span without any run, in USD. */
  outsideUsdBetween(fromMs: number, toMs: number): number;
  /**
   * The first millisecond by which a run or a group had cost `usd` since `fromMs` (default: ever), looking no further
   * than `untilMs` (default: now); undefined when it had not by then.
   */
  crossedAt(of: Whose, usd: number, within?: { fromMs?: number; untilMs?: number }): number | undefined;
}

/** The run of this id. Throws when there is none, so that a slip does not look like a run without cost. */
export function knownRun({ runs }: Runs, runId: string): Run {
  const run = runs.get(runId);
  if (run) return run;
  throw new Error(`The emulator has no run "${runId}". truth.runs() lists those that have started.`);
}

/** The truth about what a platform's runs cost. */
export function spendTruthOf(
  platform: Runs & Users & Pick<Money, "outside"> & { readonly clock: VirtualClock },
): SpendTruth {
  /** Those that may cost anything within the span; there are many that ended long ago. */
  const paid = (fromMs: number, toMs: number): readonly Part[] =>
    platform.runs
      .all()
      .filter((run) => run.user === platform.owner && costsWithin(run, fromMs, toMs))
      .flatMap((run) => partsOf(run, platform));
  const meant = (of: Whose, fromMs: number, toMs: number): readonly Part[] => {
    if (typeof of !== "string") return paid(fromMs, toMs).filter((part) => of(part.identity));
    return partsOf(knownRun(platform, of), platform);
  };
  const spendByRun: SpendTruth["spendByRun"] = (fromMs, toMs) =>
    paid(fromMs, toMs)
      .map((part) => ({ ...part.identity, usd: dusted(between(part.cost, fromMs, toMs)) }))
      .filter(({ usd }) => usd > 0);
  return {
    usdBetween: (of, fromMs, toMs) => dusted(between(sumOf(meant(of, fromMs, toMs)), fromMs, toMs)),
    spendByRun,
    spendByGroup: (fromMs, toMs) => grouped(spendByRun(fromMs, toMs)),
    outsideUsdBetween: (fromMs, toMs) => dusted(between(platform.outside, fromMs, toMs)),
    crossedAt(of, usd, { fromMs = Number.NEGATIVE_INFINITY, untilMs = platform.clock.now() } = {}) {
      const parts = meant(of, fromMs, untilMs);
      const first = parts.reduce((least, { startedAtMs }) => Math.min(least, startedAtMs), untilMs);
      const sinceMs = Math.max(fromMs, first);
      return firstWith(sumOf(parts), usd, { fromMs, sinceMs, untilMs });
    },
  };
}

/** What a run cost as one Actor. */
type Part = { readonly identity: TrueIdentity; readonly cost: Accrual; readonly startedAtMs: number };

/** A run as one part for each Actor that it was; one that never turned into another is a single part. */
function partsOf(run: Run, platform: Users & { readonly clock: VirtualClock }): readonly Part[] {
  const cost = costOf(run, platform.clock.now());
  const { startedAtMs, metamorphs } = run;
  const starts = [{ atMs: Number.NEGATIVE_INFINITY, actor: run.actor }, ...metamorphs];
  return starts.map(({ atMs, actor }, index) => ({
    identity: identity(run, platform, actor),
    cost: metamorphs.length === 0 ? cost : within(cost, atMs, starts[index + 1]?.atMs ?? Infinity),
    startedAtMs: Math.max(startedAtMs, atMs),
  }));
}

function costsWithin(run: Run, fromMs: number, toMs: number): boolean {
  const last = run.lives.at(-1);
  const endMs = (last && endOf(last)?.atMs) ?? Number.POSITIVE_INFINITY;
  return run.startedAtMs <= toMs && endMs >= fromMs;
}

function sumOf(parts: readonly Part[]): Accrual {
  return {
    by: (atMs) => parts.reduce((sum, { cost }) => sum + cost.by(atMs), 0),
    before: (atMs) => parts.reduce((sum, { cost }) => sum + cost.before(atMs), 0),
  };
}

/** Bisects what never falls. */
function firstWith(
  cost: Accrual,
  usd: number,
  { fromMs, sinceMs, untilMs }: { fromMs: number; sinceMs: number; untilMs: number },
): number | undefined {
  const earlierUsd = cost.before(fromMs);
  const isThere = (atMs: number) => dusted(cost.by(atMs) - earlierUsd) >= dusted(usd);
  if (sinceMs > untilMs || !isThere(untilMs)) return undefined;
  let [low, high] = [sinceMs, untilMs];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isThere(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function grouped(runs: readonly RunSpend[]): readonly GroupSpend[] {
  const groups = new Map<string, GroupSpend>();
  for (const { id: _id, label: _label, usd, ...group } of runs) {
    const key = JSON.stringify([group.actorId, group.taskId, group.origin]);
    const before = groups.get(key) ?? { usd: 0, runs: 0 };
    groups.set(key, { ...group, usd: dusted(before.usd + usd), runs: before.runs + 1 });
  }
  return [...groups.values()];
}
