import type { Platform } from "../account/platform.ts";
import { abortActorRun, abortRun } from "../endpoints/abort-run.ts";
import { getActor, getLimits, getMonthlyUsage, getTask, getUser, putLimits } from "../endpoints/account.ts";
import type { Ask } from "../endpoints/ask.ts";
import { getRun } from "../endpoints/get-run.ts";
import { listActors, listTasks } from "../endpoints/list-named.ts";
import { listRuns } from "../endpoints/list-runs.ts";
import { Refused, type Reply } from "../endpoints/reply.ts";
import { resurrectRun } from "../endpoints/resurrect-run.ts";
import { deleteSchedule, getSchedule, listSchedules, putSchedule } from "../endpoints/schedules.ts";
import { startRun } from "../endpoints/start-run.ts";
import { chargeRun, deleteRun, metamorphRun, rebootRun, runLog, updateRun } from "../endpoints/write-run.ts";
import type { RequestKind } from "../world/request.ts";

/** One endpoint. `tokenless`: reads by the run's hard-to-guess id need no token, as documented. */
export type Endpoint = {
  readonly method: string;
  readonly path: string;
  readonly kind: RequestKind;
  readonly perform: (ask: Ask, platform: Platform) => Reply;
  readonly tokenless?: true;
};

const ENDPOINTS: readonly Endpoint[] = [
  { method: "GET", path: "actor-runs", kind: "list", perform: listRuns },
  { method: "GET", path: "actor-runs/:run", kind: "get", perform: getRun, tokenless: true },
  { method: "PUT", path: "actor-runs/:run", kind: "update", perform: updateRun },
  { method: "DELETE", path: "actor-runs/:run", kind: "delete", perform: deleteRun },
  { method: "POST", path: "actor-runs/:run/abort", kind: "abort", perform: abortRun },
  { method: "POST", path: "actor-runs/:run/resurrect", kind: "resurrect", perform: resurrectRun },
  { method: "POST", path: "actor-runs/:run/reboot", kind: "reboot", perform: rebootRun },
  { method: "POST", path: "actor-runs/:run/metamorph", kind: "metamorph", perform: metamorphRun },
  { method: "POST", path: "actor-runs/:run/charge", kind: "charge", perform: chargeRun },
  { method: "GET", path: "actor-runs/:run/log", kind: "log", perform: runLog, tokenless: true },
  { method: "GET", path: "logs/:run", kind: "log", perform: runLog, tokenless: true },
  { method: "GET", path: "actors", kind: "actors", perform: listActors },
  { method: "GET", path: "actors/:actor", kind: "actor", perform: getActor },
  { method: "GET", path: "actors/:actor/runs", kind: "list", perform: listRuns },
  { method: "POST", path: "actors/:actor/runs", kind: "start", perform: startRun },
  // Before `:run`, which would take "last" for an id.
  { method: "GET", path: "actors/:actor/runs/last", kind: "get", perform: getRun },
  { method: "POST", path: "actors/:actor/runs/last/abort", kind: "abort", perform: abortRun },
  { method: "GET", path: "actors/:actor/runs/:run", kind: "get", perform: getRun, tokenless: true },
  { method: "POST", path: "actors/:actor/runs/:run/abort", kind: "abort", perform: abortActorRun },
  { method: "POST", path: "actors/:actor/runs/:run/resurrect", kind: "resurrect", perform: resurrectRun },
  { method: "GET", path: "actor-tasks", kind: "tasks", perform: listTasks },
  { method: "GET", path: "actor-tasks/:task", kind: "task", perform: getTask },
  { method: "GET", path: "actor-tasks/:task/runs", kind: "list", perform: listRuns },
  { method: "POST", path: "actor-tasks/:task/runs", kind: "start", perform: startRun },
  { method: "GET", path: "actor-tasks/:task/runs/last", kind: "get", perform: getRun },
  { method: "POST", path: "actor-tasks/:task/runs/last/abort", kind: "abort", perform: abortRun },
  { method: "GET", path: "schedules", kind: "schedules", perform: listSchedules },
  { method: "GET", path: "schedules/:schedule", kind: "schedule", perform: getSchedule },
  { method: "PUT", path: "schedules/:schedule", kind: "update-schedule", perform: putSchedule },
  { method: "DELETE", path: "schedules/:schedule", kind: "delete-schedule", perform: deleteSchedule },
  { method: "GET", path: "users/me", kind: "user", perform: getUser },
  { method: "GET", path: "users/me/limits", kind: "limits", perform: getLimits },
  { method: "PUT", path: "users/me/limits", kind: "update-limits", perform: putLimits },
  { method: "GET", path: "users/me/usage/monthly", kind: "usage", perform: getMonthlyUsage },
];

const PATTERNS = ENDPOINTS.map((endpoint) => ({ endpoint, segments: endpoint.path.split("/") }));

/** The endpoint of a request, with what stands in its path. Throws Apify's refusals: no such URL, wrong method. */
export function route(method: string, pathname: string): { endpoint: Endpoint; path: Ask["path"] } {
  const segments = pathname.split("/").slice(1);
  const allowed = new Set<string>();
  for (const { endpoint, segments: pattern } of segments.shift() === "v2" ? PATTERNS : []) {
    const path = matched(pattern, segments);
    if (path && endpoint.method === method) return { endpoint, path };
    if (path) allowed.add(endpoint.method);
  }
  if (allowed.size > 0) {
    const methods = ["OPTIONS", ...allowed].join(",");
    const message = `This API end-point can only be accessed using the following HTTP methods: ${methods}`;
    throw new Refused(405, "method-not-allowed", message);
  }
  const message = "We have bad news: there is no API endpoint at this URL. Did you specify it correctly?";
  throw new Refused(404, "page-not-found", message);
}

function matched(pattern: readonly string[], segments: readonly string[]): Ask["path"] | undefined {
  if (pattern.length !== segments.length) return undefined;
  const path: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith(":")) path[part.slice(1)] = decoded(segment);
    // `/v2/acts/…` is the deprecated alias of `/v2/actors/…`, "still fully functional", as documented.
    else if (part !== segment && !(part === "actors" && index === 0 && segment === "acts")) return undefined;
  }
  return path;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
