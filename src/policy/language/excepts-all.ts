import type { Criteria, Selector } from "../policy.ts";
import type { MemoryRange } from "../values/memory.ts";
import { canonical, globMatches, isName } from "../values/patterns.ts";

/** Is whatever the one pattern matches certainly matched by the other? A star is matched by nothing but a star. */
const nameHolds = (wide: string, narrow: string): boolean =>
  wide === narrow || wide === "*" || (isName(wide) && globMatches(canonical(wide), canonical(narrow)));

const isSame = (one: string, other: string): boolean => one === other;

const isSameRange = (one: MemoryRange, other: MemoryRange): boolean =>
  one.op === other.op && one.mbytes === other.mbytes;

const holdsAll = <T>(
  wide: readonly T[] = [],
  narrow: readonly T[] | undefined,
  holds: (wide: T, narrow: T) => boolean,
): boolean => narrow?.every((each) => wide.some((one) => holds(one, each))) ?? false;

/**
 * By which key a selector excepts all that it selects, if so: the rule applies to no run. Only what is certain: an id and a
 * name may or may not be the same Actor's.
 */
export function exceptsAll({ except = {}, ...wanted }: Selector): keyof Criteria | undefined {
  // Every run has an Actor, but not every run has a task.
  const { actors = ["*"], tasks, origins, builds, memory, pricingModels } = wanted;
  if (holdsAll(except.actors, actors, nameHolds)) return "actors";
  if (holdsAll(except.tasks, tasks, nameHolds)) return "tasks";
  if (holdsAll(except.origins, origins, isSame)) return "origins";
  if (holdsAll(except.builds, builds, globMatches)) return "builds";
  if (holdsAll(except.memory, memory, isSameRange)) return "memory";
  if (holdsAll(except.pricingModels, pricingModels, isSame)) return "pricingModels";
  return undefined;
}
