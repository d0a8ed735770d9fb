import type { Name, NamedKind } from "../../../watchdog/model/ports.ts";
import { decodeName, encodeName } from "../../../watchdog/stored/codec.ts";
import { nameSort } from "../table.ts";
import type { Kept } from "./kept-items.ts";

/** What Actors, tasks or schedules are called, an item each. */
export const keptNames = (kind: NamedKind): Kept<Name> => ({
  sortOf: (id) => nameSort(kind, id),
  encode: encodeName,
  decode: decodeName,
});
