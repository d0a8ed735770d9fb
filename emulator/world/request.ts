import type { OneOrMore } from "../ground/during.ts";

/** What a request is for; `unknown` when there is no such endpoint. */
export type RequestKind =
  | "list"
  | "get"
  | "abort"
  | "resurrect"
  | "reboot"
  | "metamorph"
  | "charge"
  | "update"
  | "delete"
  | "log"
  | "start"
  | "actor"
  | "task"
  | "actors"
  | "tasks"
  | "schedules"
  | "schedule"
  | "update-schedule"
  | "delete-schedule"
  | "user"
  | "limits"
  | "update-limits"
  | "usage"
  | "unknown";

/** What a request's path names. */
export type RequestAbout = "account" | "actor" | "task" | "run" | "schedule";

/** Which requests: those that fit every key given. */
export type RequestMatch = {
  readonly kind?: OneOrMore<RequestKind>;
  /** A run's id. */
  readonly runId?: string;
  /** A run's label, or its id. */
  readonly run?: string;
  /** `owner/name` as the world declares it, or an id: requests for the Actor, for its runs, and for each of these. */
  readonly actor?: string;
  /** A task's name as the world declares it, or its id: requests for the task, for its runs, and for each of these. */
  readonly task?: string;
  /** A schedule's name as the world declares it, or its id. */
  readonly schedule?: string;
  /** What the path names: `of: "account"` with the kind `list` is the account's own list. */
  readonly of?: RequestAbout;
  /** The token that it came with. */
  readonly token?: string;
};
