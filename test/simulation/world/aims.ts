import type { Random } from "../random.ts";
import type { Document } from "./document.ts";
import type { PlannedTick } from "./ticks.ts";
import { turnsIn } from "./windows.ts";

/** Trouble where it matters most, in place of anywhere. */
export type Aim = {
  /** How many of the moments that matter bring something. */
  readonly chance: number;
  /** Do processes die and stand still there, too, or do people alone act? */
  readonly isHarsh: boolean;
  /** Of the looks at a run all those matter behind a promise to stop it that nobody has taken yet. */
  readonly isClose: boolean;
  /** Is it at what is done to schedules, too? */
  readonly isOfSources?: boolean;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Half of the worlds; of those in which nothing goes wrong only people act. */
export const randomAim = (random: Random, isFair: boolean, isClose: boolean): Aim | undefined =>
  random.chance(0.5) ? { chance: random.pick([0.15, 0.3, 0.5]), isHarsh: !isFair, isClose } : undefined;

/** What was to happen to ticks at any of their calls does not: those of which the kind of call is said stay. */
const unscattered = ({ fate, freeze, ...tick }: PlannedTick): PlannedTick => ({
  ...tick,
  ...(fate?.on && { fate }),
  ...(freeze?.on && { freeze }),
});

/** The ticks of a world with an aim, and more of them where a window opens or shuts: they read before and act after. */
export function aimedTicks(
  random: Random,
  ticks: readonly PlannedTick[],
  policy: Document,
  activeMs: number,
): readonly PlannedTick[] {
  const hours = policy.rules.some(({ budget }) => budget) ? [HOUR, 1.5 * HOUR] : [];
  const turns = [...hours, ...turnsIn(policy)].filter((ms) => ms > MINUTE && ms < activeMs - MINUTE);
  const more = [...new Set(turns)].flatMap((turnMs): readonly PlannedTick[] => {
    const beforeMs = random.pick([100, 400, 1_500, 6_000]);
    const [like] = ticks;
    return like && random.chance(0.7)
      ? [{ ...unscattered(like), atMs: turnMs - random.int(1, beforeMs), isWarm: random.chance(0.7) }]
      : [];
  });
  return [...ticks.map(unscattered), ...more].toSorted((a, b) => a.atMs - b.atMs);
}
