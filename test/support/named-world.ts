import type { World } from "../../emulator/index.ts";
import { namedWorld, type WorldName } from "../../emulator/worlds/index.ts";

/** A named world without its faults: what is compared must not hang on when a fault strikes. */
export const namedWorldFor = (name: WorldName): World => ({ ...namedWorld(name, 1), faults: [] });
