import type { RunScript, World, WorldChange } from "../../../emulator/index.ts";
import type { Random } from "../random.ts";
import { randomRun } from "./runs.ts";

/** What else Apify's runs and accounts may be like, and what else the account's people do to it. */

const MINUTE = 60_000;

const OTHER_USER = "neighbour";

type Setting = (random: Random) => Partial<RunScript>;

const SETTINGS: Readonly<Record<string, Setting>> = {
  "charge capped": (random) => ({ maxTotalChargeUsd: random.pick([0.5, 1, 2, 5, 20]) }),
  "tells events": () => ({ tellsEventUsage: true }),
  restarts: (random) => ({ restartsEveryMs: random.pick([20, 60, 600]) * 1_000 }),
  restricted: () => ({ generalAccess: "RESTRICTED" }),
};

const withSettings = (random: Random, runs: readonly RunScript[]): readonly RunScript[] =>
  runs.map((run) =>
    random.chance(0.5)
      ? Object.assign({}, run, SETTINGS[random.pick(Object.keys(SETTINGS))]?.(random) ?? {})
      : run,
  );

/** Runs on this Apify that are not the account's. */
const othersRuns = (random: Random, activeMs: number): readonly RunScript[] =>
  Array.from({ length: random.int(0, 2) }, (_, index) => ({
    ...randomRun(random, activeMs),
    label: `neighbour's ${index}`,
    user: OTHER_USER,
  }));

/** Nobody starts a run of an Actor that is gone: it was started at the beginning. */
function startedInTime(runs: readonly RunScript[], changes: World["changes"] = []): readonly RunScript[] {
  const isGone = ({ actor, startsAfterMs = 0 }: RunScript): boolean =>
    changes.some(
      (each) => each.kind === "delete-actor" && each.actor === actor && each.atMs <= startsAfterMs,
    );
  return runs.map((run) => (isGone(run) ? { ...run, startsAfterMs: 0 } : run));
}

/** A task goes once none of its runs is to be started any more; an Actor comes, maybe under the name of one that went. */
function moreChanges(random: Random, activeMs: number, world: Named): readonly WorldChange[] {
  const { tasks = [], runs, changes = [] } = world;
  const [task] = tasks;
  const starts = runs.flatMap((run) => (run.task === task?.name ? [run.startsAfterMs ?? 0] : []));
  const goneMs = Math.max(random.int(MINUTE, activeMs), ...starts.map((ms) => ms + 1));
  const gone = changes.find((change) => change.kind === "delete-actor");
  const name = gone?.kind === "delete-actor" ? gone.actor : "acme/newcomer";
  const comesMs = Math.max(random.int(0, activeMs), (gone?.atMs ?? 0) + 1);
  const deletes: WorldChange = { kind: "delete-task", atMs: goneMs, task: task?.name ?? "" };
  const creates: WorldChange = { kind: "create-actor", atMs: comesMs, actor: { name } };
  return [
    ...(task && goneMs < activeMs && random.chance(0.5) ? [deletes] : []),
    ...(random.chance(0.5) ? [creates] : []),
  ];
}

type Named = Pick<World, "tasks" | "runs" | "changes">;

/** The world with more of what there is. */
export function withMore(random: Random, activeMs: number, world: World): World {
  const others = startedInTime(othersRuns(random, activeMs), world.changes);
  const runs = [...withSettings(random, world.runs), ...others];
  const spentUsd = random.chance(0.5) && { spentUsd: random.pick([0.3, 4, 40]) };
  const changes = [...(world.changes ?? []), ...moreChanges(random, activeMs, { ...world, runs })];
  return {
    ...world,
    users: [...(world.users ?? []), OTHER_USER],
    runs,
    ...spentUsd,
    ...(changes.length > 0 && { changes }),
  };
}
