import type { Runs, Users } from "../account/parts.ts";
import { type Actor, nameAt, type Task } from "../runs/actor.ts";
import { actorAt } from "../runs/run.ts";
import { buildsOf } from "./build.ts";
import { pricingInfo } from "./pricing.ts";
import { timestamp } from "./timestamp.ts";

const CREATED_MS = Date.UTC(2025, 10, 3, 9);
const MODIFIED_MS = Date.UTC(2026, 4, 20, 14);

/** `GET /v2/actors/{id}`. */
export function actorView({ owner, runs }: Users & Runs, actor: Actor, nowMs: number) {
  const own = runs.all().filter((run) => run.startedAtMs <= nowMs && actorAt(run, nowMs) === actor);
  const last = own.at(-1);
  return {
    id: actor.id,
    userId: actor.maker.id,
    name: nameAt(actor.shortName, nowMs),
    username: nameAt(actor.maker.username, nowMs),
    title: actor.title ?? nameAt(actor.shortName, nowMs),
    description: null,
    isPublic: actor.maker !== owner,
    actorPermissionLevel: "LIMITED_PERMISSIONS",
    createdAt: timestamp(CREATED_MS),
    modifiedAt: timestamp(MODIFIED_MS),
    stats: {
      totalBuilds: 23,
      totalRuns: own.length,
      totalUsers: 1,
      totalMetamorphs: 0,
      ...(last ? { lastRunStartedAt: timestamp(last.startedAtMs) } : {}),
    },
    versions: [{ versionNumber: "0.1", sourceType: "GIT_REPO", envVars: [], buildTag: "latest" }],
    pricingInfos: [pricingInfo(actor)],
    defaultRunOptions: { build: "latest", timeoutSecs: 3_600, memoryMbytes: 1_024, restartOnError: false },
    taggedBuilds: Object.fromEntries(
      Object.entries(buildsOf(actor)).map(([tag, buildNumber]) => [
        tag,
        { buildId: actor.buildId, buildNumber },
      ]),
    ),
  };
}

/** `GET /v2/actor-tasks/{id}`. */
export function taskView({ runs }: Runs, task: Task, nowMs: number) {
  const own = runs.all().filter((run) => run.task === task && run.startedAtMs <= nowMs);
  return {
    id: task.id,
    userId: task.user.id,
    actId: task.actor.id,
    name: nameAt(task.calledAs, nowMs),
    username: nameAt(task.user.username, nowMs),
    title: nameAt(task.calledAs, nowMs),
    createdAt: timestamp(CREATED_MS),
    modifiedAt: timestamp(MODIFIED_MS),
    stats: { totalRuns: own.length },
    options: { build: "latest", timeoutSecs: 3_600, memoryMbytes: 1_024 },
    input: { startUrls: [{ url: "https://example.com" }] },
  };
}

/** An item of `GET /v2/actors`: the basics, and not whose it is but for the name. */
export const shortActorView = ({ id, maker, shortName }: Actor, nowMs: number) => ({
  id,
  createdAt: timestamp(CREATED_MS),
  modifiedAt: timestamp(MODIFIED_MS),
  name: nameAt(shortName, nowMs),
  username: nameAt(maker.username, nowMs),
});

/** An item of `GET /v2/actor-tasks`. */
export const shortTaskView = ({ id, actor, user, calledAs }: Task, nowMs: number) => ({
  id,
  userId: user.id,
  actId: actor.id,
  actName: nameAt(actor.shortName, nowMs),
  name: nameAt(calledAs, nowMs),
  username: nameAt(user.username, nowMs),
  actUsername: nameAt(actor.maker.username, nowMs),
  createdAt: timestamp(CREATED_MS),
  modifiedAt: timestamp(MODIFIED_MS),
});
