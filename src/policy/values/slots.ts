import type { MicroUsd } from "./money.ts";

/**
 * When money was spent, as the ledger keeps it: within a UTC hour, `2026-11-25T06`, or somewhere within a UTC day,
 * `2026-11-25`. Both sort by time.
 */
export type Slot = string;

/** What was spent when: micro-dollars by slot. A correction downwards is negative. */
export type SpendBySlot = Readonly<Record<Slot, MicroUsd>>;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

const HOUR_LENGTH = "2026-11-25T06".length;
const DAY_LENGTH = "2026-11-25".length;

export const hourSlot = (at: Date): Slot => at.toISOString().slice(0, HOUR_LENGTH);
export const daySlot = (at: Date): Slot => at.toISOString().slice(0, DAY_LENGTH);
export const isHourSlot = (slot: Slot): boolean => slot.length === HOUR_LENGTH;
/** The day that a slot is, or belongs to. */
export const dayOf = (slot: Slot): Slot => slot.slice(0, DAY_LENGTH);

export const startOfSlot = (slot: Slot): Date =>
  new Date(isHourSlot(slot) ? `${slot}:00:00.000Z` : `${slot}T00:00:00.000Z`);
export const endOfSlot = (slot: Slot): Date =>
  new Date(startOfSlot(slot).getTime() + (isHourSlot(slot) ? HOUR_MS : DAY_MS));

export const floorTo = (ms: number, unitMs: number): number => Math.floor(ms / unitMs) * unitMs;
export const ceilTo = (ms: number, unitMs: number): number => Math.ceil(ms / unitMs) * unitMs;

/** The slots of a day's hours, in order. */
export const hoursOf = (day: Slot): readonly Slot[] =>
  Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, "0")}`);

/** What lies further back than this is kept by the day. */
const BY_THE_HOUR_MS = 48 * HOUR_MS;

/** Where the slots of a span begin and end: whole days first, if it is a long one, then hours. */
function* slotsWithin(
  fromMs: number,
  toMs: number,
): Generator<{ readonly slot: Slot; readonly untilMs: number }> {
  const byTheDayUntil = ceilTo(toMs - BY_THE_HOUR_MS, DAY_MS);
  for (let at = fromMs; at < toMs; ) {
    const unitMs = at < byTheDayUntil ? DAY_MS : HOUR_MS;
    const untilMs = Math.min(floorTo(at, unitMs) + unitMs, toMs);
    const slot = unitMs === DAY_MS ? daySlot(new Date(at)) : hourSlot(new Date(at));
    yield { slot, untilMs };
    at = untilMs;
  }
}

/**
 * Spreads an amount evenly over the time in which it arose, in whole micro-dollars that add up to it exactly: over UTC
 * hours, and what is more than two days back over UTC days.
 *
 *     from 09:40                to 11:10
 *      |-- 20 min --|---- 60 min ----|- 10 min -|
 *         hour 09        hour 10       hour 11          90 µ$  ->  20, 60, 10
 *
 * A span without length is the moment before its end, for what ends at midnight was spent the day before.
 */
export function spread(microUsd: MicroUsd, from: Date, to: Date): SpendBySlot {
  if (microUsd === 0) return {};
  const [fromMs, toMs] = [from.getTime(), to.getTime()];
  if (fromMs >= toMs) return { [hourSlot(new Date(toMs - 1))]: microUsd };
  const pieces: Record<Slot, MicroUsd> = {};
  let given = 0;
  for (const { slot, untilMs } of slotsWithin(fromMs, toMs)) {
    const due = Math.round(microUsd * ((untilMs - fromMs) / (toMs - fromMs)));
    if (due !== given) pieces[slot] = due - given;
    given = due;
  }
  return pieces;
}

/** Both together. What comes to nothing is left out. */
export function addSpend(a: SpendBySlot, b: SpendBySlot): SpendBySlot {
  const sum: Record<Slot, MicroUsd> = { ...a };
  for (const [slot, microUsd] of Object.entries(b)) sum[slot] = (sum[slot] ?? 0) + microUsd;
  return Object.fromEntries(Object.entries(sum).filter(([, microUsd]) => microUsd !== 0));
}

export const totalOf = (spend: SpendBySlot): MicroUsd =>
  Object.values(spend).reduce((total, microUsd) => total + microUsd, 0);
