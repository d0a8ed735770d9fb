import type { Directory, Runs } from "../account/parts.ts";
import { holdsAt } from "../ground/during.ts";
import type { Actor } from "../runs/actor.ts";
import { actorAt } from "../runs/run.ts";
import { shortActorView, shortTaskView } from "../views/actor.ts";
import type { Ask } from "./ask.ts";
import { amount, flag } from "./parameters.ts";
import { type Reply, success } from "./reply.ts";

/** "It will not return more than 1000 array elements", as documented. */
const MAX_LIMIT = 1_000;

/** A page of what is listed by offset, in the order of creation. */
export function paged<T>(ask: Ask, all: readonly T[], view: (each: T) => object): Reply {
  const offset = amount(ask, "offset") ?? 0;
  const limit = Math.min(amount(ask, "limit") || MAX_LIMIT, MAX_LIMIT);
  const desc = flag(ask, "desc");
  const items = (desc ? all.toReversed() : all).slice(offset, offset + limit).map(view);
  return success({ total: all.length, offset, limit, desc, count: items.length, items });
}

/** `GET /v2/actors`: "the list of all Actors that the user created or used"; with `my=1` those that he created. */
export function listActors(ask: Ask, { actors, runs, owner }: Directory & Runs): Reply {
  const { nowMs, user = owner } = ask;
  const used = new Set<Actor>();
  if (!flag(ask, "my")) {
    for (const run of runs.all())
      if (run.user === user && run.startedAtMs <= nowMs) used.add(actorAt(run, nowMs));
  }
  const own = actors.filter((each) => (each.maker === user || used.has(each)) && holdsAt(each.exists, nowMs));
  return paged(ask, own, (actor) => shortActorView(actor, nowMs));
}

/** `GET /v2/actor-tasks`: those of the user. */
export function listTasks(ask: Ask, { owner, tasks }: Directory): Reply {
  const { nowMs, user = owner } = ask;
  const own = tasks.filter((each) => each.user === user && holdsAt(each.exists, nowMs));
  return paged(ask, own, (task) => shortTaskView(task, nowMs));
}
