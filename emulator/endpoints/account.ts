import type { Directory, Money, Runs, Settings, Users } from "../account/parts.ts";
import { actorView, taskView } from "../views/actor.ts";
import { limitsView, monthlyUsageView } from "../views/spending.ts";
import { userView } from "../views/user.ts";
import type { Ask } from "./ask.ts";
import { instant, jsonBody } from "./parameters.ts";
import { plain, type Reply, success } from "./reply.ts";
import { wantedActor, wantedTask } from "./wanted.ts";

/** `GET /v2/actors/{id or owner~name}`. */
export function getActor(ask: Ask, known: Directory & Runs): Reply {
  return success(actorView(known, wantedActor(ask, known), ask.nowMs));
}

/** `GET /v2/actor-tasks/{id or owner~name}`. */
export function getTask(ask: Ask, known: Directory & Runs): Reply {
  return success(taskView(known, wantedTask(ask, known), ask.nowMs));
}

/** `GET /v2/users/me`: includes the proxy password, as Apify does. */
export function getUser({ user, nowMs }: Ask, { owner, settings }: Users & Settings): Reply {
  return success(userView(user ?? owner, settings.maxMonthlyUsageUsd, nowMs));
}

/** `GET /v2/users/me/limits`. */
export function getLimits(ask: Ask, known: Directory & Runs & Money & Settings): Reply {
  return success(limitsView(known, ask.user ?? known.owner, ask.nowMs));
}

/** `PUT /v2/users/me/limits`: 201 and `{}`, as documented. */
export function putLimits(ask: Ask, { settings }: Settings): Reply {
  const given = jsonBody(ask);
  if (typeof given.maxMonthlyUsageUsd === "number") settings.maxMonthlyUsageUsd = given.maxMonthlyUsageUsd;
  if (typeof given.dataRetentionDays === "number") settings.dataRetentionDays = given.dataRetentionDays;
  return plain(201, "{}");
}

/** `GET /v2/users/me/usage/monthly?date=`: the cycle that the date falls in. */
export function getMonthlyUsage(ask: Ask, known: Users & Money): Reply {
  const ofMs = instant(ask, "date") ?? ask.nowMs;
  return success(monthlyUsageView(known, ask.user ?? known.owner, ask.nowMs, ofMs));
}
