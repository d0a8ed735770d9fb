import type { Life, Observation } from "../observation.ts";
import type { Basis, RuleLimit } from "../policy.ts";
import type { Form } from "../values/forms.ts";

/** `flag`: 1 or 0, there or not. */
export type Unit = "USD" | "USD/h" | "secs" | "bytes" | "count" | "times" | "flag";

/** Why a figure may be too high, and what of it is not in doubt, if anything. */
export type Doubt = { readonly reason: string; readonly sure?: number };

/** A known figure, or why there is none. `young`: too early to hold it against anyone. */
export type Measurement =
  | {
      readonly kind: "known";
      readonly value: number;
      /** What else the figure rests on, in the units that people read. */
      readonly facts?: Readonly<Record<string, number>>;
      /** It may be more than what will be billed, so no stop rests on it. */
      readonly doubt?: Doubt;
    }
  | { readonly kind: "unknown"; readonly reason: string; readonly young: boolean };

export type Known = Measurement & { readonly kind: "known" };

/** Which of Apify's answers has what a limit measures: `settings` are kept once a detail was read. */
export type Needs = "list" | "settings" | "detail";

/** `clock`: the figure grows by itself, and is of now; else it is of when the run was looked at. */
export type Pace = { readonly perSec: number; readonly clock: boolean };

/** What stands behind a limit's key: a value in the canonical unit, or that and what else the metric depends on. */
export type LimitValue = number | Omit<RuleLimit, "metric"> | RuleLimit;

/** One thing a rule can limit. Adding one is a file beside this and a line in the registry. */
export interface Limit {
  /** How the key of `limit:` is written, for messages: `stats.<field>`. */
  readonly usage: string;
  /** What it measures, in one sentence for people: in an editor, and in the docs. */
  readonly about: string;
  /** Keys that an editor offers; those of a family that are known. @default - `usage`, or of an open family none */
  readonly keys?: readonly string[];
  /** For a family whose keys are not all known: patterns that cover them, each with one of them. @default - none */
  readonly open?: Readonly<Record<string, string>>;
  /** Which keys it answers to. */
  readonly pattern: RegExp;
  /** Which metrics it measures, where they are not its keys. */
  readonly metrics?: RegExp;
  /** What is measured, in a few words for people. */
  words(metric: string): string;
  unit(metric: string): Unit;
  /** What may stand behind the key. */
  form(key: string): Form<LimitValue>;
  /** What else it depends on, as people read it. @default - nothing */
  terms?(limit: RuleLimit): string;
  readonly needs: Needs;
  /** Of a limit on what the list tells: is it the cost, which the list may leave out? @default - no */
  restsOnCost?(metric: string): boolean;
  /** A counter only grows and is believed at one look; a gauge moves and needs two, 60 s apart. */
  isGauge(metric: string): boolean;
  /** In which statuses the limit judges a run. */
  judges(status: string): boolean;
  /** What a step may ask for beside what Apify says. @default - nothing */
  readonly estimates?: boolean;
  measure(observation: Observation, limit: RuleLimit, now: Date, basis: Basis): Measurement;
  /** How much the figure grows a second if all goes on as it does. @default - nobody can tell */
  pace?(observation: Observation, limit: RuleLimit): Pace | undefined;
  /**
   * For a limit that times a state: does the run show it on this look? `as-before`: the look shows nothing new, so what has
   * held goes on, and nothing begins. `undefined`: it can't be told. Since when it has held without a break is kept in the
   * life's `looks` under `limitKey`.
   */
  holds?(observation: Observation, limit: RuleLimit): boolean | "as-before" | undefined;
}

export const known = (value: number, facts?: Readonly<Record<string, number>>): Measurement => ({
  kind: "known",
  value,
  ...(facts && { facts }),
});

export const unknown = (reason: string, young: boolean): Measurement => ({ kind: "unknown", reason, young });

export const secsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;

/** For about two minutes after a start Apify's own figures may not be there yet: a missing one is no finding. */
const YOUNG_SECS = 120;

export const isYoungLife = (life: Pick<Life, "since">, now: Date): boolean =>
  secsBetween(life.since, now) < YOUNG_SECS;

/** A run in the queue has no figures yet, and one that has just left it may have none. */
export const isTooYoung = ({ run, life }: Observation, now: Date): boolean =>
  run.status === "READY" || isYoungLife(life, now);

/** A figure among those that Apify told, by its name; none is not 0, and nor is what every object has. */
export function figureIn(
  figures: Readonly<Record<string, number>> | undefined,
  name: string,
): number | undefined {
  const figure = figures && Object.hasOwn(figures, name) ? figures[name] : undefined;
  return Number.isFinite(figure) ? figure : undefined;
}

/** Why a figure of the detail is not known. */
export const untold = (observation: Observation, figure: string, now: Date): Measurement =>
  unknown(
    observation.run.detail ? `Apify reports no ${figure} for this run` : "the run's detail was not read",
    isTooYoung(observation, now),
  );

const HOUR_SECS = 3600;

/** Micro-dollars a second: as measured or, until then, on the average. */
export function costPace(observation: Observation): Pace | undefined {
  const { measuredBurnMicroUsdPerHour, burnMicroUsdPerHour } = observation;
  const burn = measuredBurnMicroUsdPerHour ?? burnMicroUsdPerHour;
  return burn !== undefined && burn > 0 ? { perSec: burn / HOUR_SECS, clock: false } : undefined;
}

/** Names a limit by all that it says: two rules that say the same share it. */
export const limitKey = ({ metric, value, options = {} }: RuleLimit): string => {
  const more = Object.entries(options).map(([name, figure]) => `${name}=${figure}`);
  return [metric, value, ...more.toSorted()].join("/");
};
