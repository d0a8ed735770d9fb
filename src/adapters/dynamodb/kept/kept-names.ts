import type { ActorOrTask, Name } from "../../../watchdog/model/ports.ts";
import { decodeName, encodeName } from "../../../watchdog/stored/codec.ts";
import { nameSort } from "../table.ts";
import type { Kept } from "./kept-items.ts";

/** What Actors or tasks are called, an item each. */
export const keptNames = (kind: ActorOrTask): Kept<Name> => ({
  sortOf: (id) => nameSort(kind, id),
  encode: encodeName,
  decode: decodeName,
});
