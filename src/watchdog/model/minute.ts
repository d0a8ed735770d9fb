/** `2026-11-24 18:00`, in UTC. Text is in ISO 8601, UTC, as everything that we write. */
export const minuteOf = (at: Date | string): string =>
  (typeof at === "string" ? at : at.toISOString()).slice(0, 16).replace("T", " ");
