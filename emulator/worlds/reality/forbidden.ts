import type { WorldFault } from "../../world/fault.ts";
import { ACTORS, everydayRuns, HOUR, MINUTE, TASKS } from "../acme.ts";
import type { WorldFactory } from "../factory.ts";

/** Each is one resource's trouble alone; the last one is the token's. */
const FAULTS: readonly WorldFault[] = [
  { match: { kind: "get", run: "forbidden" }, fault: { kind: "refused", because: "permissions" } },
  { match: { kind: "get", run: "garbled" }, fault: { kind: "bad-json" } },
  { match: { kind: "get", run: "hanging" }, fault: { kind: "hang" } },
  { match: { kind: "actor", actor: "acme/video-index" }, fault: { kind: "refused", because: "permissions" } },
  { match: { kind: "actor", actor: "acme/pdf-reports" }, fault: { kind: "html", status: 502 } },
  { match: { kind: "task", task: "news-hourly" }, fault: { kind: "refused", because: "not-found" } },
  { match: { kind: "list", actor: "acme/serp-tracker" }, fault: { kind: "refused", because: "permissions" } },
  { match: { kind: "usage" }, fault: { kind: "refused", because: "permissions" } },
  { match: { kind: "limits" }, fault: { kind: "refused", because: "not-found" } },
  {
    match: { kind: "user" },
    fault: { kind: "html", status: 502 },
    fromMs: 10 * MINUTE,
    untilMs: 30 * MINUTE,
  },
  { match: { kind: "start" }, fault: { kind: "refused", because: "monthly-limit" }, fromMs: 2 * HOUR },
  { fault: { kind: "refused", because: "token" }, fromMs: 60 * MINUTE, untilMs: 70 * MINUTE },
];

/** Who may read what is a matter of each resource, and of each token. */
export const forbidden: WorldFactory = (random) => ({
  name: "forbidden",
  about:
    "Single runs, Actors and figures answer 403, 404, garbage or not at all; for ten minutes the token is a 401.",
  actors: [...ACTORS, { name: "rival/shop" }],
  tasks: TASKS,
  users: ["rival"],
  tokens: {
    scoped: { except: [{ kind: ["user", "limits", "usage"] }, { actor: "acme/nightly-archive" }] },
    reader: { only: [{ kind: ["user", "list", "get", "actor", "task"] }] },
    rival: { user: "rival" },
    "revoked-after-an-hour": { untilMs: HOUR },
  },
  runs: [
    { label: "dear", actor: "acme/shop-products", startsAfterMs: -10 * MINUTE, readyForMs: 0, cost: 24 },
    { label: "forbidden", actor: "acme/news-monitor", startsAfterMs: -HOUR, readyForMs: 0, cost: 2 },
    { label: "garbled", actor: "acme/shop-products", startsAfterMs: -HOUR, readyForMs: 0, cost: 2 },
    { label: "hanging", actor: "acme/serp-tracker", startsAfterMs: -HOUR, readyForMs: 0, cost: 2 },
    { label: "archive", actor: "acme/nightly-archive", startsAfterMs: -HOUR, readyForMs: 0, cost: 0.5 },
    { label: "rivals", actor: "rival/shop", user: "rival", startsAfterMs: -HOUR, readyForMs: 0, cost: 30 },
    ...everydayRuns(random, 8, HOUR),
  ],
  faults: FAULTS,
});
