import type { Accrual } from "../ground/accrual.ts";
import type { CycleStart } from "../ground/cycle.ts";
import type { Actor, Task, User } from "../runs/actor.ts";
import type { RunBook } from "../runs/book.ts";
import type { Run, RunOptions } from "../runs/run.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { ScheduleEdit } from "../world/schedule.ts";
import type { RunScript } from "../world/script.ts";
import type { SpendBook } from "./spend-book.ts";

/** Who there is. */
export type Users = {
  /** Whose account it is that a client of this world is given. */
  readonly owner: User;
  /** Whom the token `other-user` belongs to. */
  readonly stranger: User;
  /** Everyone, these two included. */
  readonly users: readonly User[];
};

/** Who there is, and what Actors and tasks they have; those included that are gone or yet to come. */
export type Directory = Users & { readonly actors: readonly Actor[]; readonly tasks: readonly Task[] };

/** All runs. */
export type Runs = { readonly runs: RunBook };

/** What is spent, by runs and without any. */
export type Money = {
  readonly cycleStart: CycleStart;
  /** What a user's runs cost. */
  spendOf(user: User): SpendBook;
  /** What the owner spends without any run. */
  readonly outside: Accrual;
  /** What had been spent without any run when the world began. */
  readonly spentUsd: number;
};

/** What `PUT /v2/users/me/limits` may change. */
export type Settings = { readonly settings: { maxMonthlyUsageUsd: number; dataRetentionDays: number } };

/** Where time goes by. */
export type Lively = {
  /** Lets happen what schedules and people were to do by now, and returns now. To be called before anything is looked at. */
  settle(): number;
  /** Changes the schedule that the world declares by this name, as somebody in Apify's Console does. */
  editSchedule(name: string, change: ScheduleEdit): void;
};

/** What starts runs by itself, as it is now; deleted ones included. */
export type Sources = { readonly schedules: readonly Schedule[] };

/** Who can start runs. */
export type Starter = {
  /** Adds a run `script.startsAfterMs` from now. `options` are those that a caller of the API gave. */
  start(script: RunScript, options?: Partial<RunOptions>): Run;
};

/** What there is left to pay runs with. */
export type Credit = Settings & Pick<Money, "spentUsd">;

/** What it takes to find the run that a request names and to show it. */
export type FoundRuns = Directory & Runs & Credit;
