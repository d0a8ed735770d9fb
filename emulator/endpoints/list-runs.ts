import type { Directory, Runs } from "../account/parts.ts";
import type { Run } from "../runs/run.ts";
import { shownStatus } from "../runs/shown-status.ts";
import { sightOf } from "../runs/sight.ts";
import { changedFields } from "../views/fields.ts";
import { shortRun } from "../views/short-run.ts";
import { LIVE_STATUSES, RUN_STATUSES, type RunStatus } from "../world/script.ts";
import type { Ask } from "./ask.ts";
import { amount, flag, instant } from "./parameters.ts";
import { Refused, type Reply, type Shown, success, toldOf } from "./reply.ts";
import { family } from "./wanted.ts";

/** "It will not return more than 1000 array elements", as documented. */
const MAX_LIMIT = 1_000;

/** `GET …/runs`: of the account, an Actor or a task; ascending by `startedAt`, both date bounds inclusive. */
export function listRuns(ask: Ask, known: Directory & Runs): Reply {
  const offset = amount(ask, "offset") ?? 0;
  const limit = Math.min(amount(ask, "limit") || MAX_LIMIT, MAX_LIMIT);
  const desc = flag(ask, "desc");
  const matching = matches(ask, known);
  const { length: total } = matching;
  const from = desc ? Math.max(0, total - offset - limit) : offset;
  const page = matching.slice(from, desc ? Math.max(0, total - offset) : offset + limit);
  if (desc) page.reverse();
  const items = page.map((run) => {
    const sight = sightOf(run, ask.asOfMs, "list");
    return changedFields(shortRun(run, sight, ask.user), run, sight);
  });
  const shown: Record<string, Shown[string]> = {};
  for (const [index, run] of page.entries()) shown[run.id] = toldOf(items[index] ?? {});
  return success({ total, offset, limit, desc, count: items.length, items }, { shown });
}

function matches(ask: Ask, known: Directory & Runs): readonly Run[] {
  const statuses = wantedStatuses(ask, known);
  const after = instant(ask, "startedAfter") ?? Number.NEGATIVE_INFINITY;
  const before = Math.min(instant(ask, "startedBefore") ?? Number.POSITIVE_INFINITY, ask.asOfMs);
  const belongs = family(ask, known);
  const { runs } = known;
  const within = (run: Run) => run.startedAtMs >= after && run.startedAtMs <= before;
  const isWanted = (run: Run) => {
    const sight = sightOf(run, ask.asOfMs, "list");
    return run.startedAtMs <= sight.statusMs && (!statuses || statuses.has(shownStatus(run, sight) ?? ""));
  };
  // The hot paths: who watches live runs, or turns the pages of all, need not walk through all that ever ran.
  if (statuses && ask.asOfMs === ask.nowMs && [...statuses].every((status) => LIVE_STATUSES.has(status))) {
    return runs.perhapsLive(ask.nowMs).filter((run) => within(run) && belongs(run) && isWanted(run));
  }
  return runs.startedBetween(after, before).filter((run) => belongs(run) && isWanted(run));
}

function wantedStatuses(ask: Ask, { runs }: Runs): ReadonlySet<string> | undefined {
  const text = ask.query.get("status");
  if (!text) return undefined;
  const statuses = text.split(",").map((status) => status.trim());
  const isKnown = (status: string) =>
    RUN_STATUSES.includes(status as RunStatus) || runs.strangeStatuses.has(status);
  if (statuses.every(isKnown)) return new Set(statuses);
  throw new Refused(400, "invalid-request", "Status parameter has an invalid value");
}
