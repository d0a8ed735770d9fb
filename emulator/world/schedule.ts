import type { During, OneOrMore } from "../ground/during.ts";
import type { RunScript } from "./script.ts";

/** What can be changed of a schedule, by `PUT` or in the Console; what is left out stays. */
export type ScheduleEdit = {
  readonly name?: string;
  readonly title?: string | null;
  readonly description?: string | null;
  readonly isEnabled?: boolean;
  readonly isExclusive?: boolean;
  readonly cronExpression?: string;
  readonly timezone?: string;
};

/** What starts runs by itself from `fromMs` on (default 0; before 0: it did so already); disabled at `untilMs`. */
export type ScheduleSpec = During & {
  readonly name: string;
  /** Default: made from the seed. */
  readonly id?: string;
  readonly title?: string;
  /** When: a cron expression as Apify documents it, by the clocks of `timezone` (default UTC). */
  readonly cron?: string;
  readonly timezone?: string;
  /** Instead of `cron`: at even distances from `fromMs`, whatever the clock shows. */
  readonly everyMs?: number;
  /** What it starts each time; of a labelled script the runs are `label#1`, `label#2` and so on. */
  readonly starts: OneOrMore<Omit<RunScript, "startsAfterMs" | "origin" | "scheduleId">>;
  /** Starts nothing while a run that it started before is live. */
  readonly isExclusive?: true;
  /** Disabled when the world begins. */
  readonly isEnabled?: false;
  /** When Apify's scheduler is down. What was due then is missed, and not made up for. */
  readonly misses?: OneOrMore<During>;
  /**
   * It fires at once when it is enabled again, where a time of it was missed meanwhile. Apify's reference does not say.
   * Default: at its next time only.
   */
  readonly catchesUp?: true;
  /** What somebody does to it in Apify's Console: other settings, or its end. */
  readonly edits?: readonly ({ readonly atMs: number } & (ScheduleEdit | { readonly isDeleted: true }))[];
  /** Somebody enables it again so long after each time that it was disabled, at most so many times. Default: again and again. */
  readonly reenabled?: { readonly afterMs: number; readonly times?: number };
};
