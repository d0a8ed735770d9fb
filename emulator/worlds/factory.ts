import type { Random } from "../ground/random.ts";
import type { World } from "../world/world.ts";

/** Makes a world; what varies in it comes from `random`. */
export type WorldFactory = (random: Random) => World;
