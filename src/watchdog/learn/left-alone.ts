import { isStop, judgeRun, type MicroUsd, type Policy } from "../../policy/index.ts";
import type { Replayed } from "./looks.ts";
import { isHealthy } from "./past.ts";

/** A run that succeeded at a share of a limit from 80 % on, and was not stopped. */
export type NearMiss = { readonly runId: string; readonly ruleId: string; readonly share: number };

/** A run that ended badly, cost more than any success of its task or Actor, and that no rule would have stopped. */
export type Missed = { readonly runId: string; readonly status: string; readonly costMicroUsd: MicroUsd };

const NEAR = 0.8;
const MOST_NAMED = 50;

/** How near a run that was left alone came to a stop, by the rule that it came nearest to. */
export function nearest(
  policy: Policy,
  { run, actorName, taskName, scheduleName }: Replayed,
): NearMiss | undefined {
  const now = run.finishedAt ?? run.startedAt;
  const observation = {
    run: { ...run, status: "RUNNING" },
    observedAt: now,
    source: "list" as const,
    life: { number: 0, since: run.startedAt, looks: {} },
    ...(actorName !== undefined && { actorName }),
    ...(taskName !== undefined && { taskName }),
    ...(scheduleName !== undefined && { scheduleName }),
  };
  let found: NearMiss | undefined;
  for (const judgement of judgeRun(policy, observation, now)) {
    const [stop] = judgement.rule.steps.filter(isStop);
    if (judgement.applies !== "yes" || judgement.verdict.kind === "unknown" || stop === undefined) continue;
    const { measured, limit } = judgement.verdict.evidence;
    const share = measured / ((stop.at * limit) / 100);
    if (share >= NEAR && share > (found?.share ?? 0))
      found = { runId: run.id, ruleId: judgement.rule.id, share };
  }
  return found;
}

const groupOf = ({ run }: Replayed): string => run.actorTaskId ?? run.actorId;

/** It ended badly; or however it ended, a person said that it had to be stopped. */
const isBad = (each: Replayed): boolean => !isHealthy(each) && (each.verdict ?? "right") === "right";

export function missedAmong(runs: readonly Replayed[], stopped: ReadonlySet<string>): readonly Missed[] {
  const most = new Map<string, MicroUsd>();
  for (const each of runs)
    if (isHealthy(each))
      most.set(groupOf(each), Math.max(most.get(groupOf(each)) ?? 0, each.cost?.final ?? 0));
  return runs
    .flatMap((each) => {
      const { run, cost } = each;
      const isMissed = isBad(each) && !stopped.has(run.id) && cost !== undefined;
      return isMissed && cost.final > (most.get(groupOf(each)) ?? 0)
        ? [{ runId: run.id, status: run.status, costMicroUsd: cost.final }]
        : [];
    })
    .toSorted((a, b) => b.costMicroUsd - a.costMicroUsd)
    .slice(0, MOST_NAMED);
}
