import type { RunScript } from "./script.ts";

/** An event that is paid for. What a run costs is made up of such: those at the start first, the rest by their shares. */
export type ChargedEvent = {
  readonly event: string;
  /** For everyone, or by the tier of the payer's plan. */
  readonly priceUsd: number | Readonly<Partial<Record<Tier, number>>>;
  /** Charged that often at once when the first life's container starts, and never again. */
  readonly atStart?: number;
  /** So many of a run are counted and never accounted for or billed, as of a free quota. Default: none. */
  readonly free?: number;
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
  /**
   * The events that a pay-per-event Actor charges for, one or several; who runs an Actor of his own pays for its usage
   * all the same. Default: platform usage is paid.
   */
  readonly chargesFor?: ChargedEvent | readonly ChargedEvent[];
  /** Build numbers by tag. Default: `latest` is 0.1.23. */
  readonly builds?: Readonly<Record<string, string>>;
  /** How runs behave that a client starts through the API. Default: SUCCEEDED after a minute. */
  readonly script?: Omit<RunScript, "actor" | "task" | "startsAfterMs">;
};

/** A task: an Actor with an input of its own. */
export type TaskSpec = { readonly name: string; readonly actor: string };
