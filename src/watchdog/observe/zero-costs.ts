import {
  type Exemption,
  isActive,
  type Observation,
  type Policy,
  type Run,
  restsOnCost,
} from "../../policy/index.ts";
import type { LiveRun } from "../model/live.ts";
import type { Known } from "../model/pass.ts";
import type { Looking } from "./looking.ts";
import { observationOf } from "./remember.ts";
import { askedMs, byTurn, readCosts } from "./untold-costs.ts";

/** Figures come late in a run's first minutes. Later, a cost of exactly 0 is rare. */
const GROWN_MS = 10 * 60_000;
/** What a detail showed counts for so long. */
const AGAIN_MS = 10 * 60_000;
/** So many details a tick are read for nothing but a cost of 0. */
const MOST_A_TICK = 20;

/** Has the run gone on for so long that a cost of 0 says something? */
export const isGrownUp = ({ run, life }: Pick<Observation, "run" | "life">, now: Date): boolean =>
  isActive(run.status) && run.status !== "READY" && now.getTime() - life.since.getTime() >= GROWN_MS;

/**
 * Reads the details of some live runs that the list shows at a cost of 0, where anything rests on it: does the detail show
 * what costs something? Those that were never asked for, or the longest ago, come first; runs whose detail is read anyway
 * take no part.
 */
export async function readZeroCosts(
  looking: Looking,
  {
    policy,
    exemptions,
    ids,
    namesOf,
  }: {
    readonly policy: Policy;
    readonly exemptions: readonly Exemption[];
    readonly ids: Iterable<string>;
    readonly namesOf: (run: Run) => Known;
  },
  signal: AbortSignal,
): Promise<void> {
  const { live, ports } = looking;
  const now = ports.clock.now();
  const isDue = (each: LiveRun): boolean =>
    each.source === "list" &&
    each.run.usageTotalMicroUsd === 0 &&
    isGrownUp(each, now) &&
    now.getTime() - askedMs(each) >= AGAIN_MS;
  const chosen = [...ids]
    .flatMap((id) => live.get(id) ?? [])
    .filter(isDue)
    .filter((each) => restsOnCost(policy, observationOf(each, namesOf(each.run)), exemptions))
    .sort(byTurn)
    .slice(0, MOST_A_TICK);
  await readCosts(looking, chosen, "reading a cost of 0", signal);
}
