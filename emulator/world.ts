import type { Fault, FaultMatch } from "./faults.ts";
import type { RunScript } from "./script.ts";
import type { CycleStart } from "./spending/cycle.ts";

/** An event that is paid for. What a run costs is made up of such: those at the start first, the rest by their shares. */
export type ChargedEvent = {
  readonly event: string;
  /** For everyone, or by the tier of the payer's plan. */
  readonly priceUsd: number | Readonly<Partial<Record<Tier, number>>>;
  /** Charged that often at once when the first life's container starts, and never again. */
  readonly atStart?: number;
  /** How much of what the run costs goes to it, against the other events. Default 1. */
  readonly share?: number;
};

/** Tiers of Apify's plans; the pretend account's is SILVER. */
export type Tier = "FREE" | "BRONZE" | "SILVER" | "GOLD" | "PLATINUM" | "DIAMOND";

/** An Actor of the pretend account. Its id is made from the seed. */
export type ActorSpec = {
  /** `owner/name`. */
  readonly name: string;
  readonly title?: string;
  /** The events that a pay-per-event Actor charges for, one or several. Default: platform usage is paid. */
  readonly chargesFor?: ChargedEvent | readonly ChargedEvent[];
  /** Build numbers by tag. Default: `latest` is 0.1.23. */
  readonly builds?: Readonly<Record<string, string>>;
  /** How runs behave that a client starts through the API. Default: SUCCEEDED after a minute. */
  readonly script?: Omit<RunScript, "actor" | "task" | "startsAfterMs">;
};

/** A task: an Actor with an input of its own. */
export type TaskSpec = { readonly name: string; readonly actor: string };

/** A fault that the world brings along; times in ms from the world's start. */
export type WorldFault = {
  readonly match?: FaultMatch;
  readonly fault: Fault;
  /** Default: without end. */
  readonly times?: number;
  readonly fromMs?: number;
  readonly untilMs?: number;
};

/** A pretend account: what it owns, what it runs, and what goes wrong. */
export type World = {
  readonly name: string;
  /** One sentence for people who choose among worlds. */
  readonly about: string;
  readonly username?: string;
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
  readonly faults?: readonly WorldFault[];
};

/** An Actor or task with its ids. */
export type Actor = ActorSpec & {
  readonly id: string;
  readonly owner: string;
  readonly shortName: string;
  readonly buildId: string;
};
export type Task = TaskSpec & { readonly id: string; readonly actorId: string };
/** An Apify user. */
export type User = { readonly id: string; readonly username: string };
