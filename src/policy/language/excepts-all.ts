import type { Criteria, Selector } from "../policy.ts";
import type { MemoryRange } from "../values/memory.ts";
import { canonical, globMatches, isName, isScheduleName } from "../values/patterns.ts";

/** Every Actor and every task has a name with an owner. */
const EVERY = /^\*+([/~]\*+)?$/;

/** Is whatever the one pattern matches certainly matched by the other? A star is matched by nothing but a star. */
const nameHolds = (wide: string, narrow: string): boolean =>
  wide === narrow || EVERY.test(wide) || (isName(wide) && globMatches(canonical(wide), canonical(narrow)));

/** An id has no letters of a name: only a star is sure to match it. */
const scheduleHolds = (wide: string, narrow: string): boolean =>
  wide === narrow ||
  EVERY.test(wide) ||
  ([wide, narrow].every(isScheduleName) && globMatches(canonical(wide), canonical(narrow)));

const isSame = (one: string, other: string): boolean => one === other;

const isSameRange = (one: MemoryRange, other: MemoryRange): boolean =>
  one.op === other.op && one.mbytes === other.mbytes;

const holdsAll = <T>(
  wide: readonly T[] = [],
  narrow: readonly T[] | undefined,
  holds: (wide: T, narrow: T) => boolean,
): boolean => narrow?.every((each) => wide.some((one) => holds(one, each))) ?? false;

/** How what the keys hold is compared: is whatever the one selects certainly selected by the other? */
const HOLDS = {
  actors: nameHolds,
  tasks: nameHolds,
  schedules: scheduleHolds,
  origins: isSame,
  builds: globMatches,
  memory: isSameRange,
  pricingModels: isSame,
} as const satisfies { [K in keyof Required<Criteria>]: unknown };
const KEYS = Object.keys(HOLDS) as readonly (keyof typeof HOLDS)[];

const holdsKey = (key: keyof typeof HOLDS, wide: Criteria, narrow: Criteria): boolean =>
  holdsAll<never>(wide[key] as readonly never[], narrow[key] as readonly never[], HOLDS[key]);

/**
 * By which key a selector excepts all that it selects, if so: the rule applies to no run. Only what is certain: an id and a
 * name may or may not be the same Actor's.
 */
export function exceptsAll({ except = {}, ...wanted }: Selector): keyof Criteria | undefined {
  // Every run has an Actor, but not every run has a task or a schedule.
  const selected = { actors: ["*"], ...wanted };
  return KEYS.find((key) => holdsKey(key, except, selected));
}

/** Does the one certainly select every run that the other does? Only what is certain. */
export function selectsAll(wide: Selector = {}, narrow: Selector = {}): boolean {
  // A run of origin STANDBY is stopped only where it is named.
  if (narrow.origins?.includes("STANDBY") && !wide.origins?.includes("STANDBY")) return false;
  const { except = {} } = wide;
  const isSpared = KEYS.some((key) => except[key] !== undefined);
  const isSameExcept = JSON.stringify(except) === JSON.stringify(narrow.except ?? {});
  if (isSpared && !isSameExcept) return false;
  return KEYS.every((key) => wide[key] === undefined || holdsKey(key, wide, narrow));
}
