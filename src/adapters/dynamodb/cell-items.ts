import { isHourSlot, type Slot, type Spender } from "../../policy/index.ts";

const HOURS = "spend#hour#";
const DAYS = "spend#day#";
/**
 * The cells of a slot lie in so many items, by what spent: a write is charged for all of the item that it touches, and an item
 * holds 400 KB. At 80 bytes a cell it takes 10,000 spenders a day before one of them passes 100 KB.
 */
const SHARDS = 8;
const hashOf = (text: string): number =>
  [...text].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % 65_521, 0);
const slotSort = (slot: Slot): string => `${isHourSlot(slot) ? HOURS : DAYS}${slot}`;
/** The item of a cell. */
export const cellsSort = (slot: Slot, attribute: string): string =>
  `${slotSort(slot)}/${hashOf(attribute) % SHARDS}`;
/** Between these lie all items of a span of slots; cells were kept in one item for each slot before. */
export const cellsFrom = (slot: Slot): string => slotSort(slot);
export const cellsTo = (slot: Slot): string => `${slotSort(slot)}/~`;
export const slotOf = (sort: string): Slot =>
  sort.slice((sort.startsWith(HOURS) ? HOURS : DAYS).length).replace(/\/\d+$/, "");

/** What marks an attribute that is a cell, and what of: an older version passes over those that it does not know. */
const MARKS = { microUsd: "c|", runs: "r|", failures: "f|" } as const;
export type Amount = keyof typeof MARKS;
const AMOUNTS = Object.keys(MARKS) as readonly Amount[];
/** The schedule is there where there is one: cells were kept without before. */
const CELL_PARTS = /^[crf]\|([^|]+)\|([^|]*)\|([^|]*)(?:\|([^|]+))?$/;
/** Apify's ids hold no bar; one that did would make a whole slot unreadable. */
const escaped = (part: string): string => part.replaceAll("%", "%25").replaceAll("|", "%7C");
const unescaped = (part: string): string => part.replaceAll("%7C", "|").replaceAll("%25", "%");
export const cellAttribute = (
  { actorId, actorTaskId = "", origin = "", scheduleId }: Spender,
  of: Amount = "microUsd",
): string =>
  `${MARKS[of]}${[actorId, actorTaskId, origin, ...(scheduleId ? [scheduleId] : [])].map(escaped).join("|")}`;
/** `undefined` for an attribute that is no cell. */
export const amountOf = (name: string): Amount | undefined =>
  AMOUNTS.find((of) => name.startsWith(MARKS[of]));

/** `undefined` for what is no cell's name. */
export function spenderOf(attribute: string): Spender | undefined {
  const [, ...parts] = CELL_PARTS.exec(attribute) ?? [];
  const [actorId, actorTaskId, origin, scheduleId] = parts.map((part = "") => unescaped(part));
  return actorId === undefined
    ? undefined
    : {
        actorId,
        ...(actorTaskId && { actorTaskId }),
        ...(origin && { origin }),
        ...(scheduleId && { scheduleId }),
      };
}
