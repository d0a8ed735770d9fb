/** When the account's usage cycle begins: a day of the month (in a shorter month its last one), an hour and a minute, all UTC. */
export type CycleStart = { readonly day: number; readonly hour?: number; readonly minute?: number };

/** A span of time in epoch ms: from its first instant to just before `untilMs`. */
export type Span = { readonly fromMs: number; readonly untilMs: number };

const MS_PER_DAY = 86_400_000;

/** The usage cycle that the instant falls in. */
export function cycleAt({ day, hour = 0, minute = 0 }: CycleStart, atMs: number): Span {
  const at = new Date(atMs);
  const [year, thisMonth] = [at.getUTCFullYear(), at.getUTCMonth()];
  const startIn = (month: number) => {
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    return Date.UTC(year, month, Math.min(day, lastDay), hour, minute);
  };
  const here = startIn(thisMonth);
  if (here <= atMs) return { fromMs: here, untilMs: startIn(thisMonth + 1) };
  return { fromMs: startIn(thisMonth - 1), untilMs: here };
}

/** The part of the instant's UTC day that lies in the instant's cycle: all of it, but for the day of a change at noon, say. */
export function dayAt(start: CycleStart, atMs: number): Span {
  const cycle = cycleAt(start, atMs);
  const midnightMs = Math.floor(atMs / MS_PER_DAY) * MS_PER_DAY;
  return {
    fromMs: Math.max(midnightMs, cycle.fromMs),
    untilMs: Math.min(midnightMs + MS_PER_DAY, cycle.untilMs),
  };
}

/** The start itself if there can be such, 1st to 31st and full minutes. Throws on any other. */
export function checkedStart(start: CycleStart): CycleStart {
  const { day, hour = 0, minute = 0 } = start;
  const isWhole = [day, hour, minute].every(Number.isInteger);
  const isTime = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59;
  if (isWhole && day >= 1 && day <= 31 && isTime) return start;
  const got = minute === 0 ? `${day} and ${hour}` : `${day}, ${hour} and minute ${minute}`;
  throw new RangeError(`A usage cycle starts on a day 1 to 31 at an hour 0 to 23: got ${got}.`);
}
