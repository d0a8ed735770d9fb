import { type Ask, instant, isOwner, jsonBody, wantedActor, wantedTask } from "../ask.ts";
import { plain, type Reply, success } from "../reply.ts";
import { actorView, taskView } from "../views/actor.ts";
import { limitsView, monthlyUsageView } from "../views/spending.ts";
import { userView } from "../views/user.ts";

/** `GET /v2/actors/{id or owner~name}`. */
export function getActor(ask: Ask): Reply {
  return success(actorView(ask.platform, wantedActor(ask), ask.nowMs));
}

/** `GET /v2/actor-tasks/{id or owner~name}`. */
export function getTask(ask: Ask): Reply {
  return success(taskView(ask.platform, wantedTask(ask), ask.nowMs));
}

/** `GET /v2/users/me`: includes the proxy password, as Apify does. */
export function getUser(ask: Ask): Reply {
  const { owner, settings } = ask.platform;
  return success(userView(ask.user ?? owner, settings.maxMonthlyUsageUsd));
}

/** `GET /v2/users/me/limits`. */
export function getLimits(ask: Ask): Reply {
  return success(limitsView(ask.platform, isOwner(ask), ask.nowMs));
}

/** `PUT /v2/users/me/limits`: 201 and `{}`, as documented. */
export function putLimits(ask: Ask): Reply {
  const { settings } = ask.platform;
  const given = jsonBody(ask);
  if (typeof given.maxMonthlyUsageUsd === "number") settings.maxMonthlyUsageUsd = given.maxMonthlyUsageUsd;
  if (typeof given.dataRetentionDays === "number") settings.dataRetentionDays = given.dataRetentionDays;
  return plain(201, "{}");
}

/** `GET /v2/users/me/usage/monthly?date=`: the cycle that the date falls in. */
export function getMonthlyUsage(ask: Ask): Reply {
  const ofMs = instant(ask, "date") ?? ask.nowMs;
  return success(monthlyUsageView(ask.platform, isOwner(ask), ask.nowMs, ofMs));
}
