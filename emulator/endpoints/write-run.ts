import type { Directory, FoundRuns, Runs } from "../account/parts.ts";
import { chargedEvents } from "../runs/events.ts";
import type { Run } from "../runs/run.ts";
import { statusAt } from "../runs/timeline.ts";
import { LIVE_STATUSES } from "../world/script.ts";
import type { Ask } from "./ask.ts";
import { jsonBody } from "./parameters.ts";
import { plain, Refused, type Reply } from "./reply.ts";
import { showRun } from "./show.ts";
import { changedRun, wantedActor, wantedRun } from "./wanted.ts";

/** `PUT /v2/actor-runs/{id}`: sets the status message. `runId` in the body is documented as required, yet clients omit it. */
export function updateRun(ask: Ask, known: FoundRuns): Reply {
  const run = changedRun(ask, known);
  const { statusMessage, isStatusMessageTerminal } = jsonBody(ask);
  if (typeof statusMessage !== "string") {
    throw new Refused(400, "invalid-request", "Invalid input: statusMessage must be a string");
  }
  run.message = { text: statusMessage, isTerminal: isStatusMessageTerminal === true };
  return showRun(ask, known, run, { effect: "none" });
}

/** `DELETE /v2/actor-runs/{id}`: 204, for a run that has ended. */
export function deleteRun(ask: Ask, known: Directory & Runs): Reply {
  const run = changedRun(ask, known);
  if (isLive(ask, run))
    throw new Refused(400, "cannot-remove-running-run", "Running Actor run cannot be removed");
  known.runs.delete(run, ask.nowMs);
  return plain(204, "");
}

/** `POST …/reboot`: a new container, same run. */
export function rebootRun(ask: Ask, known: FoundRuns): Reply {
  const run = runningRun(ask, known);
  run.rebootCount++;
  return showRun(ask, known, run, { effect: "none" });
}

/** `POST …/metamorph?targetActorId=`: the run goes on as another Actor's, and is charged as before. */
export function metamorphRun(ask: Ask, known: FoundRuns): Reply {
  const run = runningRun(ask, known);
  const actor = wantedActor({ ...ask, path: { actor: ask.query.get("targetActorId") ?? "" } }, known);
  run.metamorphs.push({ atMs: ask.nowMs, actor });
  return showRun(ask, known, run, { effect: "none" });
}

/** `POST …/charge`: 201, for the event of a pay-per-event Actor. */
export function chargeRun(ask: Ask, known: Directory & Runs): Reply {
  const run = runningRun(ask, known);
  const { eventName, count } = jsonBody(ask);
  if (!run.actor.chargesFor) {
    throw new Refused(400, "cannot-charge-non-pay-per-event-actor", "The Actor is not pay per event");
  }
  const isPriced = chargedEvents(run.actor).some(({ event }) => event === eventName);
  if (typeof eventName !== "string" || !isPriced) {
    throw new Refused(400, "invalid-value", `The Actor has no event "${String(eventName)}"`);
  }
  run.charges.push({ atMs: ask.nowMs, event: eventName, count: typeof count === "number" ? count : 1 });
  return plain(201, "{}");
}

/** `GET …/log` and `GET /v2/logs/{id}`: what there is so far, as text. */
export function runLog(ask: Ask, known: Directory & Runs): Reply {
  const run = wantedRun(ask, known);
  const at = new Date(run.startedAtMs).toISOString();
  return plain(
    200,
    `${at} ACTOR: Pulling container image\n${at} ACTOR: Starting\n`,
    "text/plain; charset=utf-8",
  );
}

function isLive(ask: Pick<Ask, "nowMs">, run: Run): boolean {
  return LIVE_STATUSES.has(statusAt(run, ask.nowMs) ?? "");
}

function runningRun(ask: Ask, known: Directory & Runs): Run {
  const run = changedRun(ask, known);
  if (!isLive(ask, run)) throw new Refused(403, "job-finished", "Actor job is already finished.");
  if (statusAt(run, ask.nowMs) === "RUNNING") return run;
  throw new Refused(400, "invalid-request", "Actor run is not running");
}
