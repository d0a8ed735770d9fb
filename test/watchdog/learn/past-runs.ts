import type { Run } from "../../../src/policy/index.ts";
import type { Past } from "../../../src/watchdog/learn/past.ts";

export const START = Date.UTC(2026, 8, 1);
const HOUR = 3_600_000;
export const TASK = "taskTaskTaskTask1";
export const ACTOR = "actorActorActor17";

/** A run of an hour that ended, the `at`-th of a history. */
export function past(
  at: number,
  usd: number | undefined,
  {
    stopped = false,
    lives = 1,
    verdict,
    ...of
  }: Partial<Run> & { stopped?: boolean; lives?: number; verdict?: Past["verdict"] } = {},
): Past {
  const startedAt = of.startedAt ?? new Date(START + at * HOUR);
  return {
    run: {
      id: `run${at}`,
      actorId: ACTOR,
      actorTaskId: TASK,
      status: stopped ? "ABORTED" : "SUCCEEDED",
      origin: "SCHEDULER",
      startedAt,
      finishedAt: new Date(startedAt.getTime() + HOUR),
      ...(usd !== undefined && { usageTotalMicroUsd: Math.round(usd * 1e6) }),
      ...of,
    },
    stopped,
    lives,
    ...(verdict && { verdict }),
  };
}

/** So many runs, whose costs go up and down the same way again and again: from 1 USD to `most`. */
export const steady = (n: number, most = 2): readonly Past[] =>
  Array.from({ length: n }, (_, i) => past(i, i === 3 ? most : 1 + ((i * 7) % 10) * ((most - 1) / 20)));
