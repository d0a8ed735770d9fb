import type { CycleStart } from "../ground/cycle.ts";
import type { OneOrMore } from "../ground/during.ts";
import type { ActorSpec, TaskSpec } from "./actor.ts";
import type { WorldChange } from "./changes.ts";
import type { DateSetting } from "./date.ts";
import type { WorldFault } from "./fault.ts";
import type { ScheduleSpec } from "./schedule.ts";
import type { RunScript } from "./script.ts";
import type { TokenSpec } from "./token.ts";

/** A pretend account: what it owns, what it runs, and what goes wrong. */
export type World = {
  readonly name: string;
  /** One sentence for people who choose among worlds. */
  readonly about: string;
  /** Its owner's name. Default `acme`. */
  readonly username?: string;
  /** Names of further users of this Apify, who may have Actors and runs of their own. */
  readonly users?: readonly string[];
  /** Tokens that are not simply the owner's, by their text. */
  readonly tokens?: Readonly<Record<string, TokenSpec>>;
  /** When its usage cycle begins. Default: the 1st of each month at 00:00 UTC. */
  readonly cycleStart?: CycleStart;
  /** Spent without any of these runs before the world began, evenly from the cycle's start on, in USD. Default 0. */
  readonly spentUsd?: number;
  /** Spent without any run from the world's start on, as on storage. Default 0. */
  readonly outsideUsdPerHour?: number;
  /** Spent at once without any run, so long after the world's start. */
  readonly outsideJumps?: readonly { readonly afterMs: number; readonly usd: number }[];
  readonly actors: readonly ActorSpec[];
  readonly tasks?: readonly TaskSpec[];
  readonly runs: readonly RunScript[];
  /** Settings of every run that says nothing else itself, of those too that are started later. */
  readonly everyRun?: Partial<RunScript>;
  /** What starts runs by itself, over and over. */
  readonly schedules?: readonly ScheduleSpec[];
  /** What becomes otherwise in the course of time. */
  readonly changes?: readonly WorldChange[];
  readonly faults?: readonly WorldFault[];
  /** What is wrong with the `date` of answers; of several settings that fit one, the first counts. */
  readonly date?: OneOrMore<DateSetting>;
};
