const DAY = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const TIME = String.raw`([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?`;
const ZONE = String.raw`(Z|[+-]([01]\d|2[0-3]):[0-5]\d)`;
const INSTANT = new RegExp(`^${DAY}(T${TIME}${ZONE})?$`);

/**
 * Reads a time with its zone, `2026-11-25T12:00:00Z`, or a day, which begins in UTC: `2026-11-25`. `undefined` when it is
 * neither, or a day that no calendar has: JavaScript takes 31 November for 1 December.
 */
export function parseInstant(raw: unknown): Date | undefined {
  if (typeof raw !== "string") return undefined;
  const [, year, month, day] = INSTANT.exec(raw.trim()) ?? [];
  if (year === undefined) return undefined;
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isDay = midnight.toISOString().startsWith(`${year}-${month}-${day}T`);
  return isDay ? new Date(raw.trim()) : undefined;
}
