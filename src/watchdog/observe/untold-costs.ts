import { type Exemption, needsCost, type Policy, type Run } from "../../policy/index.ts";
import type { LiveRun } from "../model/live.ts";
import { type Known, skip } from "../model/pass.ts";
import { forEachRun } from "./for-each-run.ts";
import { readDetail } from "./look.ts";
import type { Looking } from "./looking.ts";
import { observationOf } from "./remember.ts";
import { READ_PATIENCE_MS } from "./within-budget.ts";

/** So many details a tick are read for nothing but a cost: some seconds, at ten at once. A thousand runs take six ticks. */
const MOST_A_TICK = 300;

const costOf = ({ run }: LiveRun): number => run.usageTotalMicroUsd ?? 0;
export const askedMs = ({ askedAt }: LiveRun): number => askedAt?.getTime() ?? Number.NEGATIVE_INFINITY;

/** Those that were asked for the longest ago come first, then those that have gone on the longest. */
export const byTurn = (a: LiveRun, b: LiveRun): number =>
  askedMs(a) - askedMs(b) || a.run.startedAt.getTime() - b.run.startedAt.getTime();

/**
 * Whose turn it is where there are too many: half of the places are the most expensive ones', as far as that is known, and
 * half those that were not asked for the longest, so that every run gets its turn.
 */
export function inTurn(runs: readonly LiveRun[], most: number): readonly LiveRun[] {
  if (runs.length <= most) return runs;
  const expensive = runs.toSorted((a, b) => costOf(b) - costOf(a)).slice(0, Math.floor(most / 2));
  const waiting = runs.filter((each) => !expensive.includes(each)).sort(byTurn);
  return [...expensive, ...waiting.slice(0, most - expensive.length)];
}

/**
 * Reads the details of live runs whose cost the list has left out, where a rule, a budget or a ceiling rests on it. What is
 * not read in this pass stays as it was known.
 */
export async function readUntoldCosts(
  looking: Looking,
  {
    policy,
    ids,
    namesOf,
    exemptions = [],
    most = MOST_A_TICK,
  }: {
    readonly policy: Policy;
    readonly ids: Iterable<string>;
    readonly namesOf: (run: Run) => Known;
    readonly exemptions?: readonly Exemption[];
    readonly most?: number;
  },
  signal: AbortSignal,
): Promise<void> {
  const { live, ports } = looking;
  const now = ports.clock.now();
  const untold = [...ids].flatMap((id) => {
    const each = live.get(id);
    // A detail that was read just now has told all that there is.
    const isAsked = each === undefined || each.source === "detail";
    const observation = each && observationOf(each, namesOf(each.run));
    return observation && !isAsked && needsCost(policy, observation, exemptions, now) ? [each] : [];
  });
  const chosen = inTurn(untold, most);
  skip(looking, "cost left for a later tick", untold.length - chosen.length);
  await readCosts(looking, chosen, "reading a run's cost", signal);
}

/** Reads details for nothing but what the runs cost. */
export const readCosts = (
  looking: Looking,
  runs: readonly LiveRun[],
  what: string,
  signal: AbortSignal,
): Promise<void> =>
  forEachRun(
    looking,
    runs.map(({ run }) => run.id),
    what,
    async (id, within) => {
      const each = looking.live.get(id);
      // Noted before: one that can't be read has had its turn, too.
      if (each) looking.live.set(id, { ...each, askedAt: looking.ports.clock.now() });
      await readDetail(looking, id, within);
    },
    { patienceMs: READ_PATIENCE_MS, signal },
  );
