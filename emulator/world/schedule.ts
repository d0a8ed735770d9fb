import type { During, OneOrMore } from "../ground/during.ts";
import type { RunScript } from "./script.ts";

/** A schedule, which starts runs at even distances from `fromMs` (default 0; before 0: it did so already) to `untilMs`. */
export type ScheduleSpec = During & {
  readonly name: string;
  /** Default: made from the seed. */
  readonly id?: string;
  readonly everyMs: number;
  /** What it starts each time; of a labelled script the runs are `label#1`, `label#2` and so on. */
  readonly starts: OneOrMore<Omit<RunScript, "startsAfterMs" | "origin" | "scheduleId">>;
  /** Starts nothing while a run that it started before is live. */
  readonly isExclusive?: true;
};
