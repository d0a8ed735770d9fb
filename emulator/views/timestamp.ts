import type { Run } from "../runs/run.ts";

/** Apify's form of an instant: ISO 8601, UTC, milliseconds. */
export function timestamp(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** An instant of the run, in the form in which its script has them told. */
export function instantOf({ character }: Run, atMs: number): string {
  const usual = timestamp(atMs);
  return character.timestamps === "microseconds" ? usual.replace("Z", "456+00:00") : usual;
}
