import type { Blast, ControlView, Observation, Policy, RecentIntent } from "../../../../src/policy/index.ts";
import { blastRoom } from "../../../../src/policy/judge/blast/blast.ts";
import { stoppedAs } from "../../../../src/policy/judge/blast/stopped.ts";
import {
  at,
  blast,
  control,
  life,
  NOON,
  observation,
  policy,
  recentIntent,
  run,
  usd,
} from "../../../support/builders.ts";

/** A run over its limit, an hour old; of no schedule and of an Actor of its own. */
export const seen = (
  id: string,
  {
    lifeNumber = 0,
    burnUsd,
    ...overrides
  }: Partial<Observation["run"]> & { lifeNumber?: number; burnUsd?: number } = {},
): Observation =>
  observation({
    run: run({ id, actorId: `actor of ${id}`, ...overrides }),
    life: life({ number: lifeNumber }),
    ...(burnUsd !== undefined && { burnMicroUsdPerHour: usd(burnUsd) }),
  });

/** The same as it was stopped so many seconds from noon. */
export const stop = (secs: number, of: Observation): RecentIntent => ({
  ...stoppedAs(of),
  at: at(secs),
  tickId: `tick${secs}`,
  tickEndsBy: at(secs),
});

/** What guard, if any, stands in the way of each of so many new runs. */
export function taken(
  count: number,
  guards: Pick<Policy, "guards">,
  view: Partial<ControlView> = {},
  of: Blast = blast(),
): readonly (string | undefined)[] {
  const room = blastRoom(policy(guards), control(view), of, NOON);
  return Array.from({ length: count }, (_, i) => room.take(seen(`new${i}`)));
}
export const free = (count: number): undefined[] => Array(count).fill(undefined);
export const live = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `live${i}`);
export const earlier = (count: number, overrides: Partial<RecentIntent> = {}): readonly RecentIntent[] =>
  Array.from({ length: count }, (_, i) => recentIntent({ runId: `earlier${i}`, ...overrides }));
