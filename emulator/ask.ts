import type { Platform } from "./platform.ts";
import { Refused } from "./reply.ts";
import type { Run } from "./runs/run.ts";
import { statusAt } from "./runs/timeline.ts";
import type { Actor, Task, User } from "./world.ts";

/** A request as endpoints see it. */
export type Ask = {
  readonly platform: Platform;
  readonly nowMs: number;
  /** The instant that reads show: earlier than `nowMs` when a fault makes them lag. */
  readonly asOfMs: number;
  /** Undefined without a token. */
  readonly user: User | undefined;
  readonly path: { readonly actor?: string; readonly task?: string; readonly run?: string };
  readonly query: URLSearchParams;
  readonly body: string | undefined;
};

/** Whether the caller is the user whose runs these are. The second user sees none of them. */
export function isOwner(ask: Ask): boolean {
  return ask.user === ask.platform.owner;
}

/** The Actor in the path: by id, `owner~name`, or `~name` for one's own. */
export function wantedActor(ask: Ask): Actor {
  const { platform, path } = ask;
  const wanted = path.actor ?? "";
  const name = (wanted.startsWith("~") ? platform.owner.username + wanted : wanted).replace("~", "/");
  const actor = platform.actors.find((candidate) => candidate.id === wanted || candidate.name === name);
  if (actor && ask.user !== platform.stranger) return actor;
  throw new Refused(404, "record-or-token-not-found", "Actor was not found");
}

/** The task in the path: by id, `owner~name`, or `~name`. */
export function wantedTask(ask: Ask): Task {
  const { platform, path } = ask;
  const wanted = path.task ?? "";
  const name = wanted.replace(`${platform.owner.username}~`, "").replace("~", "");
  const task = platform.tasks.find((candidate) => candidate.id === wanted || candidate.name === name);
  if (task && isOwner(ask)) return task;
  throw new Refused(404, "record-not-found", "Actor task was not found");
}

/**
 * The run in the path, or the last one of its Actor or task. Undocumented and decided here: a run under another Actor's
 * path is not found.
 */
export function wantedRun(ask: Ask): Run {
  const run = ask.path.run === undefined ? lastRun(ask) : ask.platform.runs.get(ask.path.run);
  const isOfActor = ask.path.actor === undefined || run?.actor === wantedActor(ask);
  if (run && isOfActor && isVisible(ask, run)) return run;
  throw new Refused(404, "record-not-found", "Actor run was not found");
}

/** Whether the run has started, as of what the caller is shown, still exists, and is the caller's to see. */
function isVisible(ask: Ask, run: Run): boolean {
  if (run.startedAtMs > ask.asOfMs || run.deletedAtMs !== undefined) return false;
  return isOwner(ask) || (ask.user === undefined && run.character.generalAccess !== "RESTRICTED");
}

function lastRun(ask: Ask): Run | undefined {
  const [status, origin] = [ask.query.get("status"), ask.query.get("origin")];
  const belongs = family(ask);
  return ask.platform.runs
    .all()
    .findLast(
      (run) =>
        belongs(run) &&
        isVisible(ask, run) &&
        (status === null || statusAt(run, ask.asOfMs) === status) &&
        (origin === null || run.character.origin === origin),
    );
}

/** Which runs the path is about: an Actor's, a task's, or all. */
export function family(ask: Ask): (run: Run) => boolean {
  if (ask.path.actor !== undefined) {
    const actor = wantedActor(ask);
    return (run) => run.actor === actor;
  }
  if (ask.path.task === undefined) return () => true;
  const task = wantedTask(ask);
  return (run) => run.task === task;
}

/** A boolean parameter: `1`, `0`, `true` or `false`; absent is false. */
export function flag(ask: Ask, name: string): boolean {
  const text = ask.query.get(name);
  if (text === null || text === "0" || text === "false") return false;
  if (text === "1" || text === "true") return true;
  throw invalid(name, "1, 0, true or false", text);
}

/** A number parameter that is not negative; undefined when absent. */
export function amount(ask: Ask, name: string, kind: "integer" | "number" = "integer"): number | undefined {
  const text = ask.query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (
    text.trim() !== "" &&
    value >= 0 &&
    (kind === "integer" ? Number.isSafeInteger(value) : value < Infinity)
  ) {
    return value;
  }
  throw invalid(name, `a ${kind} of 0 or more`, text);
}

/** A parameter that is an instant, in epoch ms; undefined when absent. */
export function instant(ask: Ask, name: string): number | undefined {
  const text = ask.query.get(name);
  if (text === null) return undefined;
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw invalid(name, "an ISO 8601 date and time", text);
  return atMs;
}

/** The request's body, which must be a JSON object. */
export function jsonBody(ask: Ask): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(ask.body ?? "");
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Answered below, like any other body that is no object.
  }
  throw new Refused(400, "invalid-input", "Invalid input: The request body contains invalid data.");
}

function invalid(name: string, wanted: string, got: string): Refused {
  return new Refused(400, "invalid-request", `Parameter ${name} must be ${wanted}, got "${got}"`);
}
