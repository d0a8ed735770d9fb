import type { Life, Observation } from "../run.ts";

export type Unit = "USD" | "secs" | "bytes" | "count";

/** A known figure, or why there is none. `young`: too early to hold it against anyone. */
export type Measurement =
  | { readonly kind: "known"; readonly value: number }
  | { readonly kind: "unknown"; readonly reason: string; readonly young: boolean };

/** One thing a rule can limit. Adding one is a file beside this and a line in the registry. */
export interface Limit {
  /** Does this limit answer to that key of `limit:`? */
  matches(metric: string): boolean;
  /** How the key is written, for messages. */
  readonly usage: string;
  /** What a value must look like, for messages: "an amount in USD such as 5 or 0.25". */
  readonly expects: string;
  unit(metric: string): Unit;
  /** The limit in the unit's canonical form (micro-dollars, seconds, bytes, a count); `undefined` if unreadable. */
  parse(raw: unknown, metric: string): number | undefined;
  /** Is the figure in a run's detail only? */
  readonly needsDetail: boolean;
  /** A counter only grows and is believed at one look; a gauge moves and needs two, 60 s apart. */
  isGauge(metric: string): boolean;
  /** In which statuses the limit judges a run. */
  judges(status: string): boolean;
  measure(observation: Observation, metric: string, now: Date): Measurement;
}

export const known = (value: number): Measurement => ({ kind: "known", value });
export const secsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;

/** For about two minutes after a start Apify's own figures may not be there yet: a missing one is no finding. */
const YOUNG_SECS = 120;

export const isYoungLife = (life: Pick<Life, "since">, now: Date): boolean =>
  secsBetween(life.since, now) < YOUNG_SECS;
