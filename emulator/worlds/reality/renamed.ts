import { ACTORS, everydayRuns, HOUR, MINUTE, TASKS } from "../acme.ts";
import type { WorldFactory } from "../factory.ts";

/**
 * Minutes from the start:
 *
 *     10 a run turns into another Actor · 20 an Actor is renamed · 30 a task is · 40 the user is: acme is acme-inc
 *     50 an Actor is deleted · 60 a task is · 70 an Actor of the deleted one's name is made
 */
export const renamed: WorldFactory = (random) => ({
  name: "renamed",
  about:
    "Within 70 minutes a run turns into another Actor, Actors, a task and the user get new names, and some are deleted.",
  actors: ACTORS,
  tasks: TASKS,
  users: ["customer"],
  tokens: { customer: { user: "customer" } },
  runs: [
    {
      label: "metamorph",
      actor: "acme/pdf-reports",
      startsAfterMs: -10 * MINUTE,
      readyForMs: 0,
      cost: 12,
      metamorphs: [{ atMs: 10 * MINUTE, into: "acme/video-index" }],
    },
    {
      label: "shop",
      actor: "acme/shop-products",
      task: "shop-eu",
      startsAfterMs: -HOUR,
      readyForMs: 0,
      cost: 3,
    },
    {
      label: "news",
      actor: "acme/news-monitor",
      task: "news-hourly",
      startsAfterMs: -HOUR,
      readyForMs: 0,
      cost: 1,
    },
    { label: "archive", actor: "acme/nightly-archive", startsAfterMs: -HOUR, readyForMs: 0, cost: 1 },
    { label: "archive-again", actor: "acme/nightly-archive", startsAfterMs: 75 * MINUTE, cost: 1 },
    // Somebody else runs Acme's Actor and pays for it; the first is dear, and none of Acme's business.
    {
      label: "customers",
      actor: "acme/serp-tracker",
      user: "customer",
      startsAfterMs: -HOUR,
      readyForMs: 0,
      cost: 40,
    },
    { label: "own", actor: "acme/serp-tracker", startsAfterMs: -HOUR, readyForMs: 0, cost: 0.5 },
    ...everydayRuns(random, 12, 2 * HOUR),
  ],
  changes: [
    { kind: "rename-actor", atMs: 20 * MINUTE, actor: "acme/shop-products", to: "shop-catalogue" },
    { kind: "rename-task", atMs: 30 * MINUTE, task: "shop-eu", to: "shop-europe" },
    { kind: "rename-user", atMs: 40 * MINUTE, to: "acme-inc" },
    { kind: "delete-actor", atMs: 50 * MINUTE, actor: "acme/nightly-archive" },
    { kind: "delete-task", atMs: 60 * MINUTE, task: "news-hourly" },
    { kind: "create-actor", atMs: 70 * MINUTE, actor: { name: "acme/nightly-archive" } },
  ],
});
