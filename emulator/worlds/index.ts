import { seededRandom } from "../ground/random.ts";
import type { World } from "../world/world.ts";
import { apiDown } from "./api-down.ts";
import { burst } from "./burst.ts";
import { busyDay } from "./busy-day.ts";
import { everyLimit } from "./every-limit.ts";
import type { WorldFactory } from "./factory.ts";
import { flood } from "./flood.ts";
import { longStanding } from "./long-standing.ts";
import { missingCost } from "./missing-cost.ts";
import { pastMonth } from "./past-month.ts";
import { pastQuarter } from "./past-quarter.ts";
import { quiet } from "./quiet.ts";
import { corrections } from "./reality/corrections.ts";
import { forbidden } from "./reality/forbidden.ts";
import { hiddenCost } from "./reality/hidden-cost.ts";
import { loops } from "./reality/loops.ts";
import { newStatus } from "./reality/new-status.ts";
import { oddShapes } from "./reality/odd-shapes.ts";
import { payPerEvent } from "./reality/pay-per-event.ts";
import { renamed } from "./reality/renamed.ts";
import { standingStill } from "./reality/standing-still.ts";
import { storm } from "./reality/storm.ts";
import { wrongClock } from "./reality/wrong-clock.ts";
import { runaway } from "./runaway.ts";
import { slowLeak } from "./slow-leak.ts";
import { stuck } from "./stuck.ts";

const FACTORIES = {
  runaway,
  "slow-leak": slowLeak,
  stuck,
  burst,
  "missing-cost": missingCost,
  "api-down": apiDown,
  "busy-day": busyDay,
  quiet,
  "every-limit": everyLimit,
  flood,
  "long-standing": longStanding,
  "past-month": pastMonth,
  "past-quarter": pastQuarter,
  "hidden-cost": hiddenCost,
  forbidden,
  "wrong-clock": wrongClock,
  corrections,
  "standing-still": standingStill,
  renamed,
  loops,
  storm,
  "pay-per-event": payPerEvent,
  "odd-shapes": oddShapes,
  "new-status": newStatus,
} as const satisfies Record<string, WorldFactory>;

export type WorldName = keyof typeof FACTORIES;

export const worldNames = Object.keys(FACTORIES) as readonly WorldName[];

/** What happens in the named world, in a sentence. */
export const aboutWorld = (name: WorldName): string => namedWorld(name, 1).about;

/** The named world, as the seed makes it. */
export function namedWorld(name: WorldName, seed: number): World {
  const factory = FACTORIES[name] as WorldFactory | undefined;
  if (!factory) throw new Error(`There is no world "${name}". Choose one of: ${worldNames.join(", ")}.`);
  // Another stream than the ids': a world with one run more keeps its first runs as they were.
  return factory(seededRandom(seed ^ 0x5eed));
}
