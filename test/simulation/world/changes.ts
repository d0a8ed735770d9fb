import type { DateSetting, RunScript, ScheduleSpec, World, WorldChange } from "../../../emulator/index.ts";
import type { Random } from "../random.ts";
import { randomRun } from "./runs.ts";

/** What the account's people do to it while it is watched: new names, deletions, another plan, schedules, and coming back. */

const MINUTE = 60_000;

type Named = Pick<World, "actors" | "tasks" | "runs">;

const shortName = (name: string): string => name.split("/")[1] ?? name;

/** An Actor can go once no run is to be started of it any more. */
const lastStartMs = (actor: string, { runs }: Named): number =>
  Math.max(0, ...runs.filter((run) => run.actor === actor).map(({ startsAfterMs = 0 }) => startsAfterMs)) + 1;

function randomChange(random: Random, activeMs: number, named: Named): readonly WorldChange[] {
  const atMs = random.int(MINUTE, activeMs);
  const actor = random.pick(named.actors).name;
  const [task] = named.tasks ?? [];
  const goneMs = Math.max(atMs, lastStartMs(actor, named));
  switch (random.pick(["name", "name", "task", "user", "gone", "prices"] as const)) {
    case "name":
      return [{ kind: "rename-actor", atMs, actor, to: `${shortName(actor)}-${random.pick(["v2", "old"])}` }];
    case "task":
      return task ? [{ kind: "rename-task", atMs, task: task.name, to: `${task.name}-v2` }] : [];
    case "user":
      return [{ kind: "rename-user", atMs, to: random.pick(["acme-inc", "apex"]) }];
    case "gone":
      return goneMs < activeMs ? [{ kind: "delete-actor", atMs: goneMs, actor }] : [];
    case "prices":
      return [{ kind: "prices", atMs, factor: random.pick([0.5, 0.8, 1.25]) }];
  }
}

export const randomChanges = (random: Random, activeMs: number, named: Named): readonly WorldChange[] =>
  Array.from({ length: random.pick([1, 1, 2, 3]) }, () => randomChange(random, activeMs, named)).flat();

/** What starts runs of its own accord, some faster than they end. */
export const randomSchedules = (random: Random, activeMs: number): readonly ScheduleSpec[] =>
  Array.from({ length: random.int(1, 2) }, (_, index): ScheduleSpec => {
    const { startsAfterMs: _now, origin: _own, ...script } = randomRun(random, activeMs);
    return {
      name: `schedule ${index}`,
      everyMs: random.int(3, 15) * MINUTE,
      starts: { ...script, label: `schedule ${index}` },
      fromMs: random.int(-10, 20) * MINUTE,
      untilMs: activeMs,
      ...(random.chance(0.5) && { isExclusive: true }),
    };
  });

/** Some runs are come back to, by whoever needs them: resurrected, or started again. */
export const withReturns = (random: Random, runs: readonly RunScript[]): readonly RunScript[] =>
  runs.map((run) => {
    const back = { afterMs: random.int(2_000, 3 * MINUTE), times: random.int(1, 3) };
    const how = random.pick(["never", "never", "resurrected", "retried"] as const);
    return how === "never" ? run : { ...run, [how]: back };
  });

/** Answers that do not show Apify's time, of one kind or of all. */
export const randomDates = (random: Random, activeMs: number): readonly DateSetting[] => {
  const fromMs = random.int(0, activeMs);
  return [
    {
      ...random.pick<Partial<DateSetting>>([{ as: "missing" }, { as: "unreadable" }, { ageSecs: 600 }]),
      ...(random.chance(0.5) && { match: { kind: random.pick(["list", "get", "user"]) } }),
      fromMs,
      untilMs: Math.min(activeMs, fromMs + random.int(1, 20) * MINUTE),
    },
  ];
};
